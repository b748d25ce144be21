package hiring_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/event"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/seat"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// desk is where recruiters prepare openings and record candidates: a company
// with the built-in content, a department, two locations, and people of each
// role. Its clock stands still unless a test moves it.
type desk struct {
	*hiring.Service
	t          testing.TB
	now        time.Time
	people     map[string]context.Context // who asks: admin, recruiter, colleague, manager, interviewer, analyst
	members    map[string]gid.ID          // they, and "left", who has left the company
	levels     map[string]gid.ID          // by key; "designer" is of another ladder
	department gid.ID
	berlin     gid.ID
	lisbon     gid.ID
}

// stocked is a database with the built-in content.
var stocked = testdb.Template{Name: "builtin", Prepare: func(ctx context.Context, d *store.DB) error {
	if _, err := store.Migrate(ctx, d); err != nil {
		return err
	}
	return newService(d, dayOf(0)).InstallBuiltin(ctx)
}}

// TestMain has more tests run at a time than there are processors: they wait for
// their databases to be made and dropped most of the time. Whoever says -parallel
// has it their way.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func newService(d *store.DB, now time.Time) *hiring.Service {
	clock := func() time.Time { return now }
	client := hiring.NewClient(d)
	return &hiring.Service{Store: d, DB: client, Now: clock, IDs: gid.NewGenerator(clock, nil)}
}

func dayOf(n float64) time.Time {
	return time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(n * 24 * float64(time.Hour)))
}

func to[T any](value T) *T { return &value }

// eachDesk runs fn at a desk of each engine, while other tests go on; a test asks
// for it once.
func eachDesk(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Parallel()
	testdb.EachFrom(t, stocked, func(t *testing.T, s *store.DB) { fn(t, newDesk(t, s)) })
}

func newDesk(t testing.TB, s *store.DB) *desk {
	d := &desk{
		Service: newService(s, dayOf(100)), t: t, now: dayOf(100),
		people: map[string]context.Context{}, members: map[string]gid.ID{}, levels: map[string]gid.ID{},
	}
	d.Now = func() time.Time { return d.now }
	ctx := d.system()
	for name, role := range map[string]access.Role{
		"admin": access.Admin, "recruiter": access.Recruiter, "colleague": access.Recruiter,
		"manager": access.HiringManager, "interviewer": access.Interviewer, "analyst": access.Analyst, "left": access.Interviewer,
	} {
		d.join(name, role)
	}
	d.must(d.DB.Member.UpdateOneID(d.members["left"]).SetDeactivatedAt(d.now).Exec(ctx))
	d.department = d.id(gid.Department)
	d.must(d.DB.Department.Create().SetID(d.department).SetName("Engineering").SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	for name, id := range map[string]*gid.ID{"Berlin": &d.berlin, "Lisbon": &d.lisbon} {
		*id = d.id(gid.Location)
		d.must(d.DB.Location.Create().SetID(*id).SetName(name).SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	}
	design := d.id(gid.Ladder)
	d.must(d.DB.Ladder.Create().SetID(design).SetKey("design").SetName("Design").SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	d.must(d.DB.Level.Create().SetID(d.id(gid.Level)).SetLadderID(design).SetKey("designer").SetName("Designer").SetRank(1).
		SetExternalEquivalents(nil).SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	levels, err := d.DB.Level.Query().All(ctx)
	d.must(err)
	for _, l := range levels {
		d.levels[l.Key] = l.ID
	}
	return d
}

func (d *desk) system() context.Context { return access.System(context.Background()) }

// as is who asks; nobody when there is none of that name.
func (d *desk) as(who string) context.Context {
	if ctx, ok := d.people[who]; ok {
		return ctx
	}
	return context.Background()
}

func (d *desk) id(kind gid.Kind) gid.ID { return d.IDs.New(kind) }

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// join is the person of this name, who joins the company in these roles when
// nobody has it yet.
func (d *desk) join(name string, roles ...access.Role) gid.ID {
	d.t.Helper()
	if id, known := d.members[name]; known {
		return id
	}
	id := d.id(gid.Member)
	texts := make([]string, len(roles))
	for i, r := range roles {
		texts[i] = string(r)
	}
	d.must(d.DB.Member.Create().SetID(id).SetName(name).SetEmail(name + "@example.org").SetRoles(texts).
		SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
	d.members[name] = id
	d.people[name] = access.WithViewer(context.Background(), &access.Viewer{Member: id, Roles: roles})
	return id
}

// draft makes an opening for one or more managers of engineers.
func (d *desk) draft(seats int) *db.Opening {
	d.t.Helper()
	id, err := d.CreateOpening(d.as("recruiter"), hiring.CreateOpeningInput{
		Title: "Engineering Manager", TargetLevelID: to(d.levels["em"]), SeatCount: &seats,
		HiringTeam: []*hiring.HiringTeamMemberInput{{MemberID: d.members["manager"], Role: hiringteammember.RoleHIRING_MANAGER}},
	})
	d.must(err)
	return d.opening(id)
}

// open makes an opening that takes applications.
func (d *desk) open(seats int) *db.Opening {
	d.t.Helper()
	o := d.draft(seats)
	_, err := d.OpenOpening(d.as("recruiter"), hiring.OpenOpeningInput{OpeningID: o.ID, ExpectedVersion: o.Version})
	d.must(err)
	return d.opening(o.ID)
}

func (d *desk) opening(id gid.ID) *db.Opening {
	d.t.Helper()
	o, err := d.DB.Opening.Get(d.system(), id)
	d.must(err)
	return o
}

func (d *desk) candidate(id gid.ID) *db.Candidate {
	d.t.Helper()
	c, err := d.DB.Candidate.Get(d.system(), id)
	d.must(err)
	return c
}

func (d *desk) seats(openingID gid.ID) []*db.Seat {
	d.t.Helper()
	seats, err := d.DB.Seat.Query().Where(seat.OpeningID(openingID)).Order(seat.ByNumber()).All(d.system())
	d.must(err)
	return seats
}

// newCandidate is somebody of whom nothing is known but a name.
func (d *desk) newCandidate() gid.ID {
	d.t.Helper()
	id, err := d.CreateCandidate(d.as("recruiter"), hiring.CreateCandidateInput{Name: "Ada"})
	d.must(err)
	return id
}

// applicant has a new candidate apply, on day 90 unless the test says otherwise.
func (d *desk) applicant(openingID gid.ID, with ...func(*hiring.CreateApplicationInput)) *db.Application {
	d.t.Helper()
	in := hiring.CreateApplicationInput{CandidateID: d.newCandidate(), OpeningID: openingID, AppliedAt: to(dayOf(90))}
	for _, change := range with {
		change(&in)
	}
	id, err := d.CreateApplication(d.as("recruiter"), in)
	d.must(err)
	return d.application(id)
}

func (d *desk) application(id gid.ID) *db.Application {
	d.t.Helper()
	a, err := d.DB.Application.Get(d.system(), id)
	d.must(err)
	return a
}

// seatLine tells the seats in a line: "1:FILLED 2:OPEN".
func (d *desk) seatLine(openingID gid.ID) string {
	var words []string
	for _, s := range d.seats(openingID) {
		words = append(words, fmt.Sprintf("%d:%s", s.Number, s.Status))
	}
	return strings.Join(words, " ")
}

// secret is a private candidate who applied to a team that the recruiter is not
// in: administrators and that team see them.
func (d *desk) secret(in hiring.CreateCandidateInput) gid.ID {
	d.t.Helper()
	in.IsPrivate = to(true)
	id, err := d.CreateCandidate(d.as("admin"), in)
	d.must(err)
	_, err = d.CreateApplication(d.as("admin"), hiring.CreateApplicationInput{CandidateID: id, OpeningID: d.open(1).ID})
	d.must(err)
	return id
}

// fill has a new candidate hired into the opening's first open seat.
func (d *desk) fill(o *db.Opening) {
	d.t.Helper()
	_, err := d.HireApplication(d.as("recruiter"), hiring.HireApplicationInput{
		ApplicationID: d.applicant(o.ID).ID, ExpectedVersion: 1, WithoutOfferReason: to("signed on paper"),
	})
	d.must(err)
}

// setOpening puts an opening into a state as if it had come there.
func (d *desk) setOpening(o *db.Opening, status opening.Status) {
	d.t.Helper()
	d.must(d.DB.Opening.UpdateOneID(o.ID).SetStatus(status).Exec(d.system()))
}

// traces tells the last audit entry and the last event in a line:
// "openOpening by recruiter of opening, opening.opened".
func (d *desk) traces() string {
	d.t.Helper()
	entry, err := d.DB.AuditEntry.Query().Order(auditentry.ByRecordedAt(), auditentry.ByID()).WithActor().All(d.system())
	d.must(err)
	last := entry[len(entry)-1]
	events, err := d.DB.Event.Query().Order(event.ByID()).All(d.system())
	d.must(err)
	actor, subject := "the program", "nothing"
	if last.ActorID != nil {
		actor = last.Edges.Actor.Name
	}
	if last.SubjectID != nil {
		subject = last.SubjectID.Kind().Noun()
	}
	return fmt.Sprintf("%s by %s of %s, %s", last.Action, actor, subject, events[len(events)-1].Type)
}

// atOnce runs all that it is given at the same time, and tells how each ended.
func atOnce(all ...func() error) []error {
	errs := make([]error, len(all))
	start := make(chan struct{})
	var running sync.WaitGroup
	for i, do := range all {
		running.Go(func() {
			<-start
			errs[i] = do()
		})
	}
	close(start)
	running.Wait()
	return errs
}

// times is the same thing to do n times; do is told which one it is.
func times(n int, do func(i int) error) []func() error {
	all := make([]func() error, n)
	for i := range all {
		all[i] = func() error { return do(i) }
	}
	return all
}

// tally counts how things ended: "<nil>", or as refused tells it.
func tally(errs []error) map[string]int {
	counts := map[string]int{}
	for _, err := range errs {
		counts[refused(err)]++
	}
	return counts
}
