package fault_test

import (
	"fmt"
	"testing"

	"hireloop/internal/fault"
)

func ExampleError() {
	err := fault.Transition("applicationId", "application", "REJECTED", "advance").
		WithHint("reopen it first").Under("input")
	fmt.Println(err)
	// Output: input.applicationId: application is REJECTED: cannot advance (reopen it first)
}

func ExampleList() {
	var problems fault.List
	problems.Add(fault.Required("title"))
	problems.Add(nil)
	problems.Add(fault.Invalidf("seats", "must be at least 1"))
	fmt.Println(problems.Err())
	// Output:
	// title: is required
	// seats: must be at least 1
}

func TestAllSeesThroughWrapping(t *testing.T) {
	wrapped := fmt.Errorf("hire: %w", fault.Conflictf("seatId", "taken"))
	if got := fault.All(wrapped); len(got) != 1 || got[0].Message != "taken" {
		t.Errorf("All(%v) = %v, want the conflict", wrapped, got)
	}
	if !fault.Is(wrapped, fault.Conflict) || fault.Is(wrapped, fault.Invalid) {
		t.Errorf("Is(%v) does not tell its kind", wrapped)
	}
	if fault.All(fmt.Errorf("disk full")) != nil {
		t.Error("a foreign error must stay internal")
	}
	if (fault.List{}).Err() != nil {
		t.Error("an empty list is not an error")
	}
}
