package rubric

import (
	"fmt"
	"strconv"
	"strings"
)

// Bar is the mean rating that meets a demand, in hundredths: 275 is 2.75. It is
// exact, so that a tie at the bar is a tie.
type Bar int

// String shows the bar as people write it: 2.75, 2.5, 3.
func (b Bar) String() string {
	text := fmt.Sprintf("%d.%02d", int(b)/100, int(b)%100)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// MarshalJSON writes the bar as a decimal number.
func (b Bar) MarshalJSON() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalJSON reads a decimal number of at most two places.
func (b *Bar) UnmarshalJSON(text []byte) error {
	whole, places, _ := strings.Cut(string(text), ".")
	if len(places) > 2 {
		return fmt.Errorf("bar %s has more than two decimal places", text)
	}
	n, err := strconv.ParseUint(whole+(places + "00")[:2], 10, 16)
	if err != nil {
		return fmt.Errorf("bar %s is not a decimal number", text)
	}
	*b = Bar(n)
	return nil
}
