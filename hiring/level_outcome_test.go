package hiring_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/stage"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

// decide records a decision on an application, in a loop when there is one, with
// a fit that points to a level.
func (r *recruiting) decide(who string, l *db.Loop, day float64, kind decision.Kind, fit string, level *gid.ID) {
	r.t.Helper()
	create := r.DB.Decision.Create().SetID(r.id(gid.Decision)).SetApplicationID(r.apps[who]).SetKind(kind).SetNillableLevelID(level).
		SetRationale("so").SetLevelFit(json.RawMessage(fmt.Sprintf(`{"outcome": "X", "level": %q}`, fit))).SetBasisHash("0").
		SetDecidedAt(dayOf(day)).SetCreatedAt(dayOf(day)).SetUpdatedAt(dayOf(day))
	if l != nil {
		create.SetLoopID(l.ID)
	}
	r.must(create.Exec(r.system()))
}

func levelLine(l *hiring.LevelOutcome) string {
	key := func(one *db.Level) string {
		if one == nil {
			return "-"
		}
		return one.Key
	}
	var words []string
	for _, row := range l.Rows {
		words = append(words, fmt.Sprintf("%d %s>%s>%s", row.Count, key(row.Applied), key(row.Assessed), key(row.Hired)))
	}
	return fmt.Sprintf("%d decisions, %d hires: %s; assessed %d of %d lower, %d higher; hired %d of %d lower", l.Decisions, l.Hires,
		strings.Join(words, ", "), l.Assessed.Lower, l.Assessed.Compared, l.Assessed.Higher, l.Hired.Lower, l.Hired.Compared)
}

// newLevels is a recruiting at which six were decided on for good, one of them hired at
// a lower level than was decided.
func newLevels(d *desk) *recruiting {
	r := newRecruiting(d)
	em, senior := r.levels["em"], r.levels["senior_em"]
	for _, who := range []string{"ann", "ben", "cid", "dan", "eve", "fay", "gus", "hal"} {
		r.apply(who, stage.KindINTERVIEW)
		r.must(r.DB.Application.UpdateOneID(r.apps[who]).SetAppliedLevelID(senior).Exec(r.system()))
	}
	r.must(r.DB.Application.UpdateOneID(r.apps["eve"]).ClearAppliedLevelID().Exec(r.system())) // the opening's, em
	ann := r.interviewed("ann", interview.StatusCOMPLETED, 100.2)
	ben := r.interviewed("ben", interview.StatusCOMPLETED, 100.3)
	r.sat(ann, "manager", "colleague")
	r.sat(ben, "colleague")
	r.now = dayOf(110)
	r.decide("ann", ann, 101, decision.KindHIRE, "senior_em", &senior)
	r.decide("ben", ben, 101, decision.KindNO_HIRE, "em", nil)
	r.decide("cid", nil, 101, decision.KindNO_HIRE, "", nil)
	r.decide("cid", nil, 103, decision.KindHIRE, "em", &em) // counts: it is the last one
	r.decide("cid", nil, 104, decision.KindMORE_EVIDENCE, "senior_em", nil)
	r.decide("dan", nil, 102, decision.KindHIRE, "em", &em)
	r.decide("eve", nil, 102, decision.KindHIRE, "senior_em", &senior)
	r.decide("fay", nil, 103, decision.KindNO_HIRE, "unheard_of", nil)
	r.decide("gus", nil, 108, decision.KindMORE_EVIDENCE, "em", nil) // is none
	r.must(r.DB.Offer.Create().SetID(r.id(gid.Offer)).SetApplicationID(r.apps["ann"]).SetStatus(offer.StatusACCEPTED).SetExtendedAt(dayOf(103)).
		SetResolvedAt(dayOf(104)).SetCreatedAt(dayOf(102)).SetUpdatedAt(dayOf(104)).Exec(r.system()))
	o := r.DB.Offer.Query().OnlyX(r.system())
	for n, level := range []gid.ID{senior, em} { // the last terms are what was accepted
		r.must(r.DB.OfferVersion.Create().SetID(r.id(gid.OfferVersion)).SetOfferID(o.ID).SetNumber(n + 1).SetLevelID(level).
			SetSalary(salary).SetCurrency("EUR").SetRecordedAt(dayOf(102)).Exec(r.system()))
	}
	r.hire("ann", nil)
	r.hire("dan", to("signed on paper"))
	return r
}

// sat has people sit in the interviews of a loop, the first of them to learn.
func (r *recruiting) sat(l *db.Loop, who ...string) {
	r.t.Helper()
	for _, i := range r.DB.Interview.Query().Where(interview.LoopID(l.ID)).AllX(r.system()) {
		for n, name := range append([]string{"left"}, who...) {
			r.must(r.DB.InterviewSeat.Create().SetID(r.id(gid.InterviewSeat)).SetInterviewID(i.ID).SetPosition(n).SetRole("em").
				SetMemberID(r.members[name]).SetIsShadow(n == 0).Exec(r.system()))
		}
	}
}

func TestLevelOutcomes(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		r := newLevels(d)
		all, err := r.LevelOutcomes(r.as("admin"), thatTime, nil)
		d.must(err)
		got := all.Total()
		want := "6 decisions, 2 hires: 1 em>senior_em>-, 1 senior_em>em>em, 2 senior_em>em>-, 1 senior_em>senior_em>em, 1 senior_em>->-; " +
			"assessed 3 of 5 lower, 1 higher; hired 2 of 2 lower"
		if line := levelLine(got); line != want {
			t.Errorf("got  %s\nwant %s", line, want)
		}
		if rate := got.Assessed.LowerRate(); !got.Assessed.IsSufficient() || rate == nil || *rate != .6 || got.Assessed.LowerRateInterval() == nil {
			t.Errorf("five comparisons are enough: %v", rate)
		}
		if got.Hired.IsSufficient() || got.Hired.LowerRate() != nil || got.Hired.LowerRateInterval() != nil || got.Hired.HigherRate() != nil {
			t.Error("two comparisons have a rate")
		}
		// On day 102, as far as is known today, cid was not to be hired, and nobody was.
		day := dayOf(102)
		then, err := r.LevelOutcomes(r.as("recruiter"), thatTime, &hiring.FunnelView{AsOf: &day, KnownAt: &r.now, GroupBy: to(hiring.GroupByDepartment), Interval: to(hiring.Monthly)})
		d.must(err)
		if line, want := levelLine(then.Total()), "5 decisions, 0 hires: 1 em>senior_em>-, 2 senior_em>em>-, 1 senior_em>senior_em>-, 1 senior_em>->-; "+
			"assessed 2 of 4 lower, 1 higher; hired 0 of 0 lower"; line != want {
			t.Errorf("got  %s\nwant %s", line, want)
		}
		if groups := then.Groups(); len(groups) != 2 || groups[0].Decisions != 5 || groups[1].Decisions != 0 {
			t.Errorf("by department and month: %d groups", len(groups))
		}
	})
}

func TestInterviewersAreComparedForAdministrators(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		r := newLevels(d)
		all, err := r.LevelOutcomes(r.as("admin"), thatTime, nil)
		d.must(err)
		list, err := all.Interviewers(r.as("admin"))
		d.must(err)
		var lines []string
		for _, one := range list {
			lines = append(lines, *one.Group.Name+": "+levelLine(one))
		}
		want := []string{
			"colleague: 2 decisions, 1 hires: 1 senior_em>em>-, 1 senior_em>senior_em>em; assessed 1 of 2 lower, 0 higher; hired 1 of 1 lower",
			"manager: 1 decisions, 1 hires: 1 senior_em>senior_em>em; assessed 0 of 1 lower, 0 higher; hired 1 of 1 lower",
		}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Error(diff)
		}
		for _, who := range []string{"recruiter", "manager", "analyst"} {
			if _, err := all.Interviewers(r.as(who)); refused(err) != "FORBIDDEN at " {
				t.Errorf("%s compares interviewers: %v", who, err)
			}
		}
	})
}

// What was decided is told nobody while the loop does not show its cards, and
// never to whoever owes one.
func TestLevelOutcomesKeepBlind(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		r := newLevels(d)
		tell := func(who string) string {
			all, err := r.LevelOutcomes(r.as(who), thatTime, nil)
			d.must(err)
			return fmt.Sprintf("%d decisions, %d withheld", all.Total().Decisions, all.ApplicationsWithheld())
		}
		check := func(rule, who, want string) {
			t.Helper()
			if got := tell(who); got != want {
				t.Errorf("%s, %s is told %s, want %s", rule, who, got, want)
			}
		}
		of := r.DB.Loop.Query().Where(loop.ApplicationID(r.apps["ben"])).OnlyX(r.system())
		session := r.DB.Interview.Query().Where(interview.LoopID(of.ID)).OnlyX(r.system())
		card := r.DB.Scorecard.Create().SetID(r.id(gid.Scorecard)).SetInterviewID(session.ID).SetInterviewerID(r.members["colleague"]).SetLoopID(of.ID).
			SetApplicationID(r.apps["ben"]).SetStatus(scorecard.StatusDRAFT).SetCreatedAt(r.now).SetUpdatedAt(r.now).SaveX(r.system())
		check("while one owes a card", "colleague", "5 decisions, 1 withheld")
		check("while another owes one", "recruiter", "6 decisions, 0 withheld")
		r.must(r.DB.Loop.UpdateOneID(of.ID).SetRevealPolicy(loop.RevealPolicyALL_SUBMITTED).Exec(r.system()))
		check("until all cards are in", "recruiter", "5 decisions, 0 withheld")
		check("until all cards are in", "analyst", "5 decisions, 0 withheld")
		r.must(r.DB.Scorecard.UpdateOne(card).SetStatus(scorecard.StatusSUBMITTED).SetSubmittedAt(r.now).Exec(r.system()))
		check("once all cards are in", "colleague", "6 decisions, 0 withheld")
		r.must(r.DB.Loop.UpdateOneID(of.ID).SetRevealPolicy(loop.RevealPolicyDEBRIEF_OPENED).Exec(r.system()))
		check("before the debrief", "admin", "5 decisions, 0 withheld")
		if _, err := r.LevelOutcomes(r.as("interviewer"), nil, nil); refused(err) != "FORBIDDEN at " {
			t.Errorf("an interviewer: %v", err)
		}
	})
}
