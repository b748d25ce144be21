package access

import (
	"fmt"
	"slices"
	"strings"

	"hireloop/internal/gid"
)

// The second wall: row-level security of PostgreSQL, made of the same rules as
// the guard. A statement is told on whose behalf it runs by three settings of
// its session (see internal/store): hireloop.member, hireloop.roles and
// hireloop.program. Whoever is told nothing sees nothing.
//
// The wall stops a query that forgot the guard. It does not stop a statement
// that says by itself who asks: no statement is ever put together from input.

// walled are the tables behind the second wall.
var walled = []wall{
	{table: "openings", entity: "Opening"},
	{table: "opening_allowed_levels", parent: "openings", key: "opening_id"},
	{table: "opening_locations", parent: "openings", key: "opening_id"},
	{table: "stages", entity: "Stage", parent: "openings", key: "opening_id"},
	{table: "seats", entity: "Seat", parent: "openings", key: "opening_id"},
	{table: "hiring_team_members", entity: "HiringTeamMember", parent: "openings", key: "opening_id"},

	{table: "applications", entity: "Application"},
	{table: "stage_events", entity: "StageEvent", parent: "applications", key: "application_id"},
	{table: "visits", entity: "Visit", parent: "applications", key: "application_id"},
	{table: "loops", entity: "Loop", parent: "applications", key: "application_id"},
	{table: "interviews", entity: "Interview", parent: "loops", key: "loop_id"},
	{table: "interview_seats", entity: "InterviewSeat", parent: "interviews", key: "interview_id"},

	{table: "scorecards", entity: "Scorecard"},
	{table: "scorecard_revisions", entity: "ScorecardRevision", parent: "scorecards", key: "scorecard_id"},
	{table: "signal_ratings", entity: "SignalRating", parent: "scorecard_revisions", key: "revision_id"},
	{table: "red_flag_observations", entity: "RedFlagObservation", parent: "scorecards", key: "scorecard_id"},
	{table: "debriefs", entity: "Debrief"},
	{table: "debrief_resolutions", entity: "DebriefResolution", parent: "debriefs", key: "debrief_id"},
	{table: "decisions", entity: "Decision"},
	{table: "decision_makers", entity: "DecisionMaker", parent: "decisions", key: "decision_id"},

	{table: "offers", entity: "Offer"},
	{table: "offer_versions", entity: "OfferVersion"},

	{table: "demographic_answers", entity: "DemographicAnswer"},
	{table: "audit_entries", entity: "AuditEntry", appendOnly: true},
	{table: "audit_links", entity: "AuditLink", appendOnly: true},
}

// wall is a table of which a statement sees what the table of rules says of its
// entity: by that rule itself, or as the rows whose parent the statement sees.
type wall struct {
	table, entity string
	parent, key   string
	appendOnly    bool
}

// seen is the condition on the rows that are seen, in PostgreSQL's SQL.
func (w wall) seen() string {
	if w.parent == "" {
		return w.rule()
	}
	return "(SELECT true FROM " + w.parent + " acc_u WHERE acc_u.id = " + w.table + "." + w.key + ")"
}

// rule is what the table of rules says of the entity, for a viewer of whom
// nothing is known before the statement runs. What roles let see adds up, so it
// is what no role lets see, or what any of the roles does that the viewer has.
func (w wall) rule() string {
	variants := []variant{{anybody, reading(&Viewer{Member: anyMember}, w.entity)}}
	for _, role := range Roles {
		variants = append(variants, variant{role, reading(&Viewer{Member: anyMember, Roles: []Role{role}}, w.entity)})
	}
	return union(w.table, variants)
}

// anyMember stands for the member who asks; it is nobody's id.
var anyMember = gid.ID{0: 0xff, 15: 0xff}

// anybody is a variant's role that every viewer has.
const anybody Role = ""

// variant is a condition that holds for who has the role.
type variant struct {
	role Role
	*condition
}

// union is SQL that holds of a row when one of the variants does. It says once
// what they have in common: a statement's plan has all of it in it.
func union(row string, variants []variant) string {
	variants = slices.DeleteFunc(slices.Clone(variants), func(v variant) bool { return v.condition == never })
	if len(variants) == 0 {
		return "false"
	}
	first := variants[0].condition
	if all(variants, func(v variant) bool { return same(v.condition, first) }) {
		return forRoles(variants, text(row, first))
	}
	if all(variants, func(v variant) bool { return sameLink(v.condition, first) }) {
		return first.made.exists(row, union(first.made.alias, parts(variants, 0)))
	}
	if differs, ok := oneDiffers(variants); ok {
		return "(" + text(row, first.made.parts[1-differs]) + ") AND (" + union(row, parts(variants, differs)) + ")"
	}
	var groups [][]variant // of what union can say at once
	for _, v := range variants {
		for _, c := range v.alternatives() {
			one := variant{v.role, c}
			i := slices.IndexFunc(groups, func(g []variant) bool {
				_, ok := oneDiffers(append(slices.Clone(g), one))
				return ok || same(g[0].condition, c) && all(g, func(v variant) bool { return same(v.condition, c) }) || sameLink(g[0].condition, c)
			})
			if i < 0 {
				i, groups = len(groups), append(groups, nil)
			}
			groups[i] = append(groups[i], one)
		}
	}
	texts := make([]string, len(groups))
	for i, g := range groups {
		texts[i] = "(" + union(row, g) + ")"
	}
	return strings.Join(texts, " OR ")
}

func all(variants []variant, holds func(variant) bool) bool {
	return !slices.ContainsFunc(variants, func(v variant) bool { return !holds(v) })
}

func same(a, b *condition) bool { return a == b || a != nil && b != nil && a.text == b.text }

// sameLink tells conditions on the same related row.
func sameLink(a, b *condition) bool {
	return a.is("EXISTS") && b.is("EXISTS") && a.made.from == b.made.from && a.made.link == b.made.link
}

// oneDiffers finds the only place in which variants with "AND" differ.
func oneDiffers(variants []variant) (place int, ok bool) {
	if !all(variants, func(v variant) bool { return v.is("AND") }) {
		return 0, false
	}
	for place := range 2 {
		other := variants[0].made.parts[1-place]
		if all(variants, func(v variant) bool { return same(v.made.parts[1-place], other) }) {
			return place, true
		}
	}
	return 0, false
}

func (c *condition) is(how string) bool { return c != nil && c.made != nil && c.made.how == how }

// alternatives are the conditions of which one has to hold.
func (c *condition) alternatives() []*condition {
	if c.is("OR") {
		return c.made.parts
	}
	return []*condition{c}
}

// parts are the parts of variants in one place.
func parts(variants []variant, place int) []variant {
	out := make([]variant, len(variants))
	for i, v := range variants {
		out[i] = variant{v.role, v.made.parts[place]}
	}
	return out
}

// forRoles restricts SQL to who has the role of one of the variants.
func forRoles(variants []variant, sql string) string {
	var roles []string
	for _, v := range variants {
		if v.role == anybody {
			return sql
		}
		if name := "'" + string(v.role) + "'"; !slices.Contains(roles, name) {
			roles = append(roles, name)
		}
	}
	return "(SELECT hireloop_has_role(" + strings.Join(roles, ", ") + ")) AND (" + sql + ")"
}

// exists asks for a related row. (EXISTS would be planned twice, once for many
// rows, and what is in it four times, and so on.)
func (m *composed) exists(row, condition string) string {
	return "(SELECT true FROM " + m.from + " WHERE " + columns(row, m.link) + " AND (" + condition + ") LIMIT 1)"
}

// text is a condition on a row as SQL, in which the sets that rules are made of
// are functions: these read every row, or policies would ask themselves.
func text(row string, c *condition) string {
	switch {
	case c == nil:
		return "true"
	case c == never:
		return "false"
	case c.is("EXISTS"):
		return c.made.exists(row, text(c.made.alias, c.made.parts[0]))
	case c.made != nil:
		texts := make([]string, len(c.made.parts))
		for i, part := range c.made.parts {
			texts[i] = "(" + text(row, part) + ")"
		}
		return strings.Join(texts, " "+c.made.how+" ")
	}
	for _, arg := range c.args {
		if arg != any(anyMember) {
			panic(fmt.Sprintf("access: %q asks for %v: row-level security knows nothing but member and roles", c.text, arg))
		}
	}
	return mark.ReplaceAllStringFunc(columns(row, c.text), func(found string) string {
		m := mark.FindStringSubmatch(found)
		switch {
		case m[1] == "":
			return "(SELECT hireloop_member())"
		case m[2] == "":
			return "SELECT hireloop_" + m[1] + "(hireloop_member())"
		}
		return "SELECT hireloop_" + m[1] + "(" + m[2] + ")"
	})
}

// columns names the row whose columns a text has in braces.
func columns(row, text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(column string) string {
		return row + "." + column[1:len(column)-1]
	})
}

// AppendOnly are the tables to which rows are only ever added.
func AppendOnly() (tables []string) {
	for _, w := range walled {
		if w.appendOnly {
			tables = append(tables, w.table)
		}
	}
	return tables
}

// Wall is the SQL that puts row-level security before the tables, to be run
// again whenever the rules have changed. It leaves no policy of before.
func Wall() string {
	var b strings.Builder
	b.WriteString(asking)
	for _, name := range setNames() {
		// plpgsql keeps its plans for the session; ROWS makes them worth a hash table.
		// The name of the application is the one setting that a function may change
		// for as long as it runs, whoever made it and on all processors at once.
		fmt.Fprintf(&b, "CREATE OR REPLACE FUNCTION hireloop_%s(uuid) RETURNS SETOF uuid\n"+
			"LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100 SET application_name = '"+ruling+"' AS $$\nBEGIN RETURN QUERY %s; END $$;\n",
			name, strings.ReplaceAll(queryFor(name), "?", "$1"))
	}
	b.WriteString(clearing)
	for _, w := range walled {
		fmt.Fprintf(&b, "\nALTER TABLE %[1]s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n", w.table)
		fmt.Fprintf(&b, "CREATE POLICY seen ON %s FOR SELECT USING (%s OR %s);\n", w.table, program, w.seen())
		fmt.Fprintf(&b, "CREATE POLICY added ON %s FOR INSERT WITH CHECK (%s);\n", w.table, program)
		if w.appendOnly {
			continue
		}
		// Rows that are seen can be locked; what is written, hiring has decided.
		fmt.Fprintf(&b, "CREATE POLICY changed ON %s FOR UPDATE USING (true) WITH CHECK (%s);\n", w.table, program)
		fmt.Fprintf(&b, "CREATE POLICY removed ON %s FOR DELETE USING (%s);\n", w.table, program)
	}
	return b.String()
}

// ruling is what sessions call themselves while a rule reads what it goes by.
const ruling = "hireloop rules"

// program holds for the program itself; it is asked once a statement.
const program = "(SELECT hireloop_program())"

// asking is who asks, as functions; NULL and false when nothing was told.
const asking = `
-- Row-level security: who asks.
CREATE OR REPLACE FUNCTION hireloop_program() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('hireloop.program', true) = 'on', false)
	OR current_setting('application_name') = '` + ruling + `' $$;
CREATE OR REPLACE FUNCTION hireloop_member() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('hireloop.member', true), '')::uuid $$;
CREATE OR REPLACE FUNCTION hireloop_has_role(VARIADIC any_of text[]) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('hireloop.roles', true), '')::text[] && any_of, false) $$;

-- The sets of ids that rules are made of.
`

// clearing takes away the policies of before.
const clearing = `
-- Which rows are seen.
DO $$
DECLARE old record;
BEGIN
	FOR old IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema() LOOP
		EXECUTE format('DROP POLICY %I ON %I', old.policyname, old.tablename);
	END LOOP;
	FOR old IN SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = current_schema()::regnamespace LOOP
		EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', old.relname);
	END LOOP;
END $$;
`
