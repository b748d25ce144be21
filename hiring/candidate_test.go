package hiring_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/candidatecontact"
	"hireloop/ent/schema"
	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// contacts tells a candidate's contacts: "EMAIL 0 Ada@example.org = ada@example.org".
func (d *desk) contacts(id gid.ID) []string {
	d.t.Helper()
	rows, err := d.DB.CandidateContact.Query().Where(candidatecontact.CandidateID(id)).
		Order(candidatecontact.ByPosition(), candidatecontact.ByID()).All(d.system())
	d.must(err)
	told := []string{}
	for _, c := range rows {
		told = append(told, fmt.Sprintf("%s %d %s = %s", c.Kind, c.Position, c.Address, c.Normalized))
	}
	return told
}

// person records somebody.
func (d *desk) person(in hiring.CreateCandidateInput) *db.Candidate {
	d.t.Helper()
	id, err := d.CreateCandidate(d.as("recruiter"), in)
	d.must(err)
	return d.candidate(id)
}

// ada says all that one can say of a candidate.
func ada() hiring.CreateCandidateInput {
	return hiring.CreateCandidateInput{
		Name: " Ada  King-Noe\u0308l 👩‍💻 ", Headline: to("Engineering Manager"), Company: to("Analytical"), Location: to("London"),
		Emails: []string{"Ada@Example.org", "ada@work.example.org", " ada@example.ORG"},
		Phones: []string{"+44 20 7946 0000", "0044 (0)20 7946 0000"},
		Links: []*hiring.CandidateLinkInput{
			{Kind: hiring.LinkGitHub, URL: "https://github.com/ada"}, {Kind: hiring.LinkGitHub, URL: "https://github.com/ada"},
		},
		Tags: []string{"Go", "Mentor", "Go"},
	}
}

func TestCreateCandidateKeepsAllThatIsSaid(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		c := d.person(ada())
		got := []any{c.Name, *c.Headline, *c.Company, *c.Location, c.Links, c.Tags, c.IsPrivate, c.SearchText, c.Version, c.CreatedAt, c.UpdatedAt}
		want := []any{"Ada King-No\u00ebl 👩‍💻", "Engineering Manager", "Analytical", "London",
			[]schema.CandidateLink{{Kind: "GITHUB", URL: "https://github.com/ada"}}, []string{"Go", "Mentor"}, false,
			"ada king-noel 👩💻 engineering manager go mentor", 1, d.now, d.now}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{
			"EMAIL 0 Ada@Example.org = ada@example.org", "PHONE 0 +44 20 7946 0000 = +442079460000",
			"EMAIL 1 ada@work.example.org = ada@work.example.org",
		}, d.contacts(c.ID)); diff != "" {
			t.Errorf("the primary contacts come first, and none comes twice: %s", diff)
		}
		if got, want := d.traces(), "createCandidate by recruiter of candidate, candidate.created"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
	})
}

func TestCreateCandidateNeedsOnlyAName(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		for _, name := range []string{"عبد الله", "陳大文", "X", "🦄"} {
			c := d.person(hiring.CreateCandidateInput{Name: name, Headline: to("  ")})
			if c.Name != name || c.Headline != nil || c.Links == nil || c.Tags == nil || c.SearchText != strings.ToLower(name) {
				t.Errorf("%q is kept as %v, found by %q", name, c, c.SearchText)
			}
		}
	})
}

func TestCreateCandidateRefuses(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		by := func(who string, change func(*hiring.CreateCandidateInput)) func() error {
			in := ada()
			change(&in)
			return func() error {
				_, err := d.CreateCandidate(d.as(who), in)
				return err
			}
		}
		create := func(change func(*hiring.CreateCandidateInput)) func() error { return by("recruiter", change) }
		type in = *hiring.CreateCandidateInput
		many := func(text string, n int) []string { return slices.Repeat([]string{text}, n) }
		d.refuses(t,
			refusal{"a hiring manager", "FORBIDDEN at ", by("manager", func(in) {})},
			refusal{"an interviewer", "FORBIDDEN at ", by("interviewer", func(in) {})},
			refusal{"nobody", "FORBIDDEN at ", by("", func(in) {})},
			refusal{"no name", "REQUIRED at name", create(func(i in) { i.Name = " " })},
			refusal{"a name of 10,000 characters", "INVALID at name", create(func(i in) { i.Name = strings.Repeat("x", 10_000) })},
			refusal{"a name with NUL", "INVALID at name", create(func(i in) { i.Name = "Ada\x00" })},
			refusal{"a name of broken UTF-8", "INVALID at name", create(func(i in) { i.Name = "Ad\xe4" })},
			refusal{"a name that was damaged", "INVALID at name", create(func(i in) { i.Name = "No\ufffdl" })},
			refusal{"a headline of 501 characters", "INVALID at headline", create(func(i in) { i.Headline = to(strings.Repeat("x", 501)) })},
			refusal{"no e-mail address", "INVALID at emails.1", create(func(i in) { i.Emails[1] = "ada" })},
			refusal{"an empty e-mail address", "REQUIRED at emails.2", create(func(i in) { i.Emails[2] = "" })},
			refusal{"21 e-mail addresses", "INVALID at emails", create(func(i in) { i.Emails = many("ada@example.org", 21) })},
			refusal{"no telephone number", "INVALID at phones.0", create(func(i in) { i.Phones[0] = "call me" })},
			refusal{"a link that is a script", "INVALID at links.0.url", create(func(i in) { i.Links[0].URL = "javascript:alert(1)" })},
			refusal{"a link to nowhere", "INVALID at links.1.url", create(func(i in) { i.Links[1].URL = "https:///x" })},
			refusal{"a link of 2,001 characters", "INVALID at links.0.url", create(func(i in) { i.Links[0].URL = "https://example.org/" + strings.Repeat("x", 1981) })},
			refusal{"a link of no kind", "INVALID at links.1.kind", create(func(i in) { i.Links[1].Kind = "MYSPACE" })},
			refusal{"51 tags", "INVALID at tags", create(func(i in) { i.Tags = many("go", 51) })},
			refusal{"an empty tag", "REQUIRED at tags.1", create(func(i in) { i.Tags[1] = "" })},
			refusal{"a tag of 101 characters", "INVALID at tags.0", create(func(i in) { i.Tags[0] = strings.Repeat("x", 101) })},
			refusal{"all that is wrong is told at once", "REQUIRED at name, INVALID at tags.0, INVALID at emails.0, INVALID at phones.1, INVALID at links.0.url",
				create(func(i in) {
					i.Name, i.Tags[0], i.Emails[0], i.Phones[1], i.Links[0].URL = "", "a\x00", "@", "1", "ftp://example.org"
				})},
		)
	})
}

func TestDuplicates(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		one := d.person(ada())
		secret := d.secret(hiring.CreateCandidateInput{Name: "Grace", Emails: []string{"grace@example.org"}})
		record := func(in hiring.CreateCandidateInput) func() error {
			return func() error {
				_, err := d.CreateCandidate(d.as("recruiter"), in)
				return err
			}
		}
		d.refuses(t,
			refusal{"the same e-mail address, by another spelling", "DUPLICATE at emails.1",
				record(hiring.CreateCandidateInput{Name: "A", Emails: []string{"new@example.org", "ADA@WORK.example.org"}})},
			refusal{"the same telephone number, by another spelling", "DUPLICATE at phones.0",
				record(hiring.CreateCandidateInput{Name: "A", Phones: []string{"+442079460000"}})},
			refusal{"every contact that is there is told", "DUPLICATE at emails.0, DUPLICATE at phones.0",
				record(hiring.CreateCandidateInput{Name: "A", Emails: []string{"ada@example.org"}, Phones: []string{"+442079460000"}})},
		)
		if err := record(hiring.CreateCandidateInput{Name: "A", Emails: []string{"ada@example.org"}})(); !strings.Contains(err.Error(), one.ID.String()) {
			t.Errorf("the duplicate is not named: %v", err)
		}

		// Somebody whom the recruiter does not see is as good as nobody.
		d.must(record(hiring.CreateCandidateInput{Name: "A", Emails: []string{"grace@example.org"}})())
		d.must(d.DB.Candidate.Update().Where(candidate.Name("A")).SetMergedIntoID(secret).Exec(d.system()))

		twin := d.person(hiring.CreateCandidateInput{Name: "A", Emails: []string{"ada@example.org", "grace@example.org"}, AllowDuplicate: to(true)})
		other := d.person(hiring.CreateCandidateInput{Name: "Linus", Emails: []string{"linus@example.org"}})
		told := func(who string) map[gid.ID][]gid.ID {
			ctx, statements := store.CountStatements(d.as(who))
			found, err := d.CandidateDuplicates(ctx, []gid.ID{one.ID, twin.ID, other.ID})
			d.must(err)
			if n := statements.Count(); n != 2 {
				t.Errorf("it took %d statements, want 2", n)
			}
			ids := map[gid.ID][]gid.ID{}
			for id, list := range found {
				for _, c := range list {
					ids[id] = append(ids[id], c.ID)
				}
			}
			return ids
		}
		if diff := cmp.Diff(map[gid.ID][]gid.ID{one.ID: {twin.ID}, twin.ID: {one.ID, secret}}, told("admin")); diff != "" {
			t.Errorf("an administrator: %s", diff)
		}
		if diff := cmp.Diff(map[gid.ID][]gid.ID{one.ID: {twin.ID}, twin.ID: {one.ID}}, told("recruiter")); diff != "" {
			t.Errorf("a recruiter, who does not see the private candidates of other teams: %s", diff)
		}
		if got, err := d.CandidateDuplicates(d.as("recruiter"), nil); err != nil || len(got) != 0 {
			t.Errorf("of nobody: %v, %v", got, err)
		}
	})
}

// Of ten who record the same person at once one does and nine are told so.
func TestTheSamePersonIsRecordedOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		outcomes := tally(atOnce(times(10, func(i int) error {
			_, err := d.CreateCandidate(d.as("recruiter"), hiring.CreateCandidateInput{
				Name: fmt.Sprint("Ada ", i), Emails: []string{"ada@example.org", fmt.Sprintf("ada%d@example.org", i)},
			})
			return err
		})...))
		if diff := cmp.Diff(map[string]int{"<nil>": 1, "DUPLICATE at emails.0": 9}, outcomes); diff != "" {
			t.Error(diff)
		}
		if n, err := d.DB.Candidate.Query().Where(candidate.NameHasPrefix("Ada")).Count(d.system()); err != nil || n != 1 {
			t.Errorf("%d candidates: %v", n, err)
		}
	})
}

func TestUpdateCandidate(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		c := d.person(ada())
		rows := func() map[string]gid.ID {
			list, err := d.DB.CandidateContact.Query().Where(candidatecontact.CandidateID(c.ID)).All(d.system())
			d.must(err)
			ids := map[string]gid.ID{}
			for _, row := range list {
				ids[row.Normalized] = row.ID
			}
			return ids
		}
		before := rows()
		d.now = dayOf(101)
		_, err := d.UpdateCandidate(d.as("colleague"), hiring.CandidateUpdate{
			CandidateID: c.ID, ExpectedVersion: 1, Name: hiring.To(to("Ada Lovelace")),
			Emails: hiring.To([]string{"new@example.org", "ADA@example.org"}),
		})
		d.must(err)
		after := d.candidate(c.ID)
		if after.Version != 2 || !after.UpdatedAt.Equal(d.now) || *after.Company != "Analytical" || !slices.Equal(after.Tags, c.Tags) {
			t.Errorf("it is %v", after)
		}
		if want := "ada lovelace engineering manager go mentor"; after.SearchText != want {
			t.Errorf("found by %q, want %q", after.SearchText, want)
		}
		if diff := cmp.Diff([]string{
			"PHONE 0 +44 20 7946 0000 = +442079460000", "EMAIL 0 new@example.org = new@example.org", "EMAIL 1 ADA@example.org = ada@example.org",
		}, d.contacts(c.ID)); diff != "" {
			t.Error(diff)
		}
		if rows()["ada@example.org"] != before["ada@example.org"] || rows()["+442079460000"] != before["+442079460000"] {
			t.Error("a contact that stays has a new id")
		}
		if got, want := d.traces(), "updateCandidate by colleague of candidate, candidate.updated"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}

		_, err = d.UpdateCandidate(d.as("recruiter"), hiring.CandidateUpdate{
			CandidateID: c.ID, ExpectedVersion: 2, Headline: hiring.To[*string](nil), Company: hiring.To(to(" ")),
			Location: hiring.To[*string](nil), Emails: hiring.To[[]string](nil), Phones: hiring.To([]string{}),
			Links: hiring.To[[]*hiring.CandidateLinkInput](nil), Tags: hiring.To[[]string](nil), IsPrivate: hiring.To(to(true)),
		})
		d.must(err)
		after = d.candidate(c.ID)
		if after.Headline != nil || after.Company != nil || after.Location != nil || len(after.Links) != 0 || len(after.Tags) != 0 ||
			!after.IsPrivate || after.SearchText != "ada lovelace" || len(d.contacts(c.ID)) != 0 {
			t.Errorf("null did not clear all: %v, %v, found by %q", after, d.contacts(c.ID), after.SearchText)
		}
	})
}

func TestUpdateCandidateRefuses(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		c, gone := d.person(ada()), d.person(hiring.CreateCandidateInput{Name: "Grace"})
		_, err := d.MergeCandidates(d.as("recruiter"), hiring.MergeCandidatesInput{SurvivorID: c.ID, ExpectedVersion: 1, AbsorbedID: gone.ID})
		d.must(err)
		secret := d.secret(hiring.CreateCandidateInput{Name: "Hidden"})
		update := func(who string, change func(*hiring.CandidateUpdate)) func() error {
			in := hiring.CandidateUpdate{CandidateID: c.ID, ExpectedVersion: 2, Name: hiring.To(to("New"))}
			change(&in)
			return func() error {
				_, err := d.UpdateCandidate(d.as(who), in)
				return err
			}
		}
		type in = *hiring.CandidateUpdate
		d.refuses(t,
			refusal{"who does not see them", "NOT_FOUND at candidateId", update("manager", func(in) {})},
			refusal{"nobody", "FORBIDDEN at ", update("", func(in) {})},
			refusal{"a private candidate", "NOT_FOUND at candidateId", update("recruiter", func(i in) { i.CandidateID = secret })},
			refusal{"an unknown candidate", "NOT_FOUND at candidateId", update("recruiter", func(i in) { i.CandidateID = d.id(gid.Candidate) })},
			refusal{"a member", "NOT_FOUND at candidateId", update("recruiter", func(i in) { i.CandidateID = d.members["admin"] })},
			refusal{"a past version", "CONFLICT at expectedVersion", update("recruiter", func(i in) { i.ExpectedVersion = 1 })},
			refusal{"one who was merged into another", "INVALID_TRANSITION at candidateId", update("recruiter", func(i in) { i.CandidateID = gone.ID })},
			refusal{"null where there must be something", "REQUIRED at name, REQUIRED at isPrivate", update("recruiter", func(i in) {
				i.Name, i.IsPrivate = hiring.To[*string](nil), hiring.To[*bool](nil)
			})},
			refusal{"all that is wrong is told at once", "REQUIRED at name, REQUIRED at tags.0, INVALID at emails.0",
				update("recruiter", func(i in) {
					i.Name, i.Tags, i.Emails = hiring.To(to("")), hiring.To([]string{""}), hiring.To([]string{"x"})
				})},
		)
		// A hiring manager sees who applies to an opening of theirs.
		o := d.open(1)
		_, err = d.CreateApplication(d.as("recruiter"), hiring.CreateApplicationInput{CandidateID: c.ID, OpeningID: o.ID})
		d.must(err)
		d.refuses(t, refusal{"a hiring manager, who sees them", "FORBIDDEN at ", update("manager", func(in) {})})
	})
}
