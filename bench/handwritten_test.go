package bench

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect"

	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// handwritten answers the two queries with the best SQL that we know and JSON
// appended by hand: the yardstick. It applies the same rule about confidential
// openings, to a viewer who is in no team.
type handwritten struct {
	db      *store.DB
	viewer  gid.ID
	now     time.Time
	dialect string
}

func (h *handwritten) query(ctx context.Context, text string, args ...any) *sql.Rows {
	rows, err := h.db.SQL().QueryContext(access.System(ctx), text, args...)
	if err != nil {
		panic(err)
	}
	return rows
}

// ids writes "= ANY($n)" for a list of ids in one parameter.
func (h *handwritten) in(column string, n int) string {
	if h.dialect == dialect.Postgres {
		return column + " = ANY($" + strconv.Itoa(n) + "::uuid[])"
	}
	return column + " IN (SELECT value FROM json_each($" + strconv.Itoa(n) + "))"
}

func (h *handwritten) list(ids []gid.ID) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.UUID()
	}
	if h.dialect == dialect.Postgres {
		return "{" + strings.Join(texts, ",") + "}"
	}
	return `["` + strings.Join(texts, `","`) + `"]`
}

const secret = `SELECT id FROM openings WHERE is_confidential AND id NOT IN (SELECT opening_id FROM hiring_team_members WHERE member_id = $1)`

// quote appends a JSON string; what is plain, as nearly all text is, is copied.
func quote(b []byte, s string) []byte {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == '"' || s[i] == '\\' {
			var text bytes.Buffer
			encoder := json.NewEncoder(&text)
			encoder.SetEscapeHTML(false)
			_ = encoder.Encode(s) // strings always marshal
			return append(b, bytes.TrimSpace(text.Bytes())...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

func quoteOrNull(b []byte, s sql.NullString) []byte {
	if !s.Valid {
		return append(b, "null"...)
	}
	return quote(b, s.String)
}

func at(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = t.UTC().AppendFormat(b, "2006-01-02T15:04:05.999999Z07:00")
	return append(b, '"')
}

// openRoles answers openRolesQuery in three statements.
func (h *handwritten) openRoles(ctx context.Context, first int) []byte {
	total := 0
	rows := h.query(ctx, `SELECT COUNT(*) FROM openings WHERE status = 'OPEN' AND id NOT IN (`+secret+`)`, h.viewer)
	rows.Next()
	_ = rows.Scan(&total)
	_ = rows.Close()

	type opening struct {
		id                           gid.ID
		title, status                string
		opened                       time.Time
		department, key, level, lead sql.NullString
	}
	var page []opening
	rows = h.query(ctx, `SELECT o.id, o.title, o.status, o.opened_at, d.name, l.key, l.name,
		(SELECT m.name FROM hiring_team_members t JOIN members m ON m.id = t.member_id
			WHERE t.opening_id = o.id AND t.role = 'HIRING_MANAGER' ORDER BY m.name, m.id LIMIT 1)
		FROM openings o LEFT JOIN departments d ON d.id = o.department_id LEFT JOIN levels l ON l.id = o.target_level_id
		WHERE o.status = 'OPEN' AND o.id NOT IN (`+secret+`)
		ORDER BY COALESCE(o.opened_at, o.created_at) DESC, o.id DESC LIMIT $2`, h.viewer, first)
	var ids []gid.ID
	for rows.Next() {
		var o opening
		if err := rows.Scan(&o.id, &o.title, &o.status, &o.opened, &o.department, &o.key, &o.level, &o.lead); err != nil {
			panic(err)
		}
		page, ids = append(page, o), append(ids, o.id)
	}
	_ = rows.Close()

	counts := make(map[gid.ID][]byte, len(ids))
	rows = h.query(ctx, `SELECT s.opening_id, s.name, s.kind, (SELECT COUNT(*) FROM applications a
			WHERE a.opening_id = s.opening_id AND a.stage_id = s.id AND a.status = CASE WHEN s.kind = 'HIRED' THEN 'HIRED' ELSE 'ACTIVE' END)
		FROM stages s WHERE `+h.in("s.opening_id", 1)+` ORDER BY s.opening_id, s.position`, h.list(ids))
	for rows.Next() {
		var of gid.ID
		var name, kind string
		var n int64
		if err := rows.Scan(&of, &name, &kind, &n); err != nil {
			panic(err)
		}
		b := counts[of]
		if len(b) > 0 {
			b = append(b, ',')
		}
		b = append(quote(append(b, `{"stage":{"name":`...), name), `,"kind":"`...)
		b = append(append(b, kind...), `"},"active":`...)
		counts[of] = append(strconv.AppendInt(b, n, 10), '}')
	}
	_ = rows.Close()

	b := append(make([]byte, 0, 16<<10), `{"data":{"openings":{"totalCount":`...)
	b = append(strconv.AppendInt(b, int64(total), 10), `,"nodes":[`...)
	for i, o := range page {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, `{"id":"`...), o.id.String()...), `","title":`...)
		b = append(append(append(quote(b, o.title), `,"status":"`...), o.status...), `","openedAt":`...)
		b = append(at(b, o.opened), `,"daysOpen":`...)
		b = append(strconv.AppendInt(b, (h.now.Unix()-o.opened.Unix())/86400, 10), `,"department":{"name":`...)
		b = append(quoteOrNull(b, o.department), `},"targetLevel":{"key":`...)
		b = append(quoteOrNull(b, o.key), `,"name":`...)
		b = append(quoteOrNull(b, o.level), `},"hiringManager":`...)
		if o.lead.Valid {
			b = append(quote(append(b, `{"name":`...), o.lead.String), '}')
		} else {
			b = append(b, "null"...)
		}
		b = append(append(append(b, `,"stageCounts":[`...), counts[o.id]...), `]}`...)
	}
	return append(b, `]}}}`...)
}

// board answers boardQuery in four statements.
func (h *handwritten) board(ctx context.Context, opening gid.ID, first int) []byte {
	var title string
	total := 0
	rows := h.query(ctx, `SELECT o.title, (SELECT COUNT(*) FROM applications a JOIN stages s ON s.id = a.stage_id
			WHERE a.opening_id = o.id AND s.kind IN ('INTERVIEW', 'OFFER', 'HIRED'))
		FROM openings o WHERE o.id = $2 AND o.id NOT IN (`+secret+`)`, h.viewer, opening)
	rows.Next()
	_ = rows.Scan(&title, &total)
	_ = rows.Close()

	type application struct {
		id             gid.ID
		applied        time.Time
		stage          string
		name, headline sql.NullString
	}
	var page []application
	var ids []gid.ID
	rows = h.query(ctx, `SELECT a.id, a.applied_at, s.name, c.name, c.headline
		FROM applications a JOIN stages s ON s.id = a.stage_id
		LEFT JOIN candidates c ON c.id = a.candidate_id AND (NOT c.is_private OR EXISTS (SELECT 1 FROM applications p
			WHERE p.candidate_id = c.id AND p.opening_id IN (SELECT opening_id FROM hiring_team_members WHERE member_id = $1)))
		WHERE a.opening_id = $2 AND s.kind IN ('INTERVIEW', 'OFFER', 'HIRED') ORDER BY a.applied_at DESC, a.id DESC LIMIT $3`, h.viewer, opening, first)
	for rows.Next() {
		var a application
		if err := rows.Scan(&a.id, &a.applied, &a.stage, &a.name, &a.headline); err != nil {
			panic(err)
		}
		page, ids = append(page, a), append(ids, a.id)
	}
	_ = rows.Close()

	type card struct {
		revision       gid.ID
		status, author string
		advice         sql.NullString
	}
	cards := make(map[gid.ID][]card, len(ids))
	var revisions []gid.ID
	latest := `FROM (SELECT c.*, ROW_NUMBER() OVER (PARTITION BY c.application_id ORDER BY COALESCE(c.submitted_at, c.created_at) DESC, c.id DESC) AS place
			FROM scorecards c WHERE ` + h.in("c.application_id", 2) + ` AND (c.interviewer_id = $1 OR c.status <> 'DRAFT' AND c.submitted_at IS NOT NULL AND NOT EXISTS (
				SELECT 1 FROM scorecards m WHERE m.loop_id = c.loop_id AND m.interviewer_id = $1 AND m.status = 'DRAFT'))) c`
	rows = h.query(ctx, `SELECT c.application_id, c.current_revision_id, c.status, c.recommendation, m.name `+latest+`
		JOIN members m ON m.id = c.interviewer_id WHERE c.place <= 3 ORDER BY c.application_id, c.place`, h.viewer, h.list(ids))
	for rows.Next() {
		var of gid.ID
		var c card
		if err := rows.Scan(&of, &c.revision, &c.status, &c.advice, &c.author); err != nil {
			panic(err)
		}
		cards[of] = append(cards[of], c)
		if !c.revision.IsNil() {
			revisions = append(revisions, c.revision)
		}
	}
	_ = rows.Close()

	ratings := make(map[gid.ID][]byte, len(revisions))
	rows = h.query(ctx, `SELECT revision_id, signal, rating FROM signal_ratings WHERE `+h.in("revision_id", 1)+` ORDER BY revision_id, position, id`, h.list(revisions))
	for rows.Next() {
		var of gid.ID
		var signal string
		var rating sql.NullInt64
		if err := rows.Scan(&of, &signal, &rating); err != nil {
			panic(err)
		}
		b := ratings[of]
		if len(b) > 0 {
			b = append(b, ',')
		}
		b = append(quote(append(b, `{"signal":`...), signal), `,"rating":`...)
		if rating.Valid {
			b = strconv.AppendInt(b, rating.Int64, 10)
		} else {
			b = append(b, "null"...)
		}
		ratings[of] = append(b, '}')
	}
	_ = rows.Close()

	b := append(make([]byte, 0, 32<<10), `{"data":{"opening":{"title":`...)
	b = append(quote(b, title), `,"applications":{"totalCount":`...)
	b = append(strconv.AppendInt(b, int64(total), 10), `,"nodes":[`...)
	for i, a := range page {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, `{"id":"`...), a.id.String()...), `","appliedAt":`...)
		b = append(at(b, a.applied), `,"stage":{"name":`...)
		b = append(quote(b, a.stage), `},"candidate":`...)
		if a.name.Valid {
			b = append(quote(append(b, `{"name":`...), a.name.String), `,"headline":`...)
			b = append(quoteOrNull(b, a.headline), '}')
		} else {
			b = append(b, "null"...) // private, and not the viewer's to see
		}
		b = append(b, `,"scorecards":{"nodes":[`...)
		for j, c := range cards[a.id] {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(append(append(b, `{"status":"`...), c.status...), `","recommendation":`...)
			b = append(quoteOrNull(b, c.advice), `,"interviewer":{"name":`...)
			b = append(append(append(quote(b, c.author), `},"ratings":[`...), ratings[c.revision]...), `]}`...)
		}
		b = append(b, `]}}`...)
	}
	return append(b, `]}}}}`...)
}
