package hiring_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/event"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/seat"
	"hireloop/ent/db/source"
	"hireloop/ent/db/stage"
	"hireloop/ent/db/stageevent"
	"hireloop/ent/db/visit"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// office is a small company to move applications in: one opening with the
// stages Applied, Screen, Onsite, Offer, Hired, and people of each role. Its
// clock stands at day 100 and is moved by the tests.
type office struct {
	*hiring.Service
	t       testing.TB
	now     time.Time
	opening *db.Opening
	stages  []*db.Stage
	people  map[string]context.Context // who asks: recruiter, manager, stranger, interviewer, analyst
	members map[string]gid.ID
	source  gid.ID
	reasons map[rejectionreason.Initiator]gid.ID
	levels  map[string]gid.ID
}

func dayOf(n float64) time.Time {
	return time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(n * 24 * float64(time.Hour)))
}

func eachOffice(t *testing.T, fn func(t *testing.T, o *office)) {
	testdb.Each(t, func(t *testing.T, d *store.DB) { fn(t, newOffice(t, d)) })
}

func newOffice(t testing.TB, d *store.DB) *office {
	o := &office{
		t: t, now: dayOf(100),
		people: map[string]context.Context{}, members: map[string]gid.ID{},
		reasons: map[rejectionreason.Initiator]gid.ID{}, levels: map[string]gid.ID{},
	}
	client := db.NewClient(db.Driver(d.Driver()))
	client.Intercept(access.Guard())
	o.Service = &hiring.Service{
		Store: d, DB: client, Now: func() time.Time { return o.now },
		IDs: gid.NewGenerator(func() time.Time { return o.now }, nil),
	}
	ctx := o.system()
	for name, role := range map[string]access.Role{
		"recruiter": access.Recruiter, "manager": access.HiringManager, "stranger": access.HiringManager,
		"interviewer": access.Interviewer, "analyst": access.Analyst,
	} {
		id := o.id(gid.Member)
		o.must(o.DB.Member.Create().SetID(id).SetName(name).SetEmail(name + "@example.org").
			SetRoles([]string{string(role)}).SetCreatedAt(o.now).SetUpdatedAt(o.now).Exec(ctx))
		o.members[name] = id
		o.people[name] = access.WithViewer(context.Background(), &access.Viewer{Member: id, Roles: []access.Role{role}})
	}
	ladder := o.id(gid.Ladder)
	o.must(o.DB.Ladder.Create().SetID(ladder).SetKey("em").SetName("Management").
		SetCreatedAt(o.now).SetUpdatedAt(o.now).Exec(ctx))
	for rank, key := range []string{"em", "senior_em"} {
		o.levels[key] = o.id(gid.Level)
		o.must(o.DB.Level.Create().SetID(o.levels[key]).SetLadderID(ladder).SetKey(key).SetName(key).SetRank(rank).
			SetExternalEquivalents(nil).SetCreatedAt(o.now).SetUpdatedAt(o.now).Exec(ctx))
	}
	o.source = o.id(gid.Source)
	o.must(o.DB.Source.Create().SetID(o.source).SetName("Referral").SetKind(source.KindREFERRAL).
		SetCreatedAt(o.now).SetUpdatedAt(o.now).Exec(ctx))
	for by, name := range map[rejectionreason.Initiator]string{
		rejectionreason.InitiatorUS: "Not enough experience", rejectionreason.InitiatorTHEM: "Other offer",
		rejectionreason.InitiatorOTHER: "Transferred",
	} {
		o.reasons[by] = o.id(gid.RejectionReason)
		o.must(o.DB.RejectionReason.Create().SetID(o.reasons[by]).SetName(name).SetInitiator(by).
			SetCreatedAt(o.now).SetUpdatedAt(o.now).Exec(ctx))
	}
	o.opening, o.stages = o.newOpening(opening.StatusOPEN, 2)
	o.must(o.DB.Opening.UpdateOne(o.opening).AddAllowedLevelIDs(o.levels["em"]).Exec(ctx))
	return o
}

// newOpening has the usual stages and so many open seats; the manager leads it.
func (o *office) newOpening(status opening.Status, seats int) (*db.Opening, []*db.Stage) {
	ctx := o.system()
	one, err := o.DB.Opening.Create().SetID(o.id(gid.Opening)).SetTitle("Engineering Manager").SetStatus(status).
		SetOpenedAt(dayOf(0)).SetCreatedAt(o.now).SetUpdatedAt(o.now).Save(ctx)
	o.must(err)
	o.must(o.DB.HiringTeamMember.Create().SetID(o.id(gid.HiringTeamMember)).SetOpeningID(one.ID).
		SetMemberID(o.members["manager"]).SetRole(hiringteammember.RoleHIRING_MANAGER).Exec(ctx))
	var stages []*db.Stage
	for i, kind := range []stage.Kind{stage.KindAPPLIED, stage.KindSCREEN, stage.KindINTERVIEW, stage.KindOFFER, stage.KindHIRED} {
		st, err := o.DB.Stage.Create().SetID(o.id(gid.Stage)).SetOpeningID(one.ID).
			SetPosition(i).SetName(string(kind)).SetKind(kind).Save(ctx)
		o.must(err)
		stages = append(stages, st)
	}
	for n := range seats {
		o.must(o.DB.Seat.Create().SetID(o.id(gid.Seat)).SetOpeningID(one.ID).SetNumber(n + 1).
			SetStatus(seat.StatusOPEN).SetOpenedAt(dayOf(0)).SetCreatedAt(o.now).SetUpdatedAt(o.now).Exec(ctx))
	}
	return one, stages
}

func (o *office) system() context.Context { return access.System(context.Background()) }

// as is who asks; nobody when there is none of that name.
func (o *office) as(who string) context.Context {
	if ctx, ok := o.people[who]; ok {
		return ctx
	}
	return context.Background()
}

func (o *office) id(kind gid.Kind) gid.ID { return o.IDs.New(kind) }

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) newCandidate() gid.ID {
	id := o.id(gid.Candidate)
	o.must(o.DB.Candidate.Create().SetID(id).SetName("Ada").SetLinks(nil).SetTags(nil).
		SetCreatedAt(o.now).SetUpdatedAt(o.now).Exec(o.system()))
	return id
}

// apply has a new candidate apply on day 10, to begin in this stage.
func (o *office) apply(stageIndex int) *db.Application {
	o.t.Helper()
	return o.applyFor(o.opening, o.stages[stageIndex])
}

func (o *office) applyFor(to *db.Opening, first *db.Stage) *db.Application {
	o.t.Helper()
	at := dayOf(10)
	id, err := o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{
		CandidateID: o.newCandidate(), OpeningID: to.ID, StageID: &first.ID, AppliedAt: &at,
	})
	o.must(err)
	return o.read(id)
}

func (o *office) read(id gid.ID) *db.Application {
	o.t.Helper()
	a, err := o.DB.Application.Get(o.system(), id)
	o.must(err)
	return a
}

// bring takes a new application from the screen to a state.
func (o *office) bring(to application.Status) *db.Application {
	o.t.Helper()
	a := o.apply(1)
	var err error
	switch to {
	case application.StatusREJECTED:
		_, err = o.RejectApplication(o.as("recruiter"), hiring.RejectApplicationInput{
			ApplicationID: a.ID, ExpectedVersion: 1, ReasonID: o.reasons[rejectionreason.InitiatorUS]})
	case application.StatusWITHDRAWN:
		_, err = o.WithdrawApplication(o.as("recruiter"), hiring.WithdrawApplicationInput{ApplicationID: a.ID, ExpectedVersion: 1})
	case application.StatusHIRED:
		_, err = o.HireApplication(o.as("recruiter"), o.hire(a))
	}
	o.must(err)
	return o.read(a.ID)
}

func (o *office) hire(a *db.Application) hiring.HireApplicationInput {
	why := "signed on paper"
	return hiring.HireApplicationInput{ApplicationID: a.ID, ExpectedVersion: a.Version, WithoutOfferReason: &why}
}

func (o *office) setOpening(status opening.Status) {
	o.must(o.DB.Opening.UpdateOneID(o.opening.ID).SetStatus(status).Exec(o.system()))
}

// tell writes an application's visits in a line: "APPLIED[10-12 ADVANCED] INTERVIEW[12-… skipped SCREEN] ACTIVE v2".
func (o *office) tell(id gid.ID) string {
	o.t.Helper()
	a, err := o.DB.Application.Query().Where(application.ID(id)).WithStage().Only(o.system())
	o.must(err)
	visits, err := o.DB.Visit.Query().Where(visit.ApplicationID(id)).Order(visit.BySequence()).WithStage().All(o.system())
	o.must(err)
	day := func(t time.Time) string { return fmt.Sprint(t.Sub(dayOf(0)).Hours() / 24) }
	var words []string
	for _, v := range visits {
		end := "…"
		if v.ExitedAt != nil {
			end = day(*v.ExitedAt) + " " + string(*v.Outcome)
		}
		for _, s := range v.SkippedStageIds {
			st, err := o.DB.Stage.Get(o.system(), s)
			o.must(err)
			end += " skipped " + st.Name
		}
		words = append(words, fmt.Sprintf("%s[%s-%s]", v.Edges.Stage.Name, day(v.EnteredAt), end))
	}
	return fmt.Sprintf("%s %s v%d", strings.Join(words, " "), a.Status, a.Version)
}

// happened lists the types of the last n events of the feed.
func (o *office) happened(n int) []string {
	o.t.Helper()
	all, err := o.DB.Event.Query().Order(event.ByID()).All(o.system())
	o.must(err)
	var types []string
	for _, e := range all[max(0, len(all)-n):] {
		types = append(types, e.Type)
	}
	return types
}

// everything is all that the use cases write, row by row.
func (o *office) everything() string {
	o.t.Helper()
	var b strings.Builder
	for _, table := range []string{"openings", "seats", "applications", "stage_events", "visits", "audit_entries", "events"} {
		rows, err := o.Store.SQL().Query("SELECT * FROM " + table + " ORDER BY 1")
		o.must(err)
		columns, err := rows.Columns()
		o.must(err)
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		for rows.Next() {
			o.must(rows.Scan(into...))
			fmt.Fprintln(&b, table, values)
		}
		o.must(rows.Err())
		o.must(rows.Close())
	}
	return b.String()
}

// refused tells a refusal as "CODE at path".
func refused(err error) string {
	var told []string
	for _, e := range fault.All(err) {
		told = append(told, fmt.Sprintf("%s at %s", e.Code, strings.Join(e.Path, ".")))
	}
	if told == nil {
		return fmt.Sprint(err)
	}
	return strings.Join(told, ", ")
}

// refusal is one thing that must be refused and leave no trace.
type refusal struct {
	rule string
	want string // "CODE at path, …"
	do   func() error
}

func (o *office) refuses(t *testing.T, all ...refusal) {
	t.Helper()
	for _, r := range all {
		t.Run(r.rule, func(t *testing.T) {
			defer func(outer testing.TB) { o.t = outer }(o.t)
			o.t = t
			before := o.everything()
			err := r.do()
			if got := refused(err); got != r.want {
				t.Errorf("got %q (%v), want %q", got, err, r.want)
			}
			if diff := cmp.Diff(before, o.everything()); diff != "" {
				t.Errorf("the database changed: %s", diff)
			}
		})
	}
}

func to[T any](value T) *T { return &value }

func TestCreateApplication(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		candidate := o.newCandidate()
		_, err := o.CreateApplication(o.as("manager"), hiring.CreateApplicationInput{
			CandidateID: candidate, OpeningID: o.opening.ID, SourceID: &o.source,
			CreditedMemberID: to(o.members["interviewer"]), AppliedLevelID: to(o.levels["em"]), AppliedAt: to(dayOf(90)),
		})
		// A manager does not see candidates that have not applied to them.
		if got, want := refused(err), "NOT_FOUND at candidateId"; got != want {
			t.Fatalf("manager: got %q, want %q", got, want)
		}
		id, err := o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{
			CandidateID: candidate, OpeningID: o.opening.ID, SourceID: &o.source,
			CreditedMemberID: to(o.members["interviewer"]), AppliedLevelID: to(o.levels["em"]), AppliedAt: to(dayOf(90)),
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := o.tell(id), "APPLIED[90-…] ACTIVE v1"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		a := o.read(id)
		if a.CandidateID != candidate || *a.SourceID != o.source || *a.CreditedMemberID != o.members["interviewer"] ||
			*a.AppliedLevelID != o.levels["em"] || !a.AppliedAt.Equal(dayOf(90)) || !a.CreatedAt.Equal(o.now) {
			t.Errorf("stored %v", a)
		}
		log, err := o.DB.StageEvent.Query().Where(stageevent.ApplicationID(id)).Only(o.system())
		o.must(err)
		if log.Kind != stageevent.KindENTER || log.Sequence != 1 || !log.OccurredAt.Equal(dayOf(90)) ||
			!log.RecordedAt.Equal(o.now) || *log.ActorID != o.members["recruiter"] {
			t.Errorf("logged %v", log)
		}
		if diff := cmp.Diff([]string{"application.created"}, o.happened(1)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCreateApplicationBeginsIn(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		begin := func(on gid.ID, named *gid.ID) (stage.Kind, error) {
			id, err := o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{
				CandidateID: o.newCandidate(), OpeningID: on, StageID: named,
			})
			if err != nil {
				return "", err
			}
			st, err := o.read(id).QueryStage().Only(o.system())
			return st.Kind, err
		}
		led, ledStages := o.newOpening(opening.StatusOPEN, 1)
		o.must(o.DB.Stage.UpdateOne(ledStages[0]).SetKind(stage.KindLEAD).Exec(o.system()))
		mixed, mixedStages := o.newOpening(opening.StatusOPEN, 1)
		o.must(o.DB.Stage.UpdateOne(mixedStages[0]).SetKind(stage.KindLEAD).Exec(o.system()))
		o.must(o.DB.Stage.UpdateOne(mixedStages[1]).SetKind(stage.KindAPPLIED).Exec(o.system()))
		for rule, c := range map[string]struct {
			opening gid.ID
			named   *gid.ID
			want    stage.Kind
		}{
			"the first stage of kind APPLIED":   {mixed.ID, nil, stage.KindAPPLIED},
			"else the first":                    {led.ID, nil, stage.KindLEAD},
			"a sourced one where they say":      {o.opening.ID, &o.stages[2].ID, stage.KindINTERVIEW},
			"where they say, though it is LEAD": {mixed.ID, &mixedStages[0].ID, stage.KindLEAD},
		} {
			t.Run(rule, func(t *testing.T) {
				if got, err := begin(c.opening, c.named); got != c.want || err != nil {
					t.Errorf("began in %s (%v), want %s", got, err, c.want)
				}
			})
		}
	})
}

func TestCreateApplicationRefuses(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		create := func(who string, change func(*hiring.CreateApplicationInput)) func() error {
			in := hiring.CreateApplicationInput{CandidateID: o.newCandidate(), OpeningID: o.opening.ID}
			change(&in)
			return func() error {
				_, err := o.CreateApplication(o.as(who), in)
				return err
			}
		}
		draft, _ := o.newOpening(opening.StatusDRAFT, 1)
		paused, _ := o.newOpening(opening.StatusPAUSED, 1)
		other, otherStages := o.newOpening(opening.StatusOPEN, 1)
		empty, emptyStages := o.newOpening(opening.StatusOPEN, 1)
		for _, st := range emptyStages {
			o.must(o.DB.Stage.DeleteOne(st).Exec(o.system()))
		}
		secret, _ := o.newOpening(opening.StatusOPEN, 1)
		o.must(o.DB.Opening.UpdateOne(secret).SetIsConfidential(true).Exec(o.system()))
		there := o.apply(0)
		merged, survivor := o.newCandidate(), o.newCandidate()
		o.must(o.DB.Candidate.UpdateOneID(merged).SetMergedIntoID(survivor).Exec(o.system()))

		type in = *hiring.CreateApplicationInput
		o.refuses(t,
			refusal{"an unknown opening", "NOT_FOUND at openingId", create("recruiter", func(c in) { c.OpeningID = o.id(gid.Opening) })},
			refusal{"an id of another kind", "NOT_FOUND at openingId", create("recruiter", func(c in) { c.OpeningID = c.CandidateID })},
			refusal{"an opening that they do not see", "NOT_FOUND at openingId", create("recruiter", func(c in) { c.OpeningID = secret.ID })},
			refusal{"the manager of other openings", "NOT_FOUND at openingId", create("stranger", func(in) {})},
			refusal{"an analyst, who sees the opening", "FORBIDDEN at ", create("analyst", func(in) {})},
			refusal{"nobody", "FORBIDDEN at ", create("", func(in) {})},
			refusal{"an unknown candidate", "NOT_FOUND at candidateId", create("recruiter", func(c in) { c.CandidateID = o.id(gid.Candidate) })},
			refusal{"a candidate who is another", "CONFLICT at candidateId", create("recruiter", func(c in) { c.CandidateID = merged })},
			refusal{"a second application", "DUPLICATE at openingId", create("recruiter", func(c in) { c.CandidateID = there.CandidateID })},
			refusal{"an unknown source", "NOT_FOUND at sourceId", create("recruiter", func(c in) { c.SourceID = to(o.id(gid.Source)) })},
			refusal{"an unknown member", "NOT_FOUND at creditedMemberId", create("recruiter", func(c in) { c.CreditedMemberID = to(o.id(gid.Member)) })},
			refusal{"a level that is not allowed", "INVALID at appliedLevelId", create("recruiter", func(c in) { c.AppliedLevelID = to(o.levels["senior_em"]) })},
			refusal{"a level that is none", "NOT_FOUND at appliedLevelId", create("recruiter", func(c in) { c.AppliedLevelID = &o.source })},
			refusal{"a stage of another opening", "NOT_FOUND at stageId", create("recruiter", func(c in) { c.StageID = &otherStages[0].ID })},
			refusal{"the stage of the hired", "INVALID_TRANSITION at stageId", create("recruiter", func(c in) { c.StageID = &o.stages[4].ID })},
			refusal{"an opening without stages", "INVALID_TRANSITION at openingId", create("recruiter", func(c in) { c.OpeningID = empty.ID })},
			refusal{"a draft", "INVALID_TRANSITION at openingId", create("recruiter", func(c in) { c.OpeningID = draft.ID })},
			refusal{"a paused opening", "INVALID_TRANSITION at openingId", create("recruiter", func(c in) { c.OpeningID = paused.ID })},
			refusal{"tomorrow", "INVALID at appliedAt", create("recruiter", func(c in) { c.AppliedAt = to(dayOf(101)) })},
			refusal{"the year one", "INVALID at appliedAt", create("recruiter", func(c in) { c.AppliedAt = &time.Time{} })},
			refusal{"all that is wrong at once", "NOT_FOUND at candidateId, NOT_FOUND at sourceId, INVALID at appliedAt",
				create("recruiter", func(c in) {
					c.CandidateID, c.SourceID, c.AppliedAt = other.ID, &other.ID, to(dayOf(101))
				})},
		)
	})
}

func TestTheDuplicateIsNamed(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		there := o.bring(application.StatusREJECTED)
		_, err := o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{
			CandidateID: there.CandidateID, OpeningID: o.opening.ID,
		})
		if text := fmt.Sprint(err); !strings.Contains(text, there.ID.String()) || !strings.Contains(text, "reopenApplication") {
			t.Errorf("%q names neither the application nor what to do", text)
		}
	})
}

// Who a candidate was merged into is told to those who see that candidate.
func TestTheSurvivorIsNamedToThoseWhoSeeIt(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		elsewhere, stages := o.newOpening(opening.StatusOPEN, 1)
		merged, survivor := o.newCandidate(), o.applyFor(elsewhere, stages[0]).CandidateID
		o.must(o.DB.Candidate.UpdateOneID(merged).SetMergedIntoID(survivor).Exec(o.system()))
		for _, private := range []bool{false, true} {
			o.must(o.DB.Candidate.UpdateOneID(survivor).SetIsPrivate(private).Exec(o.system()))
			_, err := o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{CandidateID: merged, OpeningID: o.opening.ID})
			if named := strings.Contains(fmt.Sprint(err), survivor.String()); refused(err) != "CONFLICT at candidateId" || named == private {
				t.Errorf("private %v: %v", private, err)
			}
		}
	})
}

// Of two people who enter the same candidate at once one is told of the other.
func TestOneApplicationPerCandidateAndOpening(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		candidate := o.newCandidate()
		const people = 10
		errs := make(chan error, people)
		for range people {
			go func() {
				_, err := o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{
					CandidateID: candidate, OpeningID: o.opening.ID,
				})
				errs <- err
			}()
		}
		told := map[string]int{}
		for range people {
			told[refused(<-errs)]++
		}
		if diff := cmp.Diff(map[string]int{"<nil>": 1, "DUPLICATE at openingId": people - 1}, told); diff != "" {
			t.Error(diff)
		}
	})
}
