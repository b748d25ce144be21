package hiring_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/interviewplan"
	"hireloop/ent/db/interviewplansession"
	"hireloop/ent/db/level"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

func shortPlan(levelID gid.ID) hiring.CreateInterviewPlanInput {
	return hiring.CreateInterviewPlanInput{
		Key: "short_loop", Name: " Short  loop ", Description: to("For people we know."), LevelID: levelID,
		Sessions: []*hiring.InterviewPlanSessionInput{
			{Key: "people", Name: "People", Minutes: 60, Seats: []string{"engineering_manager"}, FocusSignals: []string{"team_wellbeing", "coaching_growth"}},
			{Key: "delivery", Name: "Delivery", Minutes: 45, Seats: []string{"engineer", "product_manager"}, FocusSignals: []string{"team_wellbeing"}},
		},
	}
}

// plan tells a plan with its sessions, one a line.
func (d *desk) plan(id gid.ID) []string {
	d.t.Helper()
	p, err := d.DB.InterviewPlan.Query().Where(interviewplan.ID(id)).WithLevel().
		WithSessions(func(q *db.InterviewPlanSessionQuery) { q.Order(interviewplansession.ByPosition()) }).Only(d.system())
	d.must(err)
	told := []string{fmt.Sprintf("%s %q %q for %s", p.Key, p.Name, p.Description, p.Edges.Level.Key)}
	for _, s := range p.Edges.Sessions {
		told = append(told, fmt.Sprintf("%d %s %q %d min, %v: %v", s.Position, s.Key, s.Name, s.Minutes, s.Seats, s.FocusSignals))
	}
	return told
}

func TestInterviewPlans(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		id, err := d.CreateInterviewPlan(d.as("admin"), shortPlan(d.levels["em"]))
		d.must(err)
		if diff := cmp.Diff([]string{
			`short_loop "Short loop" "For people we know." for em`,
			`0 people "People" 60 min, [engineering_manager]: [team_wellbeing coaching_growth]`,
			`1 delivery "Delivery" 45 min, [engineer product_manager]: [team_wellbeing]`,
		}, d.plan(id)); diff != "" {
			t.Error(diff)
		}
		if got, want := d.traces(), "createInterviewPlan by admin of interview_plan, interview_plan.created"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		update := func(in hiring.UpdateInterviewPlanInput) {
			t.Helper()
			in.InterviewPlanID = id
			_, err := d.UpdateInterviewPlan(d.as("admin"), in)
			d.must(err)
		}
		update(hiring.UpdateInterviewPlanInput{Name: to("Quick loop")})
		update(hiring.UpdateInterviewPlanInput{Description: to(""), Sessions: []*hiring.InterviewPlanSessionInput{
			{Key: "coaching", Name: "Coaching", Minutes: 30, Seats: []string{"director"}, FocusSignals: []string{"coaching_growth"}},
		}})
		if diff := cmp.Diff([]string{
			`short_loop "Quick loop" "" for em`, `0 coaching "Coaching" 30 min, [director]: [coaching_growth]`,
		}, d.plan(id)); diff != "" {
			t.Error(diff)
		}
		if got, want := d.traces(), "updateInterviewPlan by admin of interview_plan, interview_plan.updated"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
	})
}

func TestInterviewPlansThatAreRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		create := func(who string, change func(*hiring.CreateInterviewPlanInput)) func() error {
			in := shortPlan(d.levels["em"])
			change(&in)
			return func() error {
				_, err := d.CreateInterviewPlan(d.as(who), in)
				return err
			}
		}
		type input = *hiring.CreateInterviewPlanInput
		same := func(input) {}
		many := make([]*hiring.InterviewPlanSessionInput, 21)
		nursery := d.ladder(nurses())
		nurse, err := d.DB.Level.Query().Where(level.LadderID(nursery), level.Key("nurse")).OnlyID(d.system())
		d.must(err)
		retired := "management_foundation" // at senior_em another signal covers it
		d.refuses(t,
			refusal{"by a recruiter", "FORBIDDEN at ", create("recruiter", same)},
			refusal{"a key that is none", "INVALID at key", create("admin", func(i input) { i.Key = "Short\x00" })},
			refusal{"a key that is taken", "DUPLICATE at key", create("admin", func(i input) { i.Key = "senior_em_loop" })},
			refusal{"no name", "REQUIRED at name", create("admin", func(i input) { i.Name = "" })},
			refusal{"an unknown level", "NOT_FOUND at levelId", create("admin", func(i input) { i.LevelID = d.id(gid.Level) })},
			refusal{"a ladder", "NOT_FOUND at levelId", create("admin", func(i input) { i.LevelID = nursery })},
			refusal{"a level without demands", "INVALID at levelId, INVALID at sessions.0.focusSignals.0",
				create("admin", func(i input) {
					i.LevelID, i.Sessions, i.Sessions[0].FocusSignals = d.levels["director"], i.Sessions[:1], []string{"team_wellbeing"}
				})},
			refusal{"a ladder without a published rubric", "INVALID at levelId", create("admin", func(i input) { i.LevelID = nurse })},
			refusal{"no sessions", "REQUIRED at sessions", create("admin", func(i input) { i.Sessions = nil })},
			refusal{"21 sessions", "INVALID at sessions", create("admin", func(i input) { i.Sessions = many })},
			refusal{"a session twice", "INVALID at sessions.1.key", create("admin", func(i input) { i.Sessions[1].Key = "people" })},
			refusal{"a session of no name", "REQUIRED at sessions.0.name", create("admin", func(i input) { i.Sessions[0].Name = "" })},
			refusal{"a quarter of an hour less a minute", "INVALID at sessions.0.minutes", create("admin", func(i input) { i.Sessions[0].Minutes = 14 })},
			refusal{"nobody sits in it", "INVALID at sessions.0.seats", create("admin", func(i input) { i.Sessions[0].Seats = nil })},
			refusal{"a seat twice", "INVALID at sessions.1.seats.1", create("admin", func(i input) { i.Sessions[1].Seats[1] = "engineer" })},
			refusal{"nothing to look for", "INVALID at sessions.1.focusSignals", create("admin", func(i input) { i.Sessions[1].FocusSignals = nil })},
			refusal{"a signal that is unknown", "INVALID at sessions.0.focusSignals.1", create("admin", func(i input) { i.Sessions[0].FocusSignals[1] = "charm" })},
			refusal{"a signal that the level retired", "INVALID at sessions.0.focusSignals.1", create("admin", func(i input) {
				i.LevelID, i.Sessions[0].FocusSignals[1] = d.levels["senior_em"], retired
			})},
		)
		id, err := d.CreateInterviewPlan(d.as("admin"), shortPlan(d.levels["em"]))
		d.must(err)
		update := func(who string, in hiring.UpdateInterviewPlanInput) func() error {
			if in.InterviewPlanID.IsNil() {
				in.InterviewPlanID = id
			}
			return func() error {
				_, err := d.UpdateInterviewPlan(d.as(who), in)
				return err
			}
		}
		type change = hiring.UpdateInterviewPlanInput
		d.refuses(t,
			refusal{"update: by a hiring manager", "FORBIDDEN at ", update("manager", change{Name: to("Ours")})},
			refusal{"update: an unknown plan", "NOT_FOUND at interviewPlanId", update("admin", change{InterviewPlanID: d.id(gid.InterviewPlan)})},
			refusal{"update: a level", "NOT_FOUND at interviewPlanId", update("admin", change{InterviewPlanID: d.levels["em"]})},
			refusal{"update: an empty name", "REQUIRED at name", update("admin", change{Name: to(" ")})},
			refusal{"update: no sessions at all", "REQUIRED at sessions", update("admin", change{Sessions: []*hiring.InterviewPlanSessionInput{}})},
			refusal{"update: a session that does not fit", "INVALID at sessions.0.minutes, INVALID at sessions.0.focusSignals.0", update("admin", change{
				Sessions: []*hiring.InterviewPlanSessionInput{{Key: "charm", Name: "Charm", Minutes: 5, Seats: []string{"engineer"}, FocusSignals: []string{"charm"}}},
			})},
		)
	})
}

// Two who make plans of one key, or change one plan, at once do not mix them.
func TestInterviewPlansAtOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		outcomes := tally(atOnce(times(4, func(int) error {
			_, err := d.CreateInterviewPlan(d.as("admin"), shortPlan(d.levels["em"]))
			return err
		})...))
		if outcomes["<nil>"] != 1 || outcomes["DUPLICATE at key"] != 3 {
			t.Errorf("%v", outcomes)
		}
		id, err := d.DB.InterviewPlan.Query().Where(interviewplan.Key("short_loop")).OnlyID(d.system())
		d.must(err)
		outcomes = tally(atOnce(times(4, func(i int) error {
			in := hiring.UpdateInterviewPlanInput{InterviewPlanID: id}
			for range i + 1 {
				in.Sessions = append(in.Sessions, &hiring.InterviewPlanSessionInput{
					Key: fmt.Sprintf("session_%d", len(in.Sessions)), Name: fmt.Sprint("By ", i), Minutes: 30,
					Seats: []string{"engineer"}, FocusSignals: []string{"team_wellbeing"},
				})
			}
			_, err := d.UpdateInterviewPlan(d.as("admin"), in)
			return err
		})...))
		sessions := d.plan(id)[1:]
		if author := fmt.Sprintf("By %d", len(sessions)-1); outcomes["<nil>"] != 4 || strings.Count(strings.Join(sessions, " "), author) != len(sessions) {
			t.Errorf("%v, and the sessions are %v", outcomes, sessions)
		}
	})
}
