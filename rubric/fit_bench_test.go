package rubric_test

import (
	"testing"

	"hireloop/rubric"
)

// A full loop for a Senior Engineering Manager: 40 ratings by 7 people, two
// levels. It must take under 100 µs and 200 allocations.
func seniorLoop(t testing.TB) rubric.FitInput {
	content, err := rubric.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return rubric.FitInput{
		Ladder: content.Ladder, Edition: content.Edition,
		Target: "senior_em", Allowed: []string{"em", "senior_em"},
		Cards: loop(content.Plans[1], func(seat, signal string) int { return 3 + (len(seat)+len(signal))%2 }),
	}
}

func BenchmarkLevelFit(b *testing.B) {
	in := seniorLoop(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rubric.LevelFit(in); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAFitTakesFewAllocations(t *testing.T) {
	in := seniorLoop(t)
	n := testing.AllocsPerRun(100, func() {
		if _, err := rubric.LevelFit(in); err != nil {
			t.Fatal(err)
		}
	})
	if n >= 200 {
		t.Errorf("a fit takes %v allocations", n)
	}
}
