package interchange

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect"

	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// table is a table of ours and how its rows are compared with an export's.
type table struct {
	name    string
	kind    gid.Kind
	columns []column // what exports speak of
	fixed   []string // given once, when the row is made
	named   bool     // the first column is a text that no two rows share
	// tracked rows have created_at, updated_at; versioned ones a version too.
	tracked   bool
	versioned bool
}

// row is a record as a row of ours.
type row struct {
	rec    *Reference
	values []any // of table.columns
	fixed  []any // of table.fixed
	kept   bool  // what it belongs to was changed here: leave it alone
	frozen bool  // it stays as it is here, and that is no news
}

// put makes the rows of a table agree with a list of records, a chunk at a
// time. of says what row a record is; false means that what it belongs to is
// not there, so that it is left out as well.
func put[T any](r *run, t table, list []T, of func(T) (row, bool)) error {
	columns := append([]string{"id"}, names(t.columns)...)
	columns = append(columns, t.fixed...)
	if t.tracked {
		columns = append(columns, "created_at", "updated_at")
	}
	if t.versioned {
		columns = append(columns, "version")
	}
	out, err := r.sink(t.name, columns...)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(list, chunk) {
		var rows []row
		for _, x := range part {
			one, ok := of(x)
			if !ok && one.rec.IfHere {
				continue
			}
			if !ok {
				r.report.Add(one.rec.issue("", CodeGone, Skipped, "what it belongs to is not here"))
				r.settle(one.rec, skipped)
				continue
			}
			rows = append(rows, one)
		}
		if err := r.putRows(t, rows, out); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		r.step(len(part))
	}
	if err := out.close(); err != nil {
		return err
	}
	return nil
}

func (r *run) putRows(t table, rows []row, out *sink) error {
	rows = slices.DeleteFunc(rows, func(one row) bool { return r.repeated(one.rec) })
	recs := make([]*Reference, len(rows))
	for i, one := range rows {
		recs[i] = one.rec
	}
	known, err := r.find(recs)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(one row) bool { return r.shared(one.rec) || r.refused(t, one.rec) })
	stored, err := r.load(t, recs)
	if err != nil {
		return err
	}
	if t.named {
		if rows, err = r.nameRows(t, rows, stored); err != nil {
			return err
		}
	}
	for _, one := range rows {
		have, there := stored[one.rec.id]
		switch {
		case one.rec.id.IsNil() && one.rec.IfHere:
			continue
		case one.rec.id.IsNil():
			err = r.create(t, one, out)
		case !there:
			r.report.Add(one.rec.issue("", CodeGone, Skipped, "was removed here since it was imported; it is not brought back"))
			one.rec.id = gid.Nil
			r.settle(one.rec, skipped)
			continue
		default:
			err = r.agree(t, one, have)
		}
		if err == nil {
			err = r.refer(one.rec, known)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// find looks records up by what they are in the other system, and answers
// which references there are already.
func (r *run) find(recs []*Reference) (map[Ref]gid.ID, error) {
	known := map[Ref]gid.ID{}
	if r.first {
		return known, nil
	}
	byObject := map[string][]string{}
	for _, rec := range recs {
		for _, ref := range rec.refs() {
			byObject[ref.Object] = append(byObject[ref.Object], ref.ID)
		}
	}
	for object, ids := range byObject {
		if err := store.Query(r.ctx, r.tx, r.findText(), r.opt.System, object, r.db.Texts(ids)).Each(func(row store.Row) error {
			var ref, subject = Ref{Object: object}, gid.Nil
			err := row.Scan(&ref.ID, &subject)
			known[ref] = subject
			return err
		}); err != nil {
			return nil, err
		}
	}
	for _, rec := range recs {
		for _, ref := range append([]Ref{rec.Key}, rec.Aliases...) {
			if id, ok := known[ref]; ok {
				rec.id = id
				break
			}
		}
	}
	return known, nil
}

// findText is the query for references. On PostgreSQL each is looked up on its
// own: a table that was just filled has no statistics, and the planner would
// take its index for unselective.
func (r *run) findText() string {
	if r.db.Dialect() == dialect.Postgres {
		return `SELECT k.id, r.subject_id FROM unnest($3::text[]) AS k(id) CROSS JOIN LATERAL (
			SELECT subject_id FROM external_references WHERE system = $1 AND object = $2 AND external_id = k.id LIMIT 1) AS r`
	}
	return `SELECT external_id, subject_id FROM external_references WHERE system = $1 AND object = $2 AND ` + r.db.AmongTexts("external_id", 3)
}

func (r *Reference) refs() []Ref {
	return append(append([]Ref{r.Key}, r.Aliases...), r.Also...)
}

// repeated tells whether an earlier record of this run has the same key.
func (r *run) repeated(rec *Reference) bool {
	if !r.given[rec.Key] {
		r.given[rec.Key] = true
		return false
	}
	r.report.Add(rec.issue("", CodeDuplicate, Skipped, "another row has the same id"))
	r.settle(rec, skipped)
	return true
}

// shared tells whether another record of this run is the same row here: two
// rows there that were one when they were imported stay one here, and it is as
// the first of them says.
func (r *run) shared(rec *Reference) bool {
	switch first := r.claims[rec.id]; {
	case rec.id.IsNil():
		return false
	case first == nil:
		r.claims[rec.id] = rec
		return false
	default:
		r.report.Add(rec.issue("", CodeMovedOn, Noted, "was one with "+first.Key.Object+" "+first.Key.ID+" when it was imported, and stays so here"))
		rec.kept = true
		r.settle(rec, unchanged)
		return true
	}
}

// storedRow is a row as it is here.
type storedRow struct {
	values  []any // plain
	updated int64
}

// get is the value of a column.
func (s storedRow) get(t table, name string) any {
	return s.values[slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })]
}

func (r *run) load(t table, recs []*Reference) (map[gid.ID]storedRow, error) {
	var ids []gid.ID
	for _, rec := range recs {
		if !rec.id.IsNil() {
			ids = append(ids, rec.id)
		}
	}
	stored := map[gid.ID]storedRow{}
	if len(ids) == 0 {
		return stored, nil
	}
	columns := append([]string{"id"}, names(t.columns)...)
	if t.tracked {
		columns = append(columns, "updated_at")
	}
	err := store.Query(r.ctx, r.tx, fmt.Sprintf("SELECT %s FROM %s WHERE %s", joined("", columns), t.name, r.db.AmongIDs("id", 1)), r.db.IDs(ids)).Each(func(row store.Row) error {
		var id gid.ID
		var updated time.Time
		dest := []any{&id}
		for _, c := range t.columns {
			dest = append(dest, c.kind.scanned())
		}
		if t.tracked {
			dest = append(dest, &updated)
		}
		if err := row.Scan(dest...); err != nil {
			return err
		}
		one := storedRow{updated: updated.UnixMicro()}
		for i := range t.columns {
			one.values = append(one.values, plain(dest[i+1]))
		}
		stored[id] = one
		return nil
	})
	return stored, err
}

// create makes a new row.
func (r *run) create(t table, one row, out *sink) error {
	rec := one.rec
	if rec.At.IsZero() {
		rec.id = r.opt.IDs.New(t.kind)
	} else {
		rec.id = r.opt.IDs.At(t.kind, rec.At)
	}
	values := append(append([]any{rec.id}, one.values...), one.fixed...)
	if t.tracked {
		values = append(values, r.started, r.started)
	}
	if t.versioned {
		values = append(values, 1)
	}
	if rec.Stands != nil {
		r.report.Add(*rec.Stands)
	}
	r.settle(rec, created)
	return out.add(values...)
}

// agree updates a row that is here, unless it was changed here.
func (r *run) agree(t table, one row, have storedRow) error {
	rec := one.rec
	rec.kept = one.kept || r.changedHere(t, have)
	var set []string
	var args []any
	for i, c := range t.columns {
		if given := !t.named || i > 0 || one.values[0] != nil; given && plain(one.values[i]) != have.values[i] && !r.silent(t, c) {
			set = append(set, c.name)
			args = append(args, one.values[i])
		}
	}
	if rec.Stands != nil || one.frozen || len(set) == 0 {
		r.settle(rec, unchanged)
		return nil
	}
	if rec.kept {
		r.keep(rec, set)
		return nil
	}
	r.settle(rec, updated)
	return r.update(t, rec.id, set, args)
}

// changedHere tells whether something else than an import wrote a row last.
func (r *run) changedHere(t table, have storedRow) bool { return t.tracked && !r.before[have.updated] }

// silent tells whether the export says nothing about a column.
func (r *run) silent(t table, c column) bool { return slices.Contains(r.world.Silent[t.name], c.name) }

// keep leaves a record as it is here.
func (r *run) keep(rec *Reference, columns []string) {
	r.report.Add(rec.issue("", CodeKept, Noted, "was changed here, and is left so: the export has another "+joined("", columns)))
	r.settle(rec, unchanged)
}

func (r *run) update(t table, id gid.ID, set []string, args []any) error {
	var b strings.Builder
	fmt.Fprintf(&b, "UPDATE %s SET ", t.name)
	if t.tracked {
		set, args = append(set, "updated_at"), append(args, r.started)
	}
	for i, c := range set {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s = $%d", c, i+1)
	}
	if t.versioned {
		b.WriteString(", version = version + 1")
	}
	fmt.Fprintf(&b, " WHERE id = $%d", len(args)+1)
	return r.exec(b.String(), append(args, id)...)
}

// refer writes the references of a record that are not there yet.
func (r *run) refer(rec *Reference, known map[Ref]gid.ID) error {
	for i, ref := range rec.refs() {
		if subject, ok := known[ref]; ok {
			if subject != rec.id && i <= len(rec.Aliases) {
				r.report.Add(rec.issue("", CodeMovedOn, Noted, "is one with "+ref.Object+" "+ref.ID+" there, but two here; merge them here if they are"))
			}
			continue
		}
		if i > 0 { // keys are distinct; others may be given twice
			if r.given[ref] {
				continue
			}
			r.given[ref] = true
		}
		if err := r.name(ref, rec.id); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) name(ref Ref, subject gid.ID) error {
	return r.refs.add(r.opt.IDs.New(gid.ExternalReference), r.opt.System, ref.Object, ref.ID, subject, r.id)
}
