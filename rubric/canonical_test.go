package rubric_test

import (
	"fmt"
	"testing"

	"hireloop/rubric"
)

func ExampleCanonical() {
	text, _ := rubric.Canonical(map[string]any{"b": 1, "a": []any{rubric.Bar(250), "<é>"}})
	fmt.Println(string(text))
	// Output: {"a":[2.5,"<é>"],"b":1}
}

func TestTheHashSeesContentAndNothingElse(t *testing.T) {
	hash := func(v any) string {
		t.Helper()
		sum, err := rubric.Hash(v)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	one := rubric.Area{Key: "people", Name: "People"}
	sameByOtherWay := map[string]string{"name": "People", "key": "people"}
	if hash(one) != hash(sameByOtherWay) {
		t.Error("the order of fields changes the hash")
	}
	if other := (rubric.Area{Key: "people", Name: "People "}); hash(one) == hash(other) {
		t.Error("another name has the same hash")
	}
	if _, err := rubric.Hash(func() {}); err == nil {
		t.Error("what is not JSON has a hash")
	}
}
