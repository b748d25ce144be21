package graph_test

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/offerversion"
	"hireloop/graph/exec"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// Whatever the cases and stories do is in the audit trail: every mutation of the
// contract, with nothing personal, in a chain that holds. A mutation that is new
// needs a case or story in which it succeeds, and an entry.
func TestEveryMutationIsAudited(t *testing.T) {
	audited := map[string]bool{}
	inspect := func(t *testing.T, d *store.DB) {
		s := newService(d)
		actions, err := s.DB.AuditEntry.Query().Where(auditentry.KindIn(auditentry.KindWRITE, auditentry.KindEXPORT)).
			GroupBy(auditentry.FieldAction).Strings(access.System(context.Background()))
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range actions {
			audited[a] = true
		}
		for _, found := range personalInTrail(t, d) {
			t.Error(found)
		}
		if _, err := s.VerifyAudit(context.Background()); err != nil {
			t.Error(err)
		}
	}
	sqlite := testdb.Engines()[0]
	err := filepath.WalkDir("testdata", func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".txtar") {
			return err
		}
		archive, err := txtar.ParseFile(path)
		if err != nil || !changing(archive) {
			return err
		}
		t.Run(strings.TrimSuffix(filepath.ToSlash(path), ".txtar"), func(t *testing.T) {
			d := sqlite.Open(t, template, store.Options{})
			runCase(t, d, archive)
			inspect(t, d)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for folder, steps := range stories(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			s := &story{t: t, d: sqlite.Open(t, template, store.Options{}), ids: named(world.World), kept: map[string]any{}, now: now}
			for _, step := range steps {
				s.tell(step)
			}
			inspect(t, s.d)
		})
	}
	t.Run("an offer whose time is over", func(t *testing.T) {
		d := sqlite.Open(t, template, store.Options{})
		s := newService(d)
		s.Now = func() time.Time { return now.AddDate(1, 0, 0) }
		ctx := access.WithViewer(context.Background(), viewerOf(t, d, "admin"))
		o, err := s.DB.Offer.Query().Where(offer.StatusEQ(offer.StatusEXTENDED),
			offer.HasVersionsWith(offerversion.ExpiresAtNotNil())).First(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.ExpireOffer(ctx, hiring.ExpireOfferInput{OfferID: o.ID, ExpectedVersion: o.Version}); err != nil {
			t.Fatal(err)
		}
		inspect(t, d)
	})
	t.Run("a member with a new account", func(t *testing.T) {
		d := sqlite.Open(t, template, store.Options{})
		s := newService(d)
		admin := viewerOf(t, d, "admin")
		ctx := access.WithViewer(context.Background(), admin)
		s.DB.MemberIdentity.Create().SetID(s.IDs.New(gid.MemberIdentity)).SetMemberID(admin.Member).
			SetIssuer("https://accounts.example").SetSubject("somebody").SetLinkedAt(now).ExecX(ctx)
		if _, err := s.UnlinkMember(ctx, hiring.UnlinkMemberInput{MemberID: admin.Member, ExpectedVersion: 1}); err != nil {
			t.Fatal(err)
		}
		inspect(t, d)
	})
	for _, mutation := range exec.NewExecutableSchema(exec.Config{}).Schema().Mutation.Fields {
		if !strings.HasPrefix(mutation.Name, "__") && !audited[mutation.Name] {
			t.Errorf("%s left no entry in the audit trail", mutation.Name)
		}
	}
}

// private are the columns of people's data and prose that must not be in the
// audit trail.
var private = map[string][]string{
	"candidates":            {"name", "headline", "company", "location", "search_text"},
	"candidate_contacts":    {"address", "normalized"},
	"scorecards":            {"void_comment"},
	"scorecard_revisions":   {"summary", "reason"},
	"signal_ratings":        {"evidence"},
	"red_flag_observations": {"evidence"},
	"decisions":             {"rationale", "dissent", "override_reason"},
	"debriefs":              {"summary"},
	"debrief_resolutions":   {"resolution"},
	"stage_events":          {"reason"},
	"interviews":            {"cancel_reason"},
	"interview_seats":       {"vacated_reason"},
	"loops":                 {"forced_reason", "cancel_reason"},
	"offers":                {"without_decision_reason", "resolution_reason"},
	"offer_versions":        {"salary", "reason"},
	"openings":              {"title", "description", "pay_minimum", "pay_maximum", "pause_reason", "close_reason"},
	"seats":                 {"close_reason"},
	"demographic_answers":   {"answer"},
	"notes":                 {"body"},
	"members":               {"name", "email"},
	"member_identities":     {"subject"},
	"api_keys":              {"name"},
}

// personalInTrail tells which private values are in the audit trail.
func personalInTrail(t *testing.T, d *store.DB) (found []string) {
	var trail strings.Builder
	read := func(query string, each func(string)) {
		err := store.Query(context.Background(), d.SQL(), query).Each(func(row store.Row) error {
			var text string
			err := row.Scan(&text)
			each(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	read("SELECT CAST(details AS text) || CAST(changes AS text) || address FROM audit_entries", func(s string) { trail.WriteString(s + "\n") })
	for table, columns := range private {
		for _, column := range columns {
			read(fmt.Sprintf("SELECT DISTINCT CAST(%[1]s AS text) FROM %[2]s WHERE %[1]s IS NOT NULL", column, table), func(value string) {
				if len(value) > 3 && value != "Erased" && strings.Contains(trail.String(), value) {
					found = append(found, fmt.Sprintf("the audit trail holds %s.%s: %q", table, column, value))
				}
			})
		}
	}
	slices.Sort(found)
	return found
}
