package greenhouse

import (
	"fmt"
	"slices"
	"strings"

	"hireloop/interchange"
)

// question is a question of the form, and in which columns its answer is.
type question struct {
	attribute string
	number    string   // column of the answer's number
	words     []string // columns of its text, the better first
	// answer is what we call the answer of a form whose answers are given, by how
	// its text begins, as a slug; nil where people answer in their own words.
	answers []formAnswer
}

type formAnswer struct{ begins, answer string }

func questions() []question {
	return []question{
		{"GENDER", "gender_id", []string{"gender_description"}, nil},
		{"RACE_ETHNICITY", "race_id", []string{"race_description"}, nil},
		{"DISABILITY_STATUS", "disability_status_id", []string{"disability_status_description"}, []formAnswer{
			{"yes", "Disability, or a history of one"}, {"no", "No disability"},
		}},
		{"VETERAN_STATUS", "veteran_status_id", []string{"veteran_status_description", "veteran_status_message"}, []formAnswer{
			{"i_am_not_a_protected_veteran", "Not a protected veteran"}, {"i_am_not_a_veteran", "Not a veteran"},
			{"i_identify_as_one_or_more_of_the_classifications", "Protected veteran"}, {"i_am_a_protected_veteran", "Protected veteran"},
			{"i_am_a_veteran", "Veteran"},
		}},
	}
}

// declining is how the text of who declines to say begins, as a slug.
func declining() []string {
	return []string{
		"decline", "i_decline", "i_don_t_wish", "i_do_not_wish", "i_don_t_want", "i_do_not_want", "i_prefer_not", "prefer_not",
		"i_choose_not", "choose_not", "i_d_prefer_not", "rather_not", "i_d_rather_not", "not_specified", "no_answer",
	}
}

// demographics makes what people said of themselves of the rows of eeoc.
func (p *planner) demographics() {
	p.each("eeoc", func(l *line) {
		id := l.ref("application_id")
		filed := p.filed[id]
		if len(filed) == 0 {
			p.skip(l, "application_id", interchange.CodeMissing, "application "+id+" was not imported")
			return
		}
		d := &interchange.Demographics{Reference: l.reference(filed[0].At), Applications: filed, SubmittedAt: p.moment(l, "submitted_at")}
		for _, q := range questions() {
			if answer, given := p.answer(l, q); given {
				d.Answers = append(d.Answers, interchange.DemographicAnswer{Attribute: q.attribute, Answer: answer})
			}
		}
		if len(d.Answers) == 0 {
			p.skip(l, "", interchange.CodeInvalid, "answers none of the questions")
			return
		}
		p.world.Demographics = append(p.world.Demographics, d)
	})
}

// answer reads the answer to a question; "" declines. What was answered is never
// reported, only that it was no answer.
func (p *planner) answer(l *line, q question) (answer string, given bool) {
	column := q.words[0]
	for i := len(q.words) - 1; i >= 0; i-- {
		if text, _ := interchange.Line(l.get(q.words[i]), interchange.MaxProse); text != "" {
			answer, column = text, q.words[i]
		}
	}
	slug := interchange.Slug(answer, interchange.MaxName)
	switch {
	case answer == "" && l.ref(q.number) == "":
		return "", false
	case answer == "":
		p.note(l, q.number, interchange.CodeUnknownValue, interchange.Mapped, "is a number without the text of the answer; left out")
		return "", false
	case slices.ContainsFunc(declining(), func(begins string) bool { return strings.HasPrefix(slug, begins) }):
		return "", true
	}
	for _, known := range q.answers {
		if slug == known.begins || strings.HasPrefix(slug, known.begins+"_") {
			return known.answer, true
		}
	}
	if q.answers != nil || slug == "" {
		p.note(l, column, interchange.CodeUnknownValue, interchange.Mapped, "is none of the answers of the form; left out")
		return "", false
	}
	answer, cut := interchange.Line(answer, interchange.MaxDemographicAnswer)
	if cut {
		p.note(l, column, interchange.CodeTooLong, interchange.Mapped, fmt.Sprintf("was cut to %d characters", interchange.MaxDemographicAnswer))
	}
	return answer, true
}
