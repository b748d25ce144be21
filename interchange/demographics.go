package interchange

import (
	"database/sql"
	"slices"
	"strings"
	"time"

	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// MaxDemographicAnswer is how long an answer may be, in characters, as the API
// has it.
const MaxDemographicAnswer = 60

// Demographics are what somebody who applied said of themselves. They are kept
// apart: no reference leads from the other system's row to ours.
type Demographics struct {
	Reference
	Applications []*Application // that they applied by
	Answers      []DemographicAnswer
	SubmittedAt  time.Time // zero when unknown: then with the application
}

// DemographicAnswer is one answer; "" declines.
type DemographicAnswer struct{ Attribute, Answer string }

// answered is what is asked of whom.
type answered struct {
	application gid.ID
	attribute   string
}

// answerHere is an answer as it is here.
type answerHere struct {
	id       gid.ID
	answer   string
	recorded time.Time
}

// demographics keeps what people said of themselves. What they said here later
// stays.
func (r *run) demographics() error {
	out, err := r.sink("demographic_answers", "id", "application_id", "attribute", "answer", "recorded_at")
	if err != nil {
		return err
	}
	for part := range slices.Chunk(r.world.Demographics, chunk) {
		here, err := r.answersHere(part)
		if err != nil {
			return err
		}
		for _, d := range part {
			if err := r.fileAnswers(d, here, out); err != nil {
				return err
			}
		}
		if err := out.flush(); err != nil { // a later part may be of the same application
			return err
		}
		r.step(len(part))
	}
	return out.close()
}

func (r *run) fileAnswers(d *Demographics, here map[answered]answerHere, out *sink) error {
	f, kept, filed := unchanged, []string{}, false
	for _, a := range d.Applications {
		if a.id.IsNil() || r.saidBy[a.id] {
			continue
		}
		r.saidBy[a.id], filed = true, true
		at := d.recordedAt(a, r.started)
		for _, one := range d.Answers {
			have, there := here[answered{a.id, one.Attribute}]
			switch {
			case !there:
				f = created
				if err := out.add(r.opt.IDs.At(gid.DemographicAnswer, at), a.id, one.Attribute, orNull(one.Answer), at); err != nil {
					return err
				}
			case have.answer == one.Answer:
			case have.recorded.After(at):
				kept = append(kept, strings.ToLower(one.Attribute))
			default:
				if f == unchanged {
					f = updated
				}
				if err := r.exec(`UPDATE demographic_answers SET answer = $1, recorded_at = $2 WHERE id = $3`, orNull(one.Answer), at, have.id); err != nil {
					return err
				}
			}
		}
	}
	switch {
	case !filed:
		r.report.Add(d.issue("", CodeGone, Skipped, "the application is not here, or another row answers for it"))
		f = skipped
	case len(kept) > 0:
		r.report.Add(d.issue("", CodeKept, Noted, "was answered here since, and is left so: "+strings.Join(kept, ", ")))
	}
	r.settle(&d.Reference, f)
	return nil
}

// recordedAt is when the answers were given, for want of better when the
// application was; never after the run.
func (d *Demographics) recordedAt(a *Application, started time.Time) time.Time {
	at := firstTime(d.SubmittedAt, a.Facts.AppliedAt, started)
	if at.After(started) {
		return started
	}
	return at
}

// answersHere are the answers that are here of a part of the rows.
func (r *run) answersHere(part []*Demographics) (map[answered]answerHere, error) {
	here := map[answered]answerHere{}
	if r.first {
		return here, nil // the applications are new
	}
	var ids []gid.ID
	for _, d := range part {
		for _, a := range d.Applications {
			if !a.id.IsNil() {
				ids = append(ids, a.id)
			}
		}
	}
	return here, store.Query(r.ctx, r.tx, `SELECT application_id, attribute, id, answer, recorded_at FROM demographic_answers
		WHERE `+r.db.AmongIDs("application_id", 1), r.db.IDs(ids)).Each(func(row store.Row) error {
		var of answered
		var a answerHere
		var answer sql.NullString
		err := row.Scan(&of.application, &of.attribute, &a.id, &answer, &a.recorded)
		a.answer = answer.String
		here[of] = a
		return err
	})
}
