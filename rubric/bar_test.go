package rubric_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"hireloop/rubric"
)

func ExampleBar() {
	fmt.Println(rubric.Bar(275), rubric.Bar(250), rubric.Bar(300))
	// Output: 2.75 2.5 3
}

func TestBarsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bar := rubric.Bar(rapid.IntRange(0, 1000).Draw(t, "hundredths"))
		text, err := json.Marshal(bar)
		if err != nil {
			t.Fatal(err)
		}
		var back rubric.Bar
		if err := json.Unmarshal(text, &back); err != nil || back != bar {
			t.Errorf("%d is written %s and read %d, %v", int(bar), text, int(back), err)
		}
	})
}

func TestBarsThatAreNoHundredths(t *testing.T) {
	for _, text := range []string{`2.755`, `-1`, `"2.75"`, `1e2`, `true`, `700000`} {
		var bar rubric.Bar
		if err := json.Unmarshal([]byte(text), &bar); err == nil {
			t.Errorf("%s is read as %v", text, bar)
		}
	}
}
