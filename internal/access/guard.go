package access

import (
	"cmp"
	"context"
	"regexp"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/intercept"
)

// Guard makes every query of a client obey the table of rules: rows that the
// viewer may not see are not there, whichever way they are asked for. Attach it
// with client.Intercept.
//
// It sees what ent builds: All, Get, Count, Exist, traversals, aggregates and
// scans. It does not see predicates on neighbours (HasXWith), joins in Modify
// or SQL written by hand: such places read only columns that whoever sees the
// row may see, or run as System and say why.
func Guard() db.Interceptor {
	return intercept.TraverseFunc(func(ctx context.Context, q intercept.Query) error {
		if IsSystem(ctx) {
			return nil
		}
		if visible := reading(ViewerOf(ctx), q.Type()); visible != nil {
			q.WhereP(visible.where)
		}
		return nil
	})
}

// Visible restricts a query that is written by hand, such as a subquery, to the
// rows of the entity that the viewer may see.
func Visible(ctx context.Context, entity string) func(*sql.Selector) {
	if IsSystem(ctx) {
		return func(*sql.Selector) {}
	}
	visible := reading(ViewerOf(ctx), entity)
	return func(s *sql.Selector) {
		if visible != nil {
			visible.where(s)
		}
	}
}

// reading is what restricts a viewer's reading of one entity; nil is nothing.
func reading(v *Viewer, entity string) *condition {
	if v == nil {
		return never
	}
	rule, listed := table[entity]
	if !listed {
		return never // closed by default
	}
	return rule(v)
}

// condition is SQL over the row's own columns. "{column}" stands for a column
// of the row that is read, "?" for an argument.
type condition struct {
	text string
	args []any
	made *composed // nil when it is of one piece; the guard takes the text either way
}

// composed is how a condition is made of others: "AND", "OR" or "EXISTS".
type composed struct {
	how               string
	parts             []*condition
	from, alias, link string // of "EXISTS"
}

var never = &condition{text: "1 = 0"}

func where(text string, args ...any) *condition { return &condition{text: text, args: args} }

// anyOf holds when one of the conditions does; no conditions never do, and one
// that restricts nothing makes all of them restrict nothing.
func anyOf(conditions ...*condition) *condition {
	var texts []string
	var args []any
	var parts []*condition
	for _, c := range conditions {
		if c == nil {
			return nil
		}
		if c == never {
			continue
		}
		texts = append(texts, "("+c.text+")")
		args = append(args, c.args...)
		parts = append(parts, c)
	}
	if len(texts) == 0 {
		return never
	}
	return &condition{strings.Join(texts, " OR "), args, &composed{how: "OR", parts: parts}}
}

// and holds when both do.
func (c *condition) and(other *condition) *condition {
	if c == never || other == never {
		return never
	}
	if c == nil || other == nil {
		return cmp.Or(c, other)
	}
	return &condition{
		"(" + c.text + ") AND (" + other.text + ")", append(append([]any{}, c.args...), other.args...),
		&composed{how: "AND", parts: []*condition{c, other}},
	}
}

// of applies a condition over a related row: EXISTS (SELECT 1 FROM from WHERE
// link AND condition), the condition's columns being those of alias.
func (c *condition) of(from, alias, link string) *condition {
	if c == nil || c == never {
		return c
	}
	inner := strings.NewReplacer("{", alias+".", "}", "").Replace(c.text)
	return &condition{
		"EXISTS (SELECT 1 FROM " + from + " WHERE " + link + " AND (" + inner + "))", c.args,
		&composed{how: "EXISTS", parts: []*condition{c}, from: from, alias: alias, link: link},
	}
}

// where adds the condition to a query.
func (c *condition) where(s *sql.Selector) {
	text := c.text
	if s.Dialect() == dialect.Postgres {
		// Behind row-level security the rules themselves must see every row.
		text = withFunctions(text, func(arguments int) string { return "?" + strings.Repeat(skipped, arguments-1) })
	}
	text = placeholder.ReplaceAllStringFunc(text, func(column string) string {
		return s.C(column[1 : len(column)-1])
	})
	s.Where(sql.P(func(b *sql.Builder) {
		b.WriteByte('(')
		rest := text
		for _, arg := range c.args {
			at := strings.IndexAny(rest, "?"+skipped)
			b.WriteString(rest[:at])
			if rest[at] == '?' {
				b.Arg(arg)
			}
			rest = rest[at+1:]
		}
		b.WriteString(rest)
		b.WriteByte(')')
	}))
}

// skipped stands for an argument that is the one before again.
const skipped = "\x00"

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// teams is the openings in whose hiring team the member is.
const teams = "SELECT opening_id FROM hiring_team_members WHERE member_id = ?"

// interviewed is the applications in whose interviews the member sits.
const interviewed = "SELECT l.application_id FROM interview_seats s" +
	" JOIN interviews i ON i.id = s.interview_id JOIN loops l ON l.id = i.loop_id WHERE s.member_id = ?"

// interviewing is the openings of these.
const interviewing = "SELECT opening_id FROM applications WHERE id IN (" + interviewed + ")"

// secret is the confidential openings of teams that the member is not in.
const secret = "SELECT id FROM openings WHERE is_confidential AND id NOT IN (" + teams + ")"

// led is the openings whose hiring team the member leads; see leading.
const led = teams + " AND role IN ('HIRING_MANAGER', 'RECRUITER')"

// owed is the applications for which the member has a scorecard to hand in, or
// never will as they had a conflict of interest or met somebody else.
const owed = "SELECT application_id FROM scorecards WHERE interviewer_id = ? AND (status = 'DRAFT'" +
	" OR status = 'VOID' AND submitted_at IS NULL AND void_reason IN ('CONFLICT_OF_INTEREST', 'WRONG_CANDIDATE'))"

// referred is the applications of people whom the member referred: those credited
// to them, unless it was their work to find the candidate.
const referred = "SELECT id FROM applications WHERE credited_member_id = ?" +
	" AND (source_id IS NULL OR source_id NOT IN (SELECT id FROM sources WHERE kind = 'SOURCED'))"

// self is the records of the member as a candidate: by the link, or as somebody
// recorded their work address.
const self = "SELECT id FROM candidates WHERE member_id = ?" +
	" UNION ALL SELECT acc_e.candidate_id FROM members acc_m JOIN candidate_contacts acc_e" +
	" ON acc_e.kind = 'EMAIL' AND acc_e.normalized = acc_m.email WHERE acc_m.id = ?"

// awaited is the cards of the loop acc_p that are not handed in yet.
const awaited = "SELECT acc_w.id FROM scorecards acc_w" +
	" WHERE acc_w.loop_id = acc_p.id AND acc_w.status = 'DRAFT' AND NOT acc_w.is_shadow"

// debriefed is the debriefs of the loop acc_p.
const debriefed = "SELECT acc_b.id FROM debriefs acc_b WHERE acc_b.loop_id = acc_p.id"
