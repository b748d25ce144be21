package hiring_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/demographicanswer"
	"hireloop/ent/db/event"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

const (
	gender   = demographicanswer.AttributeGENDER
	ageBand  = demographicanswer.AttributeAGE_BAND
	veterans = demographicanswer.AttributeVETERAN_STATUS
)

// says is one answer; nil declines.
func says(attribute demographicanswer.Attribute, answer *string) *hiring.DemographicAnswerInput {
	return &hiring.DemographicAnswerInput{Attribute: attribute, Answer: answer}
}

// record has a careers site record what somebody says of themselves.
func (d *desk) record(application gid.ID, answers ...*hiring.DemographicAnswerInput) error {
	_, err := d.RecordDemographics(d.as("admin"), hiring.RecordDemographicsInput{ApplicationID: application, Answers: answers})
	return err
}

// said tells the answers that are kept, in a line each.
func (d *desk) said(application gid.ID) []string {
	d.t.Helper()
	rows, err := d.DB.DemographicAnswer.Query().Where(demographicanswer.ApplicationID(application)).All(d.system())
	d.must(err)
	lines := []string{}
	for _, row := range rows {
		answer := "declined"
		if row.Answer != nil {
			answer = fmt.Sprintf("%q", *row.Answer)
		}
		lines = append(lines, fmt.Sprintf("%s %s on day %g", row.Attribute, answer, row.RecordedAt.Sub(dayOf(0)).Hours()/24))
	}
	slices.Sort(lines)
	return lines
}

func TestRecordDemographics(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		a := d.applicant(d.open(1).ID).ID
		for _, c := range []struct {
			rule    string
			day     float64
			answers []*hiring.DemographicAnswerInput
			want    []string
		}{
			{"an answer is a line of their own words; none declines", 100,
				[]*hiring.DemographicAnswerInput{says(gender, to(" A gender\t of my  own\n")), says(ageBand, nil)},
				[]string{`AGE_BAND declined on day 100`, `GENDER "A gender of my own" on day 100`}},
			{"what is not answered stays", 101,
				[]*hiring.DemographicAnswerInput{says(veterans, to("Veteran"))},
				[]string{`AGE_BAND declined on day 100`, `GENDER "A gender of my own" on day 100`, `VETERAN_STATUS "Veteran" on day 101`}},
			{"the same answer again is the earlier one", 102,
				[]*hiring.DemographicAnswerInput{says(ageBand, nil), says(gender, to("A gender of my own"))},
				[]string{`AGE_BAND declined on day 100`, `GENDER "A gender of my own" on day 100`, `VETERAN_STATUS "Veteran" on day 101`}},
			{"another answer replaces, and so does to decline", 103,
				[]*hiring.DemographicAnswerInput{says(ageBand, to("35 to 44")), says(gender, nil)},
				[]string{`AGE_BAND "35 to 44" on day 103`, `GENDER declined on day 103`, `VETERAN_STATUS "Veteran" on day 101`}},
		} {
			d.now = dayOf(c.day)
			d.must(d.record(a, c.answers...))
			if diff := cmp.Diff(c.want, d.said(a)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.rule, diff)
			}
		}
		if got, want := d.traces(), "recordDemographics by admin of application, demographics.recorded"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		for text, want := range map[string][]string{"35 to 44": {"demographic_answers"}, "A gender of my own": {}, "AGE_BAND": {"demographic_answers"}} {
			if got := d.telling(text); !slices.Equal(got, want) {
				t.Errorf("%q is told by %v, want %v", text, got, want)
			}
		}
		entry, err := d.DB.AuditEntry.Query().Where(auditentry.Action("recordDemographics")).Order(auditentry.ByRecordedAt()).First(d.system())
		d.must(err)
		if got := fmt.Sprint(entry.Details); *entry.SubjectID != a || got != "map[answers:2]" {
			t.Errorf("the audit entry says %s of %s", got, entry.SubjectID)
		}
		events, err := d.DB.Event.Query().Where(event.Type("demographics.recorded")).All(d.system())
		d.must(err)
		for _, e := range events {
			if e.ApplicationID != nil || e.OpeningID != nil || e.SubjectID != d.members["admin"] {
				t.Errorf("the event tells who answered: %v", e)
			}
		}
		if len(events) != 4 {
			t.Errorf("%d events, want 4", len(events))
		}
	})
}

func TestRecordDemographicsRefuses(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		a := d.applicant(d.open(1).ID).ID
		hidden := d.open(1)
		b := d.applicant(hidden.ID).ID
		d.must(d.DB.Opening.UpdateOne(hidden).SetIsConfidential(true).Exec(d.system()))
		by := func(ctx context.Context) func() error {
			return func() error {
				_, err := d.RecordDemographics(ctx, hiring.RecordDemographicsInput{
					ApplicationID: a, Answers: []*hiring.DemographicAnswerInput{says(gender, to("Woman"))}})
				return err
			}
		}
		answers := func(answers ...*hiring.DemographicAnswerInput) func() error {
			return func() error { return d.record(a, answers...) }
		}
		d.refuses(t,
			refusal{"a recruiter", "FORBIDDEN at ", by(d.as("recruiter"))},
			refusal{"the manager of the opening", "FORBIDDEN at ", by(d.as("manager"))},
			refusal{"an analyst, who may compare", "FORBIDDEN at ", by(d.as("analyst"))},
			refusal{"an interviewer", "FORBIDDEN at ", by(d.as("interviewer"))},
			refusal{"nobody", "FORBIDDEN at ", by(context.Background())},
			refusal{"no answers", "REQUIRED at answers", answers()},
			refusal{"an empty answer", "REQUIRED at answers.0.answer", answers(says(gender, to(" \u200b")))},
			refusal{"an answer that is an essay", "INVALID at answers.1.answer",
				answers(says(gender, to(strings.Repeat("é", 60))), says(ageBand, to(strings.Repeat("é", 61))))},
			refusal{"one attribute twice", "INVALID at answers.1.attribute", answers(says(gender, to("Woman")), says(gender, nil))},
			refusal{"an attribute that there is not", "INVALID at answers.0.attribute", answers(says("SHOE_SIZE", to("44")))},
			refusal{"a long list", "INVALID at answers", answers(make([]*hiring.DemographicAnswerInput, 11)...)},
			refusal{"another kind of thing", "NOT_FOUND at applicationId", func() error { return d.record(hidden.ID, says(gender, nil)) }},
			refusal{"an application that is not there", "NOT_FOUND at applicationId", func() error { return d.record(d.id(gid.Application), says(gender, nil)) }},
			refusal{"an application that the administrator does not see", "NOT_FOUND at applicationId", func() error { return d.record(b, says(gender, nil)) }},
			refusal{"all that is wrong", "INVALID at answers.1.attribute, NOT_FOUND at applicationId",
				func() error { return d.record(gid.Nil, says(gender, nil), says(gender, nil)) }},
		)
	})
}

// A careers site that sends a form twice at once leaves one answer.
func TestTheSameAnswersAtOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		a := d.applicant(d.open(1).ID).ID
		errs := atOnce(times(6, func(i int) error {
			return d.record(a, says(gender, to(fmt.Sprintf("the %dth", i))), says(ageBand, nil))
		})...)
		if diff := cmp.Diff(map[string]int{"<nil>": 6}, tally(errs)); diff != "" {
			t.Error(diff)
		}
		if got := d.said(a); len(got) != 2 {
			t.Errorf("kept %v, want two answers", got)
		}
	})
}

// Whoever asks the guarded client for answers gets none: the administrator who
// records them, the analyst who compares groups, the team of the opening.
func TestAnswersAreReadByNobody(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		a := d.applicant(d.open(1).ID).ID
		d.must(d.record(a, says(gender, to("Woman"))))
		for who := range d.people {
			n, err := d.DB.DemographicAnswer.Query().Count(d.as(who))
			d.must(err)
			if n != 0 {
				t.Errorf("%s reads %d answers", who, n)
			}
		}
		all := access.WithViewer(context.Background(), &access.Viewer{Member: d.members["admin"], Roles: access.Roles})
		if rows, err := d.DB.DemographicAnswer.Query().All(all); err != nil || len(rows) > 0 {
			t.Errorf("who has every role reads %v, %v", rows, err)
		}
		if len(d.said(a)) != 1 {
			t.Error("there was nothing to read")
		}
	})
}
