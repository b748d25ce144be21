package hiring

import (
	"testing"

	"hireloop/internal/fault"
)

// A line of text is what people see of it: what shows nothing is empty, and
// what shows other words than it holds is refused.
func TestLine(t *testing.T) {
	for _, c := range []struct {
		rule, given, want string
		code              fault.Code
	}{
		{"space is single and not around it", " Ada \t King ", "Ada King", ""},
		{"accents are composed", "Noe\u0308l", "No\u00ebl", ""},
		{"spaces only", " \u00a0\u3000", "", fault.CodeRequired},
		{"zero-width spaces only", "\u200b \u200b", "", fault.CodeRequired},
		{"a byte order mark only", "\ufeff", "", fault.CodeRequired},
		{"joiners only", "\u200c\u200d", "", fault.CodeRequired},
		{"an override only", "\u202e", "", fault.CodeRequired},
		{"a filler only", "\u3164", "", fault.CodeRequired},
		{"an override", "cod\u202exe.Ada", "", fault.CodeInvalid},
		{"an embedding", "\u202aAda\u202c", "", fault.CodeInvalid},
		{"an isolate", "Ada \u2066King\u2069", "", fault.CodeInvalid},
		{"a bell", "ding\a", "", fault.CodeInvalid},
		{"joined emoji", "Ada 👩\u200d💻", "Ada 👩\u200d💻", ""},
		{"Persian with a non-joiner", "می\u200cخواهم", "می\u200cخواهم", ""},
		{"Hebrew with a mark of direction", "דנה\u200f", "דנה\u200f", ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var problems fault.List
			got := line(&problems, "title", c.given, maxName)
			switch {
			case c.code == "" && (len(problems) > 0 || got != c.want):
				t.Errorf("%+q is read as %+q (%v), want %+q", c.given, got, problems, c.want)
			case c.code != "" && (len(problems) != 1 || problems[0].Code != c.code):
				t.Errorf("%+q is read as %+q (%v), want %s", c.given, got, problems, c.code)
			}
		})
	}
}

func TestTextThatShowsNothingIsAbsent(t *testing.T) {
	const unseen = "\u200b\u202e \n"
	var problems fault.List
	if got := optionalLine(&problems, "headline", new(unseen), maxName); got != nil || len(problems) > 0 {
		t.Errorf("an optional line is %+q (%v)", *got, problems)
	}
	if got := prose(&problems, "description", unseen, maxProse); got != "" || len(problems) > 0 {
		t.Errorf("prose is %+q (%v)", got, problems)
	}
	reason(&problems, "reason", unseen)
	if len(problems) != 1 || problems[0].Code != fault.CodeReasonRequired {
		t.Errorf("as a reason it gives %v", problems)
	}
}
