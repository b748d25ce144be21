package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"hireloop/ent/db/candidate"
	"hireloop/ent/db/consent"
	"hireloop/ent/db/erasurereceipt"
	"hireloop/ent/db/migrate"
	"hireloop/ent/db/retentionrule"
	"hireloop/graph/exec"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// Every type of the contract that is a Node is found by the id of one of its
// rows, as what it is; and every id that names no type of the contract is null.
func TestNodeOfEveryType(t *testing.T) {
	types := map[string]string{} // noun → GraphQL type
	for _, def := range exec.NewExecutableSchema(exec.Config{}).Schema().Types {
		for _, i := range def.Interfaces {
			if i == "Node" {
				types[snake(def.Name)] = def.Name
			}
		}
	}
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			d := engine.Open(t, template, store.Options{})
			h, admin := newHandler(d), viewerOf(t, d, "admin")
			ask(t, h, admin, "{ auditEntries { totalCount } }", "") // which is in the audit trail then
			livePrivately(t, d, admin)
			seen := map[string]bool{}
			for _, table := range migrate.Tables {
				for _, id := range idsIn(t, d, table.Name) {
					noun := id.Kind().Noun()
					if seen[noun] {
						break
					}
					answer, _ := ask(t, h, admin, fmt.Sprintf("{ node(id: %q) { __typename id } }", id), "")
					var a struct {
						Data struct {
							Node *struct{ Typename, ID string }
						}
						Errors []any
					}
					if err := json.Unmarshal([]byte(strings.ReplaceAll(string(answer), "__typename", "Typename")), &a); err != nil || len(a.Errors) > 0 {
						t.Fatalf("%s: %v\n%s", id, err, answer)
					}
					switch {
					case a.Data.Node == nil:
					case types[noun] != a.Data.Node.Typename || a.Data.Node.ID != id.String():
						t.Errorf("node(id: %s) is a %s %s, want a %q", id, a.Data.Node.Typename, a.Data.Node.ID, types[noun])
					default:
						seen[noun] = true
					}
				}
			}
			for noun, name := range types {
				if !seen[noun] {
					t.Errorf("no %s was found by its id", name)
				}
			}
		})
	}
}

// livePrivately has somebody agree, be held and be erased, and rules for that: the
// demo data have none of it.
func livePrivately(t *testing.T, d *store.DB, admin *access.Viewer) {
	t.Helper()
	s, ctx := newService(d), access.WithViewer(context.Background(), admin)
	people := s.DB.Candidate.Query().Where(candidate.MergedIntoIDIsNil()).Limit(2).IDsX(ctx)
	_, agreed := s.RecordConsent(ctx, hiring.RecordConsentInput{CandidateID: people[0], Purpose: consent.PurposeTALENT_POOL, Source: "Form"})
	_, held := s.PlaceLegalHold(ctx, hiring.PlaceLegalHoldInput{CandidateID: people[0], Reason: "A claim."})
	_, erased := s.EraseCandidate(ctx, hiring.EraseCandidateInput{CandidateID: people[1], Reason: erasurereceipt.ReasonREQUEST})
	months := 24
	_, ruled := s.SetRetentionRule(ctx, hiring.SetRetentionRuleInput{Since: retentionrule.SinceRECORDED, Months: &months})
	if err := errors.Join(agreed, held, erased, ruled); err != nil {
		t.Fatal(err)
	}
}

// idsIn is some ids of a table; none when its rows have no ids of ours.
func idsIn(t *testing.T, d *store.DB, table string) []gid.ID {
	rows, err := d.SQL().QueryContext(access.System(t.Context()), "SELECT * FROM "+table+" LIMIT 300")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var ids []gid.ID
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, c := range columns {
			var id gid.ID
			if c == "id" && id.Scan(values[i]) == nil && id.Kind().Noun() != "" {
				ids = append(ids, id)
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return ids
}

// snake turns StageEvent into stage_event.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
