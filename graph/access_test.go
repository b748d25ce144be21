package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"hireloop/ent/db"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/interviewseat"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// Whoever has more roles never sees less: of every entity, for every member of
// the demo and every set of roles.
func TestMoreRolesNeverSeeLess(t *testing.T) {
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			client := newService(engine.Open(t, template, store.Options{})).DB
			reads := map[string]func(context.Context) ([]gid.ID, error){
				"openings":     func(ctx context.Context) ([]gid.ID, error) { return client.Opening.Query().IDs(ctx) },
				"applications": func(ctx context.Context) ([]gid.ID, error) { return client.Application.Query().IDs(ctx) },
				"candidates":   func(ctx context.Context) ([]gid.ID, error) { return client.Candidate.Query().IDs(ctx) },
				"contacts":     func(ctx context.Context) ([]gid.ID, error) { return client.CandidateContact.Query().IDs(ctx) },
				"scorecards":   func(ctx context.Context) ([]gid.ID, error) { return client.Scorecard.Query().IDs(ctx) },
				"ratings":      func(ctx context.Context) ([]gid.ID, error) { return client.SignalRating.Query().IDs(ctx) },
				"interviews":   func(ctx context.Context) ([]gid.ID, error) { return client.Interview.Query().IDs(ctx) },
			}
			seats := client.InterviewSeat.Query().Where(interviewseat.MemberIDNotNil()).Limit(8).AllX(access.System(t.Context()))
			members := map[gid.ID]bool{world.Admin: true, world.Recruiter: true, world.HiringManager: true, world.Interviewer: true}
			for _, s := range seats {
				members[*s.MemberID] = true
			}
			for member := range members {
				for what, read := range reads {
					seen := make([]map[gid.ID]bool, 1<<len(access.Roles))
					for set := range seen {
						viewer := &access.Viewer{Member: member}
						for i, role := range access.Roles {
							if set&(1<<i) != 0 {
								viewer.Roles = append(viewer.Roles, role)
							}
						}
						ids, err := read(access.WithViewer(t.Context(), viewer))
						if err != nil {
							t.Fatal(err)
						}
						seen[set] = map[gid.ID]bool{}
						for _, id := range ids {
							seen[set][id] = true
						}
						for i := range access.Roles {
							fewer := set &^ (1 << i)
							for id := range seen[fewer] {
								if !seen[set][id] {
									t.Fatalf("with %v a member sees fewer %s than without %s", viewer.Roles, what, access.Roles[i])
								}
							}
						}
					}
				}
			}
		})
	}
}

// A search finds by an address only whoever may read the address.
func TestSearchTellsNoAddresses(t *testing.T) {
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			d := engine.Open(t, template, store.Options{})
			h, system := newHandler(d), access.System(t.Context())
			interviewer := viewerOf(t, d, "interviewer")
			s := newService(d)
			met := s.DB.Candidate.Query().FirstX(access.WithViewer(t.Context(), interviewer))
			contact := met.QueryContacts().FirstX(system)
			search := func(viewer *access.Viewer, text string) []string {
				query := fmt.Sprintf("{ candidates(first: 100, filterBy: {query: %q}) { nodes { id } } }", text)
				answer, _ := ask(t, h, viewer, query, "")
				var a struct {
					Data struct {
						Candidates struct{ Nodes []struct{ ID string } }
					}
				}
				if err := json.Unmarshal(answer, &a); err != nil {
					t.Fatal(err)
				}
				var ids []string
				for _, n := range a.Data.Candidates.Nodes {
					ids = append(ids, n.ID)
				}
				return ids
			}
			if !slices.Contains(search(viewerOf(t, d, "admin"), contact.Normalized), met.ID.String()) {
				t.Errorf("an administrator does not find a candidate by address")
			}
			if !slices.Contains(search(interviewer, met.Name), met.ID.String()) {
				t.Errorf("an interviewer does not find by name a candidate whom they interview")
			}
			for _, text := range []string{contact.Normalized, "@", "example"} {
				if found := search(interviewer, text); len(found) > 0 {
					t.Errorf("an interviewer finds %d candidates by %q", len(found), text)
				}
			}
		})
	}
}

// A private candidate stays so when merged, whoever is asked for.
func TestMergedPrivateCandidatesStayHidden(t *testing.T) {
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			d := engine.Open(t, template, store.Options{})
			client, system := newService(d).DB, access.System(t.Context())
			pair := client.Candidate.Query().Order(db.Asc(candidate.FieldID)).Limit(2).AllX(system)
			client.Candidate.UpdateOne(pair[0]).SetIsPrivate(true).SetMergedIntoID(pair[1].ID).ExecX(system)
			for _, a := range client.Application.Query().AllX(system) {
				if a.CandidateID == pair[0].ID {
					client.Application.UpdateOne(a).SetCandidateID(pair[1].ID).ExecX(system)
				}
			}
			recruiter := access.WithViewer(t.Context(), viewerOf(t, d, "recruiter"))
			if client.Candidate.Query().Where(candidate.ID(pair[0].ID)).ExistX(recruiter) {
				t.Error("a recruiter sees the record of a private candidate who was merged")
			}
		})
	}
}
