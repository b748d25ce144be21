package interchange

import (
	"encoding/base64"
	"slices"

	"hireloop/internal/gid"
	"hireloop/internal/personal"
	"hireloop/internal/store"
)

// erased is whom not to bring back: digests of what other systems call them.
type erased struct {
	key     []byte
	digests map[string]bool
}

func (r *run) readErased() (erased, error) {
	e := erased{digests: map[string]bool{}}
	err := store.Query(r.ctx, r.tx, `SELECT id FROM erased_references`).Each(func(row store.Row) error {
		var digest string
		err := row.Scan(&digest)
		e.digests[digest] = true
		return err
	})
	if err != nil || len(e.digests) == 0 {
		return e, err
	}
	var key string
	if err := r.tx.QueryRowContext(r.ctx, `SELECT content FROM settings WHERE id = $1`, personal.KeySetting).Scan(&key); err != nil {
		return e, err
	}
	e.key, err = base64.StdEncoding.DecodeString(key)
	return e, err
}

// refused tells whether a record is a person who was erased. What belongs to them
// is left out with them.
func (r *run) refused(t table, rec *Reference) bool {
	if t.kind != gid.Candidate || !rec.id.IsNil() || len(r.erased.digests) == 0 {
		return false
	}
	was := slices.ContainsFunc(rec.refs(), func(ref Ref) bool {
		return r.erased.digests[personal.Digest(r.erased.key, r.opt.System, ref.Object, ref.ID)]
	})
	if was {
		r.report.Add(RowIssue{File: rec.File, Line: rec.Line, Code: CodeErased, Outcome: Skipped,
			Message: "was erased here; the person is not brought back"})
		r.settle(rec, skipped)
	}
	return was
}
