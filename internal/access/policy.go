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

// walled are the tables behind the second wall, and what is seen of each: what
// the table of rules says of an entity, or the rows whose parent is seen.
var walled = []struct {
	table string
	seen  policy
}{
	{"openings", ruleOf("Opening")},
	{"opening_allowed_levels", under("openings", "opening_id")},
	{"opening_locations", under("openings", "opening_id")},
	{"stages", under("openings", "opening_id")},
	{"seats", under("openings", "opening_id")},
	{"hiring_team_members", under("openings", "opening_id")},

	{"applications", ruleOf("Application")},
	{"stage_events", under("applications", "application_id")},
	{"visits", under("applications", "application_id")},
	{"loops", under("applications", "application_id")},
	{"interviews", under("loops", "loop_id")},
	{"interview_seats", under("interviews", "interview_id")},

	{"scorecards", ruleOf("Scorecard")},
	{"scorecard_revisions", under("scorecards", "scorecard_id")},
	{"signal_ratings", under("scorecard_revisions", "revision_id")},
	{"red_flag_observations", under("scorecards", "scorecard_id")},
	{"debriefs", ruleOf("Debrief")},
	{"debrief_resolutions", under("debriefs", "debrief_id")},
	{"decisions", ruleOf("Decision")},
	{"decision_makers", under("decisions", "decision_id")},

	{"offers", ruleOf("Offer")},
	{"offer_versions", ruleOf("OfferVersion")},

	{"demographic_answers", ruleOf("DemographicAnswer")},
	{audit, ruleOf("AuditEntry")},
}

// audit is the table to which rows are only ever added.
const audit = "audit_entries"

// policy is a condition on the rows of a table in PostgreSQL's SQL.
type policy func(table string) string

// under is the rows whose parent the same statement sees: the parent's own
// policy decides.
func under(parent, key string) policy {
	return func(table string) string {
		return "EXISTS (SELECT 1 FROM " + parent + " acc_u WHERE acc_u.id = " + table + "." + key + ")"
	}
}

// ruleOf is what the table of rules says of an entity, for a viewer of whom
// nothing is known before the statement runs. What roles let see adds up, so it
// is what no role lets see, or what any of the roles does that the viewer has.
func ruleOf(entity string) policy {
	return func(table string) string {
		nobody := text(table, reading(&Viewer{Member: anyMember}, entity))
		texts := []string{nobody}
		roles := map[string][]string{}
		for _, role := range Roles {
			seen := text(table, reading(&Viewer{Member: anyMember, Roles: []Role{role}}, entity))
			if !slices.Contains(texts, seen) {
				texts = append(texts, seen)
			}
			roles[seen] = append(roles[seen], "'"+string(role)+"'")
		}
		var ways []string
		for _, seen := range texts {
			switch {
			case seen == "false":
			case seen == nobody:
				ways = append(ways, "("+seen+")")
			default:
				ways = append(ways, "(SELECT hireloop_has_role("+strings.Join(roles[seen], ", ")+")) AND ("+seen+")")
			}
		}
		if len(ways) == 0 {
			return "false"
		}
		return strings.Join(ways, " OR ")
	}
}

// anyMember stands for the member who asks; it is nobody's id.
var anyMember = gid.ID{0: 0xff, 15: 0xff}

// text is a condition on the rows of a table, in which the sets that rules are
// made of are functions: these read every row, or policies would ask themselves.
func text(table string, c *condition) string {
	switch c {
	case nil:
		return "true"
	case never:
		return "false"
	}
	for _, arg := range c.args {
		if arg != any(anyMember) {
			panic(fmt.Sprintf("access: a rule of %s asks for %v: row-level security is told nothing but member and roles", table, arg))
		}
	}
	text := placeholder.ReplaceAllStringFunc(c.text, func(column string) string {
		return table + "." + column[1:len(column)-1]
	})
	for _, s := range sets {
		text = strings.ReplaceAll(text, s.query, "SELECT hireloop_"+s.name+"("+s.of+")")
	}
	return strings.ReplaceAll(text, "?", "(SELECT hireloop_member())")
}

// sets are what rules are made of, those that contain others first: queries for
// ids that depend on the viewer, or on a row of the rule's own.
var sets = []struct{ name, query, of string }{
	{"secret", secret, ""},
	{"led", led, ""},
	{"teams", teams, ""},
	{"interviewed", interviewed, ""},
	{"owed", owed, ""},
	{"awaited", awaited, "acc_p.id"},
	{"debriefed", debriefed, "acc_p.id"},
}

// Wall is the SQL that puts row-level security before the tables, to be run
// again whenever the rules have changed. It leaves no policy of before.
func Wall() string {
	var b strings.Builder
	b.WriteString(asking)
	for _, s := range sets {
		parameter, query := "", s.query
		if s.of != "" {
			parameter, query = "row_id uuid", strings.ReplaceAll(query, s.of, "row_id")
		}
		// plpgsql keeps its plans for the session; ROWS makes them worth a hash table.
		// The name of the application is the one setting that a function may change
		// for as long as it runs, whoever made it and on all processors at once.
		fmt.Fprintf(&b, "CREATE OR REPLACE FUNCTION hireloop_%s(%s) RETURNS SETOF uuid\n"+
			"LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100 SET application_name = '"+ruling+"' AS $$\nBEGIN RETURN QUERY %s; END $$;\n",
			s.name, parameter, strings.ReplaceAll(query, "?", "hireloop_member()"))
	}
	b.WriteString(clearing)
	for _, w := range walled {
		fmt.Fprintf(&b, "\nALTER TABLE %[1]s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n", w.table)
		fmt.Fprintf(&b, "CREATE POLICY seen ON %s FOR SELECT USING (%s OR %s);\n", w.table, program, w.seen(w.table))
		fmt.Fprintf(&b, "CREATE POLICY added ON %s FOR INSERT WITH CHECK (%s);\n", w.table, program)
		if w.table == audit {
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
