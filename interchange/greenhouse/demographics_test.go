package greenhouse_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"hireloop/interchange"
	"hireloop/interchange/interchangetest"
	"hireloop/internal/access"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

const answersTitle = "Demographic answers: opening, candidate, attribute, answer, recorded"

// eeoc is an export in which somebody answers.
func eeoc(rows string) map[string]string {
	return export(map[string]string{"eeoc": "application_id,gender_description,race_description,veteran_status_description,submitted_at\n" + rows})
}

func TestALaterFormReplacesAnswers(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		i.real(files(eeoc("2001,Female,Asian,I don't wish to answer,2025-01-04 10:05:00\n")))
		wantSection(t, d, answersTitle,
			"Engineering manager | Ada Quill | GENDER | Female | 2025-01-04T10:05:00",
			"Engineering manager | Ada Quill | RACE_ETHNICITY | Asian | 2025-01-04T10:05:00",
			"Engineering manager | Ada Quill | VETERAN_STATUS | - | 2025-01-04T10:05:00")

		later := files(eeoc("2001,Decline To Self Identify,,I am not a protected veteran,2025-02-01 09:00:00\n"))
		if got := i.real(later).Table("eeoc"); got.Updated != 1 {
			t.Errorf("eeoc: %+v, want 1 updated", *got)
		}
		interchangetest.Still(t, i.real(later))
		wantSection(t, d, answersTitle, // what is not answered the second time stays
			"Engineering manager | Ada Quill | GENDER | - | 2025-02-01T09:00:00",
			"Engineering manager | Ada Quill | RACE_ETHNICITY | Asian | 2025-01-04T10:05:00",
			"Engineering manager | Ada Quill | VETERAN_STATUS | Not a protected veteran | 2025-02-01T09:00:00")
	})
}

func TestWhatWasAnsweredHereSinceStays(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		form := files(eeoc("2001,Female,Asian,,2025-01-04 10:05:00\n"))
		i.real(form)
		if _, err := d.SQL().ExecContext(access.System(context.Background()),
			`UPDATE demographic_answers SET answer = NULL, recorded_at = $1 WHERE attribute = 'GENDER'`, time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
		before := interchangetest.Dump(t, d)
		r := i.real(form)
		if after := interchangetest.Dump(t, d); after != before {
			t.Errorf("the import changed\n%s\nto\n%s", before, after)
		}
		var kept []string
		for _, row := range r.Rows {
			if row.Code == interchange.CodeKept {
				kept = append(kept, row.String())
			}
		}
		if got := strings.Join(kept, "; "); got != "eeoc.csv:2 id 2001: was answered here since, and is left so: gender (noted)" {
			t.Errorf("reported as answered here: %s", got)
		}
	})
}

// Reports say which row did not fit, never what somebody said of themselves; and
// nothing leads from the other system's row to an answer.
func TestAnswersAreNotReported(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		r := newImporter(t, d).real(files(eeoc("2001,Gender of my own " + strings.Repeat("x", 80) + ",Martian,Once a sailor,2025-01-04 10:05:00\n")))
		told := print(t, r) + strings.Join(interchangetest.Rows(t, d, `SELECT report FROM import_runs`), "") +
			strings.Join(interchangetest.Rows(t, d, `SELECT details FROM audit_entries`), "")
		for _, word := range []string{"Gender of", "Martian", "sailor", "2001/"} {
			if strings.Contains(told, word) {
				t.Errorf("%q is told by the report:\n%s", word, told)
			}
		}
		if n := interchangetest.Rows(t, d, `SELECT count(*) FROM external_references WHERE object = 'eeoc' OR subject_id IN (SELECT id FROM demographic_answers)`); n[0] != "0" {
			t.Errorf("%s references lead to answers", n[0])
		}
		wantSection(t, d, answersTitle,
			"Engineering manager | Ada Quill | GENDER | Gender of my own "+strings.Repeat("x", 43)+" | 2025-01-04T10:05:00",
			"Engineering manager | Ada Quill | RACE_ETHNICITY | Martian | 2025-01-04T10:05:00")
	})
}

// Of two forms of one application the one that is listed later is taken.
func TestOneApplicationAnswersOnce(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		two := eeoc("2001,Female,,,2025-01-04 10:05:00\n2001,Male,,,2025-01-05 10:05:00\n")
		for range 2 {
			r := i.real(files(two))
			if got := r.Table("eeoc"); got.Read != 2 || got.Skipped != 1 {
				t.Errorf("eeoc: %+v, want 1 of 2 skipped", *got)
			}
			wantSection(t, d, answersTitle, "Engineering manager | Ada Quill | GENDER | Male | 2025-01-05T10:05:00")
		}
	})
}
