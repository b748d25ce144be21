package fault

import (
	"errors"
	"fmt"
	"runtime"
)

// Panicked says what a panic was without what it may quote: the text of the Go
// runtime's own, only the type of any other value. The stack tells where.
func Panicked(v any) string {
	if err, ok := v.(error); ok {
		if own, ok := errors.AsType[runtime.Error](err); ok {
			return own.Error()
		}
	}
	return fmt.Sprintf("a %T", v)
}
