package hiring_test

import (
	"testing"

	"hireloop/ent/db/opening"
	"hireloop/hiring"
)

// Groups take memory before anything is counted: a report with too many is
// refused.
func TestAReportHasOnlySoManyGroups(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		for range 38 {
			o.newOpening(opening.StatusOPEN, 0)
		}
		ask := func(weeks int) string {
			_, err := o.Funnel(o.as("recruiter"), &hiring.FunnelFilter{From: to(dayOf(100).AddDate(0, 0, -7*weeks)), To: to(dayOf(100))},
				&hiring.FunnelView{GroupBy: to(hiring.GroupByOpening), Interval: to(hiring.Weekly)}, false)
			return refused(err)
		}
		if got := ask(255); got != "<nil>" { // and a part of another week, for 39 openings
			t.Errorf("9,984 groups: %s", got)
		}
		if got := ask(257); got != "INVALID at view" {
			t.Errorf("10,062 groups: %s", got)
		}
	})
}
