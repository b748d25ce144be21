package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hireloop/ent/db/migrate"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// promised are the fields by which a viewer learns what they may do, each with a
// mutation that keeps the promise: %s is the id of the thing.
var promised = map[string]struct{ mutation, input string }{
	"Opening.viewerCanManage":         {"updateOpening", "{openingId: %q, expectedVersion: 1}"},
	"Application.viewerCanMove":       {"rejectApplication", "{applicationId: %[1]q, expectedVersion: 1, reasonId: %[1]q}"},
	"Application.viewerCanOffer":      {"createOffer", `{applicationId: %[1]q, terms: {levelId: %[1]q, salary: {amount: 1, currency: "EUR"}}}`},
	"Scorecard.viewerCanEdit":         {"saveScorecard", "{scorecardId: %q, expectedRevision: 1}"},
	"Note.viewerCanUpdate":            {"updateNote", "{noteId: %q, expectedVersion: 1}"},
	"Note.viewerCanDelete":            {"deleteNote", "{noteId: %q, expectedVersion: 1}"},
	"Viewer.viewerCanCreateApiKey":    {"createApiKey", `{name: "One", scope: READ, expiresAt: "2026-12-01T00:00:00Z"}`},
	"Viewer.viewerCanManageMembers":   {"createMember", `{name: "One", email: "one@example.com", roles: []}`},
	"Viewer.viewerCanCreateOpening":   {"createOpening", `{title: "One"}`},
	"Viewer.viewerCanCreateCandidate": {"createCandidate", `{name: "One"}`},
	"Viewer.viewerCanAuthorRubrics":   {"createLadder", `{key: "one", name: "One", levels: []}`},
}

// What viewerCan fields say is what mutations then do: for every thing that
// somebody of the audiences sees.
func TestViewerCanIsKept(t *testing.T) {
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			d := engine.Open(t, template, store.Options{})
			p := newPanel(t, d)
			people := audiences(t, d, p)
			people = append(people, audience{"by key", "an administrator's key", &access.Viewer{
				Member: people[0].viewer.Member, Roles: people[0].viewer.Roles, Key: seeded(d).IDs.New(gid.ApiKey),
			}})
			reads, writes := unbound(d, true), rehearsal(d, true)
			for _, def := range newWalk(t, d, p.application.ID).schema.Types {
				for _, field := range def.Fields {
					name := def.Name + "." + field.Name
					if !strings.HasPrefix(field.Name, "viewerCan") {
						continue
					}
					promise, known := promised[name]
					if !known {
						t.Errorf("which mutation keeps the promise of %s?", name)
						continue
					}
					kept := map[bool]int{}
					for _, a := range people {
						if a.viewer == nil {
							continue
						}
						query, ids := fmt.Sprintf("{ it: viewer { it: %s } }", field.Name), []gid.ID{gid.Nil}
						if def.Name != "Viewer" {
							ids = sampleOf(t, d, snake(def.Name), p.application.ID)
							query = fmt.Sprintf("{ it: nodes(ids: [%s]) { ... on %s { it: %s } } }", quoted(ids), def.Name, field.Name)
						}
						answer, _ := ask(t, reads, a.viewer, query, "")
						for i, can := range promises(t, answer) {
							input := promise.input
							if def.Name != "Viewer" {
								input = fmt.Sprintf(input, ids[i])
							}
							if can == nil {
								continue // not seen
							}
							kept[*can]++
							got := outcome(t, writes, a.viewer, promise.mutation, input)
							may := !slices.Contains([]string{"FORBIDDEN", "NOT_ASSIGNED"}, got)
							over := def.Name == "Scorecard" && got == "ALREADY_SUBMITTED" // and decided on
							if may != *can && !over {
								t.Errorf("%s is told %s %t of %s, and %s answers %s", a.name, name, *can, ids[i], promise.mutation, got)
							}
						}
					}
					if kept[true] == 0 || kept[false] == 0 {
						t.Errorf("%s is only ever %t", name, kept[true] > 0)
					}
				}
			}
		})
	}
}

// sampleOf are some ids of a noun, an application's own among them.
func sampleOf(t *testing.T, d *store.DB, noun string, application gid.ID) []gid.ID {
	var ids []gid.ID
	for _, id := range around(t, d, application) {
		if id.Kind().Noun() == noun {
			ids = append(ids, id)
		}
	}
	for _, table := range migrate.Tables {
		if singular(table.Name) == noun {
			for i, id := range idsIn(t, d, table.Name) {
				if i%4 == 0 && len(ids) < 40 && !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}

// promises are what an answer says, nil where the thing is not seen.
func promises(t *testing.T, answer []byte) []*bool {
	t.Helper()
	type one = *struct{ It *bool }
	var a struct{ Data struct{ It json.RawMessage } }
	if err := json.Unmarshal(answer, &a); err != nil {
		t.Fatalf("%v in %.300s", err, answer)
	}
	list := []one{nil}
	if json.Unmarshal(a.Data.It, &list) != nil && json.Unmarshal(a.Data.It, &list[0]) != nil {
		t.Fatalf("not told: %.300s", answer)
	}
	said := make([]*bool, len(list))
	for i, o := range list {
		if o != nil {
			said[i] = o.It
		}
	}
	return said
}
