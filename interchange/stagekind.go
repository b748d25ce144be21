package interchange

import (
	"slices"
	"strings"
)

// kindWords are the words by which the name of a stage tells its kind; the
// first line that has one of them wins.
func kindWords() []struct{ kind, words string } {
	return []struct{ kind, words string }{
		{"HIRED", "hired"},
		{"OFFER", "offer offers offered"},
		{"APPLIED", "application applications applied applicant applicants resume cv inbox"},
		{"SCREEN", "phone screen screening prescreen recruiter call intro introduction preliminary"},
		{"INTERVIEW", "interview interviews onsite site face panel final take takehome home homework assignment challenge exercise test " +
			"assessment presentation case dive loop debrief reference references background technical executive portfolio pairing " +
			"manager team culture"},
		{"LEAD", "lead leads prospect prospects sourced sourcing"},
	}
}

// StageKind is the kind of a stage by its name: "Application Review" is
// APPLIED, "Recruiter Phone Screen" SCREEN, "Take Home" INTERVIEW; "" when the
// name tells nothing.
func StageKind(name string) string {
	words := strings.Split(Slug(name, MaxName), "_")
	for _, k := range kindWords() {
		for w := range strings.FieldsSeq(k.words) {
			if slices.Contains(words, w) {
				return k.kind
			}
		}
	}
	return ""
}
