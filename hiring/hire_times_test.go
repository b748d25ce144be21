package hiring_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/seat"
	"hireloop/ent/db/stage"
	"hireloop/funnel"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// recruiting is a desk at which an opening of two seats, opened on day 100, hires
// from day to day.
type recruiting struct {
	*desk
	opening gid.ID
	apps    map[string]gid.ID
	offers  map[string]gid.ID
}

func newRecruiting(d *desk) *recruiting {
	d.t.Helper()
	id, err := d.CreateOpening(d.as("recruiter"), hiring.CreateOpeningInput{
		Title: "Engineering Manager", TargetLevelID: to(d.levels["em"]), AllowedLevelIDs: []gid.ID{d.levels["senior_em"]}, SeatCount: to(2), IsCritical: to(true),
		HiringTeam: []*hiring.HiringTeamMemberInput{
			{MemberID: d.members["manager"], Role: hiringteammember.RoleHIRING_MANAGER},
			{MemberID: d.members["recruiter"], Role: hiringteammember.RoleRECRUITER},
		},
	})
	d.must(err)
	_, err = d.OpenOpening(d.as("recruiter"), hiring.OpenOpeningInput{OpeningID: id, ExpectedVersion: 1})
	d.must(err)
	return &recruiting{d, id, map[string]gid.ID{}, map[string]gid.ID{}}
}

// apply has somebody apply now, to begin in the first stage of a kind.
func (r *recruiting) apply(who string, kind stage.Kind) {
	r.t.Helper()
	first, err := r.DB.Stage.Query().Where(stage.OpeningID(r.opening), stage.KindEQ(kind)).Order(stage.ByPosition()).FirstID(r.system())
	r.must(err)
	r.apps[who] = r.applicant(r.opening, func(in *hiring.CreateApplicationInput) { in.AppliedAt, in.StageID = nil, &first }).ID
}

func (r *recruiting) extend(who string, startOn *time.Time) {
	r.t.Helper()
	in := r.creating(r.application(r.apps[who]))
	in.Terms.StartOn, in.Terms.ExpiresAt = startOn, to(dayOf(115))
	id, err := r.CreateOffer(r.as("manager"), in)
	r.must(err)
	r.offers[who] = id
	r.do(who, "approve")
	r.do(who, "extend")
}

func (r *recruiting) do(who, verb string) {
	r.t.Helper()
	r.must(r.verbsOfOffer(r.desk.offer(r.offers[who]))[verb]())
}

func (r *recruiting) hire(who string, without *string) {
	r.t.Helper()
	a := r.application(r.apps[who])
	_, err := r.HireApplication(r.as("recruiter"), hiring.HireApplicationInput{ApplicationID: a.ID, ExpectedVersion: a.Version, WithoutOfferReason: without})
	r.must(err)
}

func (r *recruiting) addSeats(n int) {
	r.t.Helper()
	_, err := r.AddSeats(r.as("recruiter"), hiring.AddSeatsInput{OpeningID: r.opening, ExpectedVersion: r.desk.opening(r.opening).Version, Count: &n})
	r.must(err)
}

// interviewed has an application interviewed in one loop, on these days.
func (r *recruiting) interviewed(who string, status interview.Status, days ...float64) *db.Loop {
	r.t.Helper()
	l, err := r.DB.Loop.Create().SetID(r.id(gid.Loop)).SetApplicationID(r.apps[who]).SetStatus(loop.StatusACTIVE).
		SetCreatedAt(r.now).SetUpdatedAt(r.now).Save(r.system())
	r.must(err)
	for n, day := range days {
		r.must(r.DB.Interview.Create().SetID(r.id(gid.Interview)).SetLoopID(l.ID).SetPosition(n).SetKey("people").SetName("People").
			SetFocusSignals([]string{}).SetStatus(status).SetMinutes(60).SetStartsAt(dayOf(day)).SetEndsAt(dayOf(day).Add(time.Hour)).
			SetCreatedAt(r.now).SetUpdatedAt(r.now).Exec(r.system()))
	}
	return l
}

// days is what happens, day by day.
func (r *recruiting) days() []func() {
	nothing := func() {}
	return []func(){
		func() { // 100
			for _, who := range []string{"ann", "ben", "cid", "dan"} {
				r.apply(who, stage.KindINTERVIEW)
			}
			r.apply("eve", stage.KindSCREEN)
			r.interviewed("eve", interview.StatusCOMPLETED, 100.5) // not on site
			r.interviewed("ann", interview.StatusCOMPLETED, 100.5, 101.5)
			r.interviewed("cid", interview.StatusCOMPLETED, 102.5)
			r.interviewed("dan", interview.StatusNO_SHOW, 102.5)
		},
		func() { // 101
			reason, err := r.DB.RejectionReason.Query().Where(rejectionreason.InitiatorEQ(rejectionreason.InitiatorUS)).FirstID(r.system())
			r.must(err)
			_, err = r.RejectApplication(r.as("recruiter"), hiring.RejectApplicationInput{ApplicationID: r.apps["ben"], ExpectedVersion: 1, ReasonID: reason})
			r.must(err)
		},
		func() { // 102
			_, err := r.ReopenApplication(r.as("recruiter"), hiring.ReopenApplicationInput{ApplicationID: r.apps["ben"], ExpectedVersion: 2, Reason: "again"})
			r.must(err)
		},
		func() { r.extend("ann", to(dayOf(112))) }, // 103
		func() { r.extend("ben", nil) },
		func() { r.do("ann", "accept"); r.extend("cid", nil) }, // 105
		func() { r.hire("ann", nil); r.extend("dan", nil) },
		func() { r.do("ben", "accept"); r.hire("ben", nil) }, // 107: all seats are filled
		func() { r.do("cid", "decline"); r.addSeats(1) },
		func() { r.hire("eve", to("signed on paper")) }, // 109
		func() { r.addSeats(2) },
		func() { // 111
			last := r.seats(r.opening)[4]
			_, err := r.CloseSeat(r.as("recruiter"), hiring.CloseSeatInput{SeatID: last.ID, ExpectedVersion: last.Version, Reason: "no budget"})
			r.must(err)
		},
		nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing,
		nothing, // 120
	}
}

// run goes through all days and calls each at the end of one.
func (r *recruiting) run(each func()) {
	for n, day := range r.days() {
		r.now = dayOf(100 + float64(n))
		day()
		r.now = r.now.Add(time.Minute)
		if each != nil {
			each()
		}
	}
	r.now = dayOf(120)
}

var thatTime = &hiring.FunnelFilter{From: to(dayOf(90)), To: to(dayOf(130))}

func (r *recruiting) times(who string, asOf *time.Time) *hiring.HireTime {
	r.t.Helper()
	h, err := r.HireTimes(r.as(who), thatTime, &hiring.FunnelView{AsOf: asOf})
	r.must(err)
	return h.Total()
}

// told is a report as text.
func (r *recruiting) told(h *hiring.HireTime) string {
	r.t.Helper()
	effort, err := h.Effort()
	r.must(err)
	text, err := json.MarshalIndent([]any{h, effort}, "", " ")
	r.must(err)
	return string(text)
}

func timing(count int, mean, median float64) *funnel.Timing {
	return &funnel.Timing{Count: count, MeanDays: &mean, MedianDays: &median}
}

func TestHireTimesTellWhatEnded(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		r := newRecruiting(d)
		r.run(nil)
		got := r.times("admin", nil)
		fill := &hiring.FillTime{
			Filled: *timing(3, 13./3, 5),       // 5, 7 and, of a seat that came later, 1
			Opened: 5, StillOpen: 1, Closed: 1, // and those: 1 of 5 left, one lost, 2 of 3, 1 of 2
			MedianDays: to(7.),
		}
		effort, err := got.Effort()
		d.must(err)
		// Minutes between what happens on one day are not days.
		same := cmp.Comparer(func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 })
		for rule, c := range map[string]struct{ got, want any }{
			"seats by themselves":                       {got.TimeToFill, fill},
			"critical ones":                             {got.TimeToFillCritical, fill},
			"hires until they accepted":                 {got.TimeToHire, timing(3, 7, 7)},
			"hires that had been rejected":              {got.TimeToHireSinceReopen, timing(1, 5, 5)},
			"hires without an offer":                    {got.HiresWithoutOffer, to(1)},
			"first offers, declined or open ones too":   {got.TimeToOffer, timing(4, 4.5, 4.5)},
			"starts, at midnight":                       {got.TimeToStart, timing(1, 12-9./24, 12-9./24)},
			"what came of offers":                       {got.Offers, &funnel.OfferAcceptance{Extended: 4, Accepted: 2, Declined: 1, Pending: 1}},
			"what it took, without those who missed it": {effort, &hiring.HireEffort{Effort: funnel.Effort{Interviews: 4, Onsites: 2, Offers: 4, Hires: 3}, Applications: 5, Offers: to(4)}},
			"acceptance of those who had their say":     {got.Offers.AcceptanceRate(), to(2. / 3)},
			"interviews per hire":                       {effort.InterviewsPerHire(), to(4. / 3)},
			"onsites per offer":                         {effort.OnsitesPerOffer(), to(.5)},
		} {
			if diff := cmp.Diff(c.want, c.got, same); diff != "" {
				t.Errorf("%s: %s", rule, diff)
			}
		}
	})
}

// What ended in a period counts there, and all periods together are the whole.
func TestHireTimesByPeriodAddUp(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		r := newRecruiting(d)
		r.run(nil)
		h, err := r.HireTimes(r.as("recruiter"), thatTime, &hiring.FunnelView{GroupBy: to(hiring.GroupByOpening), Interval: to(hiring.Weekly)})
		d.must(err)
		var filled, opened, hired, accepted, offered, interviews, pending int
		var weeks []int
		for _, g := range h.Groups() {
			effort, err := g.Effort()
			d.must(err)
			filled, opened, hired = filled+g.TimeToFill.Filled.Count, opened+g.TimeToFill.Opened, hired+g.TimeToHire.Count
			accepted, offered, interviews = accepted+g.Offers.Accepted, offered+g.TimeToOffer.Count, interviews+effort.Interviews
			pending = g.Offers.Pending // of the last one
			weeks = append(weeks, g.TimeToHire.Count)
		}
		if got, want := []int{filled, opened, hired, accepted, offered, interviews, pending}, []int{3, 5, 3, 2, 4, 4, 1}; !cmp.Equal(got, want) {
			t.Errorf("the weeks add up to %v, want %v", got, want)
		}
		// Days 105, 107 and 109 are 16, 18 and 20 April: Thursday, Saturday and Monday.
		if want := []int{0, 0, 2, 1, 0, 0}; !cmp.Equal(weeks, want) {
			t.Errorf("hires by week: %v, want %v", weeks, want)
		}
	})
}

// A report of a past day says later what it said on that day, as long as nothing
// is undone.
func TestHireTimesOfADayStayWhatTheyWere(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		r := newRecruiting(d)
		told := map[time.Time]string{}
		r.run(func() { told[r.now] = r.told(r.times("recruiter", nil)) })
		r.now = dayOf(300)
		for day, want := range told {
			if diff := cmp.Diff(want, r.told(r.times("recruiter", &day))); diff != "" {
				t.Errorf("the report of %s has changed: %s", day, diff)
			}
		}
		if told[dayOf(104).Add(time.Minute)] == told[dayOf(120).Add(time.Minute)] {
			t.Error("nothing happened")
		}
	})
}

// A hire that came undone never happened: its seat is open, as it is.
func TestAnUndoneHireIsNotTimed(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		r := newRecruiting(d)
		r.run(nil)
		a := r.application(r.apps["eve"])
		_, err := r.UndoHire(r.as("recruiter"), hiring.UndoHireInput{ApplicationID: a.ID, ExpectedVersion: a.Version, Reason: "did not come"})
		d.must(err)
		got := r.times("recruiter", nil)
		if got.TimeToHire.Count != 2 || *got.HiresWithoutOffer != 0 || got.TimeToFill.Filled.Count != 2 || got.TimeToFill.StillOpen != 2 {
			t.Errorf("%s", r.told(got))
		}
	})
}

// Whoever owes a scorecard is told nothing of that application; and offers are
// told those who may see all of them.
func TestWhatHireTimesTellWhom(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		r := newRecruiting(d)
		r.run(nil)
		l := r.interviewed("ann", interview.StatusCOMPLETED, 101)
		of, err := r.DB.Interview.Query().Where(interview.LoopID(l.ID)).OnlyID(r.system())
		d.must(err)
		d.must(r.DB.Scorecard.Create().SetID(r.id(gid.Scorecard)).SetInterviewID(of).SetInterviewerID(r.members["colleague"]).SetLoopID(l.ID).
			SetApplicationID(r.apps["ann"]).SetStatus(scorecard.StatusDRAFT).SetCreatedAt(r.now).SetUpdatedAt(r.now).Exec(r.system()))
		r.join("both", access.HiringManager, access.Analyst)
		type told struct {
			withheld, hires, filled, opened, interviews int
			offers                                      *int
		}
		tell := func(who string) told {
			h, err := r.HireTimes(r.as(who), thatTime, nil)
			d.must(err)
			one := h.Total()
			effort, err := one.Effort()
			d.must(err)
			out := told{h.ApplicationsWithheld(), one.TimeToHire.Count, one.TimeToFill.Filled.Count, one.TimeToFill.Opened, effort.Interviews, effort.Offers}
			if (one.Offers == nil) != (out.offers == nil) || (one.TimeToOffer == nil) != (out.offers == nil) || out.offers == nil && effort.OnsitesPerOffer() != nil ||
				one.Offers != nil && one.Offers.Extended != *out.offers {
				t.Errorf("%s is told of offers and not", who)
			}
			return out
		}
		check := func(who string, want told) {
			t.Helper()
			if got := tell(who); !cmp.Equal(got, want, cmp.AllowUnexported(told{})) {
				t.Errorf("%s is told %+v, want %+v", who, got, want)
			}
		}
		check("recruiter", told{0, 3, 3, 5, 5, to(4)})
		check("manager", told{0, 3, 3, 5, 5, to(4)})
		check("colleague", told{1, 2, 2, 4, 2, to(3)})
		check("analyst", told{0, 3, 3, 5, 5, nil})
		check("both", told{0, 3, 3, 5, 5, nil})
		d.must(r.DB.HiringTeamMember.Create().SetID(r.id(gid.HiringTeamMember)).SetOpeningID(r.opening).
			SetMemberID(r.members["both"]).SetRole(hiringteammember.RoleHIRING_MANAGER).Exec(r.system()))
		check("both", told{0, 3, 3, 5, 5, to(4)})
		for who, want := range map[string]string{"interviewer": "FORBIDDEN at ", "nobody": "FORBIDDEN at "} {
			if _, err := r.HireTimes(r.as(who), nil, nil); refused(err) != want {
				t.Errorf("%s: %v, want %s", who, err, want)
			}
		}
	})
}

// Seats come from no source: by source, or of some sources, nothing is told of
// them; and seats of drafts are none yet.
func TestSeatsHaveNoSource(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		r := newRecruiting(d)
		r.run(nil)
		d.draft(3)
		for rule, c := range map[string]struct {
			filter hiring.FunnelFilter
			view   hiring.FunnelView
		}{
			"grouped by it":  {*thatTime, hiring.FunnelView{GroupBy: to(hiring.GroupBySource)}},
			"filtered by it": {hiring.FunnelFilter{From: thatTime.From, To: thatTime.To, SourceIDs: []gid.ID{r.id(gid.Source)}}, hiring.FunnelView{GroupBy: to(hiring.GroupByDepartment)}},
		} {
			h, err := r.HireTimes(r.as("recruiter"), &c.filter, &c.view)
			d.must(err)
			if told := h.Total().TimeToFill != nil; told != (c.filter.SourceIDs == nil) {
				t.Errorf("%s: time to fill of all is told: %t", rule, told)
			}
			for _, one := range h.Groups() {
				if one.TimeToFill != nil || one.TimeToFillCritical != nil {
					t.Errorf("%s: time to fill is %+v", rule, one.TimeToFill)
				}
			}
		}
		h, err := r.HireTimes(r.as("recruiter"), thatTime, nil)
		d.must(err)
		if drafts := r.DB.Seat.Query().Where(seat.StatusEQ(seat.StatusOPEN)).CountX(r.system()); h.Total().TimeToFill.Opened != 5 || drafts != 4 {
			t.Errorf("%d seats opened, %d are open with drafts", h.Total().TimeToFill.Opened, drafts)
		}
	})
}
