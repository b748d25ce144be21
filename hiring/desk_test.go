package hiring_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

func newService(d *store.DB, now time.Time) *hiring.Service {
	clock := func() time.Time { return now }
	client := db.NewClient(db.Driver(d.Driver()))
	client.Intercept(access.Guard())
	return &hiring.Service{Store: d, DB: client, Now: clock, IDs: gid.NewGenerator(clock, nil)}
}

func eachDesk(t *testing.T, fn func(t *testing.T, d *desk)) {
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
		id := d.id(gid.Member)
		create := d.DB.Member.Create().SetID(id).SetName(name).SetEmail(name + "@example.org").
			SetRoles([]string{string(role)}).SetCreatedAt(d.now).SetUpdatedAt(d.now)
		if name == "left" {
			create.SetDeactivatedAt(d.now)
		}
		d.must(create.Exec(ctx))
		d.members[name] = id
		d.people[name] = access.WithViewer(context.Background(), &access.Viewer{Member: id, Roles: []access.Role{role}})
	}
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
	person, err := d.CreateCandidate(d.as("recruiter"), hiring.CreateCandidateInput{Name: "Ada"})
	d.must(err)
	id, err := d.CreateApplication(d.as("recruiter"), hiring.CreateApplicationInput{CandidateID: person, OpeningID: o.ID})
	d.must(err)
	_, err = d.HireApplication(d.as("recruiter"), hiring.HireApplicationInput{
		ApplicationID: id, ExpectedVersion: 1, WithoutOfferReason: to("signed on paper"),
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
	return fmt.Sprintf("%s by %s of %s, %s", last.Action, last.Edges.Actor.Name, last.SubjectID.Kind().Noun(), events[len(events)-1].Type)
}

// everything is all that the use cases of openings, seats and candidates write,
// row by row.
func (d *desk) everything() string {
	d.t.Helper()
	var b strings.Builder
	for _, table := range []string{
		"openings", opening.AllowedLevelsTable, opening.LocationsTable, "stages", "seats", "hiring_team_members",
		"candidates", "candidate_contacts", "candidate_merges", "applications", "notes", "external_references",
		"audit_entries", "events",
	} {
		rows, err := d.Store.SQL().Query("SELECT * FROM " + table + " ORDER BY 1, 2")
		d.must(err)
		columns, err := rows.Columns()
		d.must(err)
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		for rows.Next() {
			d.must(rows.Scan(into...))
			fmt.Fprintln(&b, table, values)
		}
		d.must(rows.Err())
		d.must(rows.Close())
	}
	return b.String()
}

// refuses runs what must be refused and leave no trace.
func (d *desk) refuses(t *testing.T, all ...refusal) {
	t.Helper()
	for _, r := range all {
		t.Run(r.rule, func(t *testing.T) {
			defer func(outer testing.TB) { d.t = outer }(d.t)
			d.t = t
			before := d.everything()
			err := r.do()
			if got := refused(err); got != r.want {
				t.Errorf("got %q (%v), want %q", got, err, r.want)
			}
			if diff := cmp.Diff(before, d.everything()); diff != "" {
				t.Errorf("the database changed: %s", diff)
			}
		})
	}
}
