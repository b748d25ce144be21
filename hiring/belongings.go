package hiring

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"

	"hireloop/ent/db/application"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/migrate"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/personal"
	"hireloop/internal/store"
)

// belongings are the rows that the database has of one person, by table: their
// ids, oldest first. Package personal says which tables these are.
type belongings map[string][]gid.ID

// belongingsOf reads what belongs to a candidate and to those who were merged into
// them, whoever may see it, by a statement a table; but nothing of the applications
// that are left out.
func (w *write) belongingsOf(ctx context.Context, candidate gid.ID, without []gid.ID) (belongings, error) {
	db, ctx := w.service.Store, access.System(ctx)
	all := belongings{}
	for _, t := range personal.Tables {
		query, args := `SELECT id FROM `+t.Name+` WHERE (id = $1 OR merged_into_id = $1)`, []any{candidate}
		if t.Of != "" {
			query, args = `SELECT id FROM `+t.Name+` WHERE `+db.AmongIDs(t.By, 1), []any{db.IDs(all.of(t.Of))}
		}
		if column := ofApplication(t); column != "" && len(without) > 0 {
			query += ` AND (` + column + ` IS NULL OR NOT (` + db.AmongIDs(column, 2) + `))`
			args = append(args, db.IDs(without))
		}
		err := store.Query(ctx, w, query+` ORDER BY id`, args...).Each(func(row store.Row) error {
			var id gid.ID
			err := row.Scan(&id)
			all[t.Name] = append(all[t.Name], id)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// ofApplication is the column that says which application a row is about; "" when
// there is none.
func ofApplication(t personal.Table) string {
	if t.Name == "applications" {
		return "id"
	}
	if slices.ContainsFunc(columnsOf(t.Name), func(c *schema.Column) bool { return c.Name == "application_id" }) {
		return "application_id"
	}
	return ""
}

// hiddenApplications are those of a candidate, and of those who were merged into
// them, that the viewer does not see: for confidential openings of other teams.
func (w *write) hiddenApplications(ctx context.Context, id gid.ID) ([]gid.ID, error) {
	theirs := application.HasCandidateWith(candidate.Or(candidate.ID(id), candidate.MergedIntoID(id)))
	seen, err := w.Application.Query().Where(theirs).IDs(ctx)
	if err != nil {
		return nil, err
	}
	return w.Application.Query().Where(theirs, application.IDNotIn(seen...)).IDs(access.System(ctx))
}

// of are the rows of a table, or of all of them.
func (b belongings) of(table string) []gid.ID {
	if table != personal.Anything {
		return b[table]
	}
	var all []gid.ID
	for _, ids := range b {
		all = append(all, ids...)
	}
	return all
}

// counts is how many rows there are, by table.
func (b belongings) counts() map[string]int {
	counts := map[string]int{}
	for table, ids := range b {
		if !slices.Contains(assessments, table) {
			counts[table] = len(ids)
		}
	}
	return counts
}

// assessments are the tables of which receipts do not count the rows: they would
// tell an administrator who must be blind what others reported and decided.
var assessments = []string{
	"scorecard_revisions", "signal_ratings", "red_flag_observations", "debriefs", "debrief_resolutions",
	"decisions", "decision_makers", "offers", "offer_versions",
}

// renewed gives rows that remain new ids in their order. They tell the day of the
// old ones and nothing more of them.
func (w *write) renewed(b belongings) map[gid.ID]gid.ID {
	anew := map[gid.ID]gid.ID{}
	for _, t := range personal.Tables {
		if t.Goes {
			continue
		}
		for _, id := range b[t.Name] {
			anew[id] = w.service.IDs.At(id.Kind(), id.Time().Truncate(24*time.Hour))
		}
	}
	return anew
}

// copies writes the rows of a table that remain under their new ids, without what
// is personal.
func (w *write) copies(ctx context.Context, t personal.Table, ids []gid.ID, anew string) error {
	var into, from []string
	for _, c := range columnsOf(t.Name) {
		into = append(into, c.Name)
		from = append(from, w.becomes(t, c))
	}
	_, err := w.ExecContext(ctx, `INSERT INTO `+t.Name+` (`+strings.Join(into, ", ")+`) SELECT `+strings.Join(from, ", ")+
		` FROM `+t.Name+` WHERE `+w.service.Store.AmongIDs("id", 2), anew, w.service.Store.IDs(ids))
	return err
}

// columnsOf are the columns of a table.
func columnsOf(table string) []*schema.Column {
	n := slices.IndexFunc(migrate.Tables, func(t *schema.Table) bool { return t.Name == table })
	return migrate.Tables[n].Columns
}

// becomes is SQL for what a column of a copy holds; $1 is the new ids as JSON.
func (w *write) becomes(t personal.Table, c *schema.Column) string {
	postgres := w.service.Store.Dialect() == dialect.Postgres
	switch says := t.Columns[c.Name]; {
	case says.Becomes != "" && says.OnSQLite != "" && !postgres:
		return says.OnSQLite
	case says.Becomes != "":
		return says.Becomes
	case c.Type == field.TypeUUID:
		return w.renewedColumn(c.Name)
	default:
		return c.Name
	}
}

// renewedColumn is SQL for the id in a column as it is now; $1 is the new ids.
func (w *write) renewedColumn(column string) string {
	if w.service.Store.Dialect() == dialect.Postgres {
		return `coalesce(($1::jsonb ->> ` + column + `::text)::uuid, ` + column + `)`
	}
	return `coalesce($1 ->> ` + column + `, ` + column + `)`
}

// asJSON is ids by ids, as the database spells them.
func asJSON(anew map[gid.ID]gid.ID) (string, error) {
	texts := make(map[string]string, len(anew))
	for from, to := range anew {
		texts[from.UUID()] = to.UUID()
	}
	text, err := json.Marshal(texts)
	return string(text), err
}
