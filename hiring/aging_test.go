package hiring_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/stage"
	"hireloop/funnel"
	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// worked is an example: sixteen applications to one opening in sixty days, and
// where those that are left stand.
type worked struct {
	Stages       []string
	AsOf         float64
	Applications []struct {
		ID     string
		Events [][3]any // day, kind, stage
	}
	Snapshot map[string]int
}

// live plays the example through the use cases, and tells who is who.
func (o *office) live(t *testing.T) (worked, map[gid.ID]string) {
	t.Helper()
	var w worked
	raw, err := os.ReadFile("testdata/aging.json")
	o.must(err)
	o.must(json.Unmarshal(raw, &w))
	o.now = dayOf(w.AsOf)
	kinds := []stage.Kind{stage.KindAPPLIED, stage.KindSCREEN, stage.KindSCREEN, stage.KindINTERVIEW, stage.KindOFFER, stage.KindHIRED}
	o.opening, _ = o.newOpening(opening.StatusOPEN, 2)
	_, err = o.DB.Stage.Delete().Where(stage.OpeningID(o.opening.ID)).Exec(o.system())
	o.must(err)
	o.stages = nil
	for i, name := range w.Stages {
		st, err := o.DB.Stage.Create().SetID(o.id(gid.Stage)).SetOpeningID(o.opening.ID).
			SetPosition(i).SetName(name).SetKind(kinds[i]).Save(o.system())
		o.must(err)
		o.stages = append(o.stages, st)
	}
	names := map[gid.ID]string{}
	for _, a := range w.Applications {
		names[o.play(w.Stages, a.Events)] = a.ID
	}
	return w, names
}

// play has a candidate apply and lets happen what the events say.
func (o *office) play(stages []string, events [][3]any) (id gid.ID) {
	o.t.Helper()
	ctx, why := o.as("recruiter"), "so it went"
	for version, e := range events {
		at, to := dayOf(e[0].(float64)), -1
		if e[2] != nil {
			to = slices.Index(stages, e[2].(string))
		}
		var err error
		switch kind := e[1].(string); {
		case version == 0:
			id, err = o.CreateApplication(ctx, hiring.CreateApplicationInput{
				CandidateID: o.newCandidate(), OpeningID: o.opening.ID, StageID: &o.stages[to].ID, AppliedAt: &at})
		case kind == "REJECT":
			_, err = o.RejectApplication(ctx, hiring.RejectApplicationInput{
				ApplicationID: id, ExpectedVersion: version, ReasonID: o.reasons[rejectionreason.InitiatorUS], OccurredAt: &at})
		case kind == "WITHDRAW":
			_, err = o.WithdrawApplication(ctx, hiring.WithdrawApplicationInput{ApplicationID: id, ExpectedVersion: version, OccurredAt: &at})
		case kind == "REOPEN":
			_, err = o.ReopenApplication(ctx, hiring.ReopenApplicationInput{
				ApplicationID: id, ExpectedVersion: version, ToStageID: &o.stages[to].ID, Reason: why, OccurredAt: &at})
		case o.stages[to].Kind == stage.KindHIRED:
			_, err = o.HireApplication(ctx, hiring.HireApplicationInput{
				ApplicationID: id, ExpectedVersion: version, WithoutOfferReason: &why, OccurredAt: &at})
		case o.stages[to].Position < o.application(id).QueryStage().OnlyX(o.system()).Position:
			_, err = o.MoveApplicationBack(ctx, hiring.MoveApplicationBackInput{
				ApplicationID: id, ExpectedVersion: version, ToStageID: o.stages[to].ID, Reason: why, OccurredAt: &at})
		default:
			_, err = o.AdvanceApplication(ctx, hiring.AdvanceApplicationInput{
				ApplicationID: id, ExpectedVersion: version, ToStageID: &o.stages[to].ID, SkipReason: &why, OccurredAt: &at})
		}
		o.must(err)
	}
	return id
}

// aging tells who ages, as seen by somebody: "a12 APPLIED 46 d (3, 15) STUCK NO_ACTIVITY".
func (o *office) aging(t *testing.T, who string, names map[gid.ID]string, filter hiring.AgingApplicationFilter) []string {
	t.Helper()
	found, err := o.AgingApplications(o.as(who), filter)
	if err != nil {
		t.Fatal(err)
	}
	days := func(d *float64) string {
		if d == nil {
			return "-"
		}
		return fmt.Sprint(*d)
	}
	told := []string{}
	for _, a := range found {
		told = append(told, fmt.Sprintf("%s %s %d d (%s, %s) %s %s", names[a.Application.ID], a.Stage.Name, a.DaysInStage,
			days(a.StageMedianDays), days(a.StageP90Days), a.Status, a.Reason))
	}
	return told
}

var both = []funnel.Aging{funnel.Stuck, funnel.Watch}

func TestAgingApplications(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		_, names := o.live(t)
		const (
			a11 = "a11 ONSITE 23 d (12, -) WATCH NO_ACTIVITY" // twice the median is 24
			a12 = "a12 APPLIED 46 d (3, 15) STUCK NO_ACTIVITY"
			a14 = "a14 HM_SCREEN 19 d (7, 10) STUCK NO_ACTIVITY"
		)
		other, _ := o.newOpening(opening.StatusOPEN, 1)
		o.must(o.DB.HiringTeamMember.Create().SetID(o.id(gid.HiringTeamMember)).SetOpeningID(other.ID).
			SetMemberID(o.members["stranger"]).SetRole(hiringteammember.RoleSOURCER).Exec(o.system()))
		for rule, c := range map[string]struct {
			who    string
			filter hiring.AgingApplicationFilter
			want   []string
		}{
			"the stuck, the longest first, when not asked otherwise": {"recruiter", hiring.AgingApplicationFilter{}, []string{a12, a14}},
			"also those to watch":         {"recruiter", hiring.AgingApplicationFilter{Status: both}, []string{a12, a11, a14}},
			"only those to watch":         {"recruiter", hiring.AgingApplicationFilter{Status: both[1:]}, []string{a11}},
			"in no state at all":          {"recruiter", hiring.AgingApplicationFilter{Status: both[:0]}, []string{}},
			"of one opening":              {"recruiter", hiring.AgingApplicationFilter{OpeningIDs: []gid.ID{o.opening.ID, other.ID}}, []string{a12, a14}},
			"of another opening":          {"recruiter", hiring.AgingApplicationFilter{OpeningIDs: []gid.ID{other.ID}}, []string{}},
			"of a member's teams":         {"recruiter", hiring.AgingApplicationFilter{HiringTeamMemberIDs: []gid.ID{o.members["manager"]}}, []string{a12, a14}},
			"of another member's teams":   {"recruiter", hiring.AgingApplicationFilter{HiringTeamMemberIDs: []gid.ID{o.members["stranger"]}}, []string{}},
			"their manager sees the same": {"manager", hiring.AgingApplicationFilter{}, []string{a12, a14}},
			"the manager of others none":  {"stranger", hiring.AgingApplicationFilter{}, []string{}},
			"an analyst no people":        {"analyst", hiring.AgingApplicationFilter{}, []string{}},
		} {
			t.Run(rule, func(t *testing.T) {
				if diff := cmp.Diff(c.want, o.aging(t, c.who, names, c.filter)); diff != "" {
					t.Error(diff)
				}
			})
		}
		t.Run("an unknown opening is refused", func(t *testing.T) {
			_, err := o.AgingApplications(o.as("recruiter"), hiring.AgingApplicationFilter{OpeningIDs: []gid.ID{o.opening.ID, o.id(gid.Opening)}})
			if got, want := refused(err), "NOT_FOUND at filterBy.openingIds.1"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			_, err = o.AgingApplications(o.as("stranger"), hiring.AgingApplicationFilter{OpeningIDs: []gid.ID{o.opening.ID}})
			if got, want := refused(err), "NOT_FOUND at filterBy.openingIds.0"; got != want {
				t.Errorf("hidden: got %q, want %q", got, want)
			}
		})
	})
}

// What is agreed counts when it is longer than what is usual, or when nothing is usual yet.
func TestAgreedDays(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		_, names := o.live(t)
		agree := func(stage, days int) {
			o.must(o.DB.Stage.UpdateOne(o.stages[stage]).SetSLADays(days).Exec(o.system()))
		}
		agree(0, 46) // a12 has waited 46 days: not longer
		agree(2, 9)  // a14 has waited longer than nine in ten, which is the later limit
		agree(3, 23) // a11: twice the median is later
		if diff := cmp.Diff([]string{
			"a12 APPLIED 46 d (3, 15) WATCH NO_ACTIVITY",
			"a11 ONSITE 23 d (12, -) WATCH NO_ACTIVITY",
			"a14 HM_SCREEN 19 d (7, 10) STUCK NO_ACTIVITY",
		}, o.aging(t, "recruiter", names, hiring.AgingApplicationFilter{Status: both})); diff != "" {
			t.Error(diff)
		}

		// Half a year on nothing is usual any more: who came then still waits.
		o.now = dayOf(60 + 181)
		agree(3, 400)
		if diff := cmp.Diff([]string{
			"a12 APPLIED 227 d (-, -) STUCK NO_ACTIVITY",
			"a14 HM_SCREEN 200 d (-, -) STUCK NO_ACTIVITY",
		}, o.aging(t, "recruiter", names, hiring.AgingApplicationFilter{Status: both})); diff != "" {
			t.Error(diff)
		}

		// What is usual again is what it is for those who came lately.
		o.play([]string{"APPLIED"}, [][3]any{{230., "ENTER", "APPLIED"}, {232., "REJECT", nil}})
		if diff := cmp.Diff([]string{"a12 APPLIED 227 d (2, 2) STUCK NO_ACTIVITY"},
			o.aging(t, "recruiter", names, hiring.AgingApplicationFilter{})[:1]); diff != "" {
			t.Error(diff)
		}
	})
}

// loop plans a loop with one interview for an application.
func (o *office) loop(a gid.ID, status loop.Status, interview interview.Status, startsAt *time.Time) (loopID, interviewID gid.ID) {
	o.t.Helper()
	loopID = o.storedLoop(a, func(c *db.LoopCreate) { c.SetStatus(status) }).ID
	return loopID, o.storedInterview(loopID, func(c *db.InterviewCreate) { c.SetStatus(interview).SetNillableStartsAt(startsAt) })
}

func (o *office) card(interviewID gid.ID, who string, status scorecard.Status, due float64, shadow bool) {
	o.t.Helper()
	o.storedCard(interviewID, who, func(c *db.ScorecardCreate) { c.SetStatus(status).SetDueAt(dayOf(due)).SetIsShadow(shadow) })
}

func TestWhatAnAgingApplicationWaitsFor(t *testing.T) {
	const now = 60
	at := func(day float64) *time.Time { return to(dayOf(day)) }
	eachOffice(t, func(t *testing.T, o *office) {
		_, names := o.live(t)
		var a12 gid.ID
		for id, name := range names {
			if name == "a12" {
				a12 = id
			}
		}
		// decided plans a loop whose only card is in, and decides on it.
		decided := func(policy loop.RevealPolicy) gid.ID {
			l, i := o.loop(a12, loop.StatusCOMPLETED, interview.StatusCOMPLETED, at(50))
			o.must(o.DB.Loop.UpdateOneID(l).SetRevealPolicy(policy).Exec(o.system()))
			o.card(i, "interviewer", scorecard.StatusSUBMITTED, now-1, false)
			o.storedDecision(a12, decision.KindHIRE, onLoop(l))
			return l
		}
		for rule, c := range map[string]struct {
			plan func()
			want hiring.AgingReason
		}{
			"nothing was planned": {func() {}, hiring.NoActivity},
			"an interview has no time": {func() {
				o.loop(a12, loop.StatusACTIVE, interview.StatusPLANNED, nil)
			}, hiring.AwaitingScheduling},
			"what was cancelled does not count": {func() {
				o.loop(a12, loop.StatusCANCELLED, interview.StatusPLANNED, nil)
			}, hiring.NoActivity},
			"a scorecard is overdue": {func() {
				_, i := o.loop(a12, loop.StatusACTIVE, interview.StatusCOMPLETED, at(50))
				o.card(i, "interviewer", scorecard.StatusDRAFT, now-1, false)
			}, hiring.ScorecardsOverdue},
			"a scorecard is due, not overdue": {func() {
				_, i := o.loop(a12, loop.StatusACTIVE, interview.StatusCOMPLETED, at(50))
				o.card(i, "interviewer", scorecard.StatusDRAFT, now+1, false)
			}, hiring.NoActivity},
			"the card of one who learns never holds anybody up": {func() {
				_, i := o.loop(a12, loop.StatusACTIVE, interview.StatusCOMPLETED, at(50))
				o.card(i, "manager", scorecard.StatusSUBMITTED, now-1, false)
				o.card(i, "interviewer", scorecard.StatusDRAFT, now-1, true)
			}, hiring.AwaitingDecision},
			"all cards are in": {func() {
				_, i := o.loop(a12, loop.StatusCOMPLETED, interview.StatusCOMPLETED, at(50))
				o.card(i, "manager", scorecard.StatusSUBMITTED, now-1, false)
				o.card(i, "interviewer", scorecard.StatusAMENDED, now-1, false)
			}, hiring.AwaitingDecision},
			"one card is in, another is not": {func() {
				_, i := o.loop(a12, loop.StatusACTIVE, interview.StatusCOMPLETED, at(50))
				o.card(i, "manager", scorecard.StatusSUBMITTED, now-1, false)
				o.card(i, "interviewer", scorecard.StatusDRAFT, now+1, false)
			}, hiring.NoActivity},
			"it was decided": {func() { decided(loop.RevealPolicyOWN_SUBMITTED) }, hiring.NoActivity},
			"it was decided, which the manager may not see yet": {func() { decided(loop.RevealPolicyDEBRIEF_OPENED) }, hiring.AwaitingDecision},
			"it was decided, and the manager owes a card as one who learns": {func() {
				decided(loop.RevealPolicyOWN_SUBMITTED)
				i := o.DB.Interview.Query().OnlyIDX(o.system())
				o.card(i, "manager", scorecard.StatusDRAFT, now+1, true)
			}, hiring.AwaitingDecision},
			"an overdue card comes before an interview without a time": {func() {
				_, i := o.loop(a12, loop.StatusACTIVE, interview.StatusCOMPLETED, at(50))
				o.card(i, "interviewer", scorecard.StatusDRAFT, now-1, false)
				o.loop(a12, loop.StatusACTIVE, interview.StatusPLANNED, nil)
			}, hiring.ScorecardsOverdue},
		} {
			t.Run(rule, func(t *testing.T) {
				o.unplan()
				c.plan()
				// The manager is blind to the others' cards while their own is due, and learns no more by this.
				want := []string{
					"a12 APPLIED 46 d (3, 15) STUCK " + string(c.want),
					"a14 HM_SCREEN 19 d (7, 10) STUCK NO_ACTIVITY",
				}
				if diff := cmp.Diff(want, o.aging(t, "manager", names, hiring.AgingApplicationFilter{})); diff != "" {
					t.Error(diff)
				}
			})
		}
	})
}

// unplan removes all loops.
func (o *office) unplan() {
	o.t.Helper()
	ctx := o.system()
	for _, remove := range []func() (int, error){
		func() (int, error) { return o.DB.Decision.Delete().Exec(ctx) },
		func() (int, error) { return o.DB.Scorecard.Delete().Exec(ctx) },
		func() (int, error) { return o.DB.Interview.Delete().Exec(ctx) },
		func() (int, error) { return o.DB.Loop.Delete().Exec(ctx) },
	} {
		_, err := remove()
		o.must(err)
	}
}

// An interview within a week calms those to watch, not those who are stuck.
func TestAPlannedInterview(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		_, names := o.live(t)
		watched := func() bool {
			return slices.ContainsFunc(o.aging(t, "recruiter", names, hiring.AgingApplicationFilter{Status: both}),
				func(told string) bool { return told[:3] == "a11" })
		}
		for id, name := range names {
			if name == "a12" {
				o.loop(id, loop.StatusACTIVE, interview.StatusSCHEDULED, to(dayOf(61)))
			}
		}
		if diff := cmp.Diff(2, len(o.aging(t, "recruiter", names, hiring.AgingApplicationFilter{}))); diff != "" {
			t.Errorf("an interview does not make anybody less stuck: %s", diff)
		}
		for rule, c := range map[string]struct {
			status interview.Status
			day    float64
			want   bool
		}{
			"tomorrow":                        {interview.StatusSCHEDULED, 61, false},
			"in a week to the hour":           {interview.StatusSCHEDULED, 67, true},
			"yesterday":                       {interview.StatusSCHEDULED, 59, true},
			"tomorrow, but it was called off": {interview.StatusCANCELLED, 61, true},
		} {
			t.Run(rule, func(t *testing.T) {
				o.unplan()
				for id, name := range names {
					if name == "a11" {
						o.loop(id, loop.StatusACTIVE, c.status, to(dayOf(c.day)))
					}
				}
				if got := watched(); got != c.want {
					t.Errorf("watched: %t, want %t", got, c.want)
				}
			})
		}
	})
}

// Reading what ages takes as many statements for many openings as for one.
func TestStatementsOfAging(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		count := func(openings []gid.ID) (aging, counts, stuck int) {
			t.Helper()
			ctx, s := store.CountStatements(o.as("recruiter"))
			_, err := o.AgingApplications(ctx, hiring.AgingApplicationFilter{OpeningIDs: openings, Status: both})
			o.must(err)
			aging = s.Count()
			ctx, s = store.CountStatements(o.as("recruiter"))
			_, err = o.StageCounts(ctx, openings)
			o.must(err)
			counts = s.Count()
			ctx, s = store.CountStatements(o.as("recruiter"))
			_, err = o.Stuck(ctx, openings)
			o.must(err)
			return aging, counts, s.Count()
		}
		o.live(t)
		openings := []gid.ID{o.opening.ID}
		for range 4 {
			one, stages := o.newOpening(opening.StatusOPEN, 1)
			openings = append(openings, one.ID)
			for i := range 3 {
				o.applyFor(one, stages[i])
			}
		}
		for _, n := range []int{1, len(openings)} {
			aging, counts, stuck := count(openings[:n])
			if aging != 4 || counts != 1 || stuck != 2 {
				t.Errorf("%d openings: %d statements for what ages, %d for the counts, %d for the stuck; want 4, 1, 2", n, aging, counts, stuck)
			}
		}
	})
}
