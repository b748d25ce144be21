package hiring_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/source"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

// Rates take twenty applications; whose stage is that of interviews, or a later
// one, has reached it; hires are shared out among all sources, none among them.
func TestSourceEffectiveness(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		agency, err := o.DB.Source.Query().Where(source.KindEQ(source.KindAGENCY)).FirstID(o.system())
		o.must(err)
		apply := func(from *gid.ID, stage int) *db.Application {
			return o.applicant(o.opening.ID, func(in *hiring.CreateApplicationInput) {
				in.StageID, in.AppliedAt, in.SourceID = &o.stages[stage].ID, to(dayOf(10)), from
			})
		}
		var referred []*db.Application
		for n := range 20 {
			referred = append(referred, apply(&o.source, min(n/4, 3))) // 0 to 3: Applied, Screen, Onsite, Offer
		}
		for range 18 {
			apply(&agency, 0)
		}
		hired := apply(&agency, 2)
		unknown := apply(nil, 1)
		_, err = o.AddSeats(o.as("recruiter"), hiring.AddSeatsInput{OpeningID: o.opening.ID, ExpectedVersion: o.desk.opening(o.opening.ID).Version})
		o.must(err)
		for i, a := range []*db.Application{referred[0], hired, unknown} {
			in := o.hire(a)
			in.OccurredAt = to(dayOf(30 + float64(10*i)))
			_, err := o.HireApplication(o.as("recruiter"), in)
			o.must(err)
		}
		tell := func(view *hiring.FunnelView, filter hiring.FunnelFilter) []string {
			filter.From, filter.To = to(dayOf(0)), to(dayOf(101))
			e, err := o.SourceEffectiveness(o.as("recruiter"), &filter, view)
			o.must(err)
			var lines []string
			show := func(f *float64) string {
				if f == nil {
					return "-"
				}
				return fmt.Sprintf("%.3g", *f)
			}
			for _, s := range append(e.Sources(), e.Total()) {
				name := "all or none"
				if s.Group.Name != nil {
					name = *s.Group.Name
				}
				if s.IsSufficient() != (s.HireRateInterval() != nil) || s.IsSufficient() != (s.InterviewRateInterval() != nil) {
					t.Errorf("%s has an interval and no rate, or a rate and none", name)
				}
				lines = append(lines, fmt.Sprintf("%s: %d, %d reached (%s), %d hired (%s, share %s), %s days",
					name, s.Applications, s.ReachedInterview, show(s.InterviewRate()), s.Hires, show(s.HireRate()), show(s.ShareOfHires), show(s.TimeToHire.MedianDays)))
			}
			return lines
		}
		agencyName := o.DB.Source.GetX(o.system(), agency).Name
		referral := o.DB.Source.GetX(o.system(), o.source).Name
		want := []string{
			agencyName + ": 19, 1 reached (-), 1 hired (-, share 0.333), 30 days",
			referral + ": 20, 13 reached (0.65), 1 hired (0.05, share 0.333), 20 days",
			"all or none: 1, 1 reached (-), 1 hired (-, share 0.333), 40 days",
			"all or none: 40, 15 reached (0.375), 3 hired (0.075, share 1), 30 days",
		}
		if diff := cmp.Diff(want, tell(nil, hiring.FunnelFilter{})); diff != "" {
			t.Error(diff)
		}
		referralsOnly := []string{
			referral + ": 20, 13 reached (0.65), 1 hired (0.05, share 1), 20 days",
			"all or none: 20, 13 reached (0.65), 1 hired (0.05, share 1), 20 days",
		}
		if diff := cmp.Diff(referralsOnly, tell(nil, hiring.FunnelFilter{SourceIDs: []gid.ID{o.source}})); diff != "" {
			t.Errorf("of one source: %s", diff)
		}
		// On day 35, as is known today, only the first was hired; who is hired from the
		// agency was among the interviews.
		asOf := &hiring.FunnelView{AsOf: to(dayOf(35)), KnownAt: to(o.now)}
		if got, want := tell(asOf, hiring.FunnelFilter{})[3], "all or none: 40, 14 reached (0.35), 1 hired (0.025, share 1), 20 days"; got != want {
			t.Errorf("on day 35: %s, want %s", got, want)
		}
		for rule, c := range map[string]struct {
			view *hiring.FunnelView
			want string
		}{
			"another grouping, and own stages": {&hiring.FunnelView{GroupBy: to(hiring.GroupByOpening), Stages: hiring.OwnStages}, "INVALID at view.groupBy, INVALID at view.stages"},
			"a future":                         {&hiring.FunnelView{AsOf: to(dayOf(101))}, "INVALID at view.asOf"},
		} {
			if _, err := o.SourceEffectiveness(o.as("recruiter"), nil, c.view); refused(err) != c.want {
				t.Errorf("%s: %v, want %s", rule, err, c.want)
			}
		}
		if _, err := o.SourceEffectiveness(o.as("interviewer"), nil, nil); refused(err) != "FORBIDDEN at " {
			t.Errorf("an interviewer: %v", err)
		}
	})
}
