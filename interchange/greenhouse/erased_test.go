package greenhouse_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/erasurereceipt"
	"hireloop/hiring"
	"hireloop/interchange"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// The same export again does not bring back a person who was erased, and leaves
// what stands for them as it is: the seat that they fill too.
func TestAnExportBringsNobodyBack(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		i := newImporter(t, d)
		same := files(export(map[string]string{
			"candidate":     "id,first_name,last_name,title\n101,Ada,Quill,Engineer\n102,Bo,Stay,Engineer\n",
			"email_address": "candidate_id,index,value\n101,0,ada.quill@example.net\n102,0,bo@example.net\n",
			"job":           "id,name,status,created_at\n1001,Engineering manager,closed,2025-01-01 09:00:00\n",
			"application": "id,candidate_id,applied_at,current_stage_id,status,last_activity_at\n" +
				"2001,101,2025-01-04 10:00:00,54,hired,2025-02-03 10:00:00\n" +
				"2002,102,2025-01-04 10:00:00,52,active,2025-02-03 10:00:00\n",
			"job_application": "application_id,job_id\n2001,1001\n2002,1001\n",
			"job_opening":     "id,job_id,status,application_id,opened_at,closed_at\n1,1001,closed,2001,2025-01-01 09:00:00,2025-02-03 10:00:00\n",
		}))
		i.real(same)
		seats := section(t, d, "Seats")

		client := db.NewClient(db.Driver(d.Driver()))
		s := &hiring.Service{Store: d, DB: client, IDs: i.ids, Now: func() time.Time { return i.now }}
		admin, ctx := i.ids.New(gid.Member), access.System(context.Background())
		client.Member.Create().SetID(admin).SetName("Admin").SetEmail("admin@example.org").SetRoles([]string{"ADMIN"}).
			SetCreatedAt(i.now).SetUpdatedAt(i.now).ExecX(ctx)
		ada := client.Candidate.Query().Where(candidate.Name("Ada Quill")).OnlyIDX(ctx)
		_, err := s.EraseCandidate(access.WithViewer(ctx, &access.Viewer{Member: admin, Roles: []access.Role{access.Admin}}),
			hiring.EraseCandidateInput{CandidateID: ada, Reason: erasurereceipt.ReasonREQUEST})
		if err != nil {
			t.Fatal(err)
		}

		for range 2 {
			r := i.real(same)
			refused := slices.ContainsFunc(r.Rows, func(row interchange.RowIssue) bool {
				return row.Code == interchange.CodeErased && row.Outcome == interchange.Skipped && row.ID == ""
			})
			if !refused {
				t.Errorf("nobody is told:\n%s", print(t, r))
			}
			names := client.Candidate.Query().Order(candidate.ByName()).Select(candidate.FieldName).StringsX(ctx)
			if !slices.Equal(names, []string{"Bo Stay", "Erased"}) {
				t.Errorf("there are %v", names)
			}
			if got, want := section(t, d, "Seats"), strings.ReplaceAll(seats, "Ada Quill", "Erased"); got != want {
				t.Errorf("seats:\n%s\nwant\n%s", got, want)
			}
		}
	})
}
