package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"hireloop/internal/fault"
)

// What somebody put into a panic may hold a name; what the runtime says may not.
func TestAPanicIsToldWithoutItsValue(t *testing.T) {
	caught := func(f func()) (text string) {
		defer func() { text = fault.Panicked(recover()) }()
		f()
		return ""
	}
	var nobody map[string]int
	var list []int
	for want, f := range map[string]func(){
		"a string":                                              func() { panic("Ada Lovelace") },
		"a *errors.errorString":                                 func() { panic(errors.New("Ada Lovelace")) },
		"assignment to entry in nil map":                        func() { nobody["Ada Lovelace"] = 1 },
		"index out of range [7] with length 0":                  func() { _ = list[len("Ada Lov")] },
		"interface conversion: interface {} is string, not int": func() { _ = any("Ada Lovelace").(int) },
		"runtime error: integer divide by zero": func() {
			defer func() { panic(fmt.Errorf("Ada Lovelace: %w", recover().(error))) }()
			_ = 1 / len(list)
		},
	} {
		if got := caught(f); !strings.Contains(got, want) || strings.Contains(got, "Ada") {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
