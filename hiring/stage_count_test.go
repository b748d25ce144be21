package hiring_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db/opening"
	"hireloop/internal/gid"
)

func TestStageCounts(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		w, _ := o.live(t)
		o.newOpening(opening.StatusOPEN, 1)
		confidential, stages := o.newOpening(opening.StatusOPEN, 1)
		o.applyFor(confidential, stages[2])
		o.must(o.DB.Opening.UpdateOne(confidential).SetIsConfidential(true).Exec(o.system()))
		asked := []gid.ID{o.opening.ID, confidential.ID, o.id(gid.Opening)}

		// Whoever sees an opening is told the same, also analysts, who see no applications.
		for _, who := range []string{"recruiter", "manager", "analyst"} {
			counts, err := o.StageCounts(o.as(who), asked)
			if err != nil {
				t.Fatal(err)
			}
			stuck, err := o.Stuck(o.as(who), asked)
			if err != nil {
				t.Fatal(err)
			}
			told, names := map[string]int{}, []string{}
			for _, c := range counts[o.opening.ID] {
				told[c.Stage.Name] = c.Active
				names = append(names, c.Stage.Name)
			}
			if diff := cmp.Diff(w.Snapshot, told); diff != "" {
				t.Errorf("%s: %s", who, diff)
			}
			if diff := cmp.Diff(w.Stages, names); diff != "" {
				t.Errorf("%s: not every stage in order: %s", who, diff)
			}
			if diff := cmp.Diff(map[gid.ID]int{o.stages[0].ID: 1, o.stages[2].ID: 1}, stuck[o.opening.ID]); diff != "" {
				t.Errorf("%s: stuck: %s", who, diff)
			}
			_, seen := counts[confidential.ID]
			_, seenStuck := stuck[confidential.ID]
			if want := who == "manager"; seen != want || seenStuck != want {
				t.Errorf("%s sees the confidential opening: %t, %t; want %t", who, seen, seenStuck, want)
			}
		}
		counts, err := o.StageCounts(o.as("stranger"), asked)
		if err != nil || len(counts) != 0 {
			t.Errorf("one who sees no opening: %v, %v", counts, err)
		}
	})
}
