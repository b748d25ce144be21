package hiring_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/candidatecontact"
	"hireloop/ent/db/candidatemerge"
	"hireloop/ent/db/externalreference"
	"hireloop/ent/db/note"
	"hireloop/ent/db/stage"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// belongings are all that is known of candidates, as a set.
func (d *desk) belongings(ids ...gid.ID) []string {
	d.t.Helper()
	ctx := d.system()
	known := map[string]bool{}
	for _, id := range ids {
		c := d.candidate(id)
		for _, tag := range c.Tags {
			known["tag "+tag] = true
		}
		for _, l := range c.Links {
			known["link "+l.Kind+" "+l.URL] = true
		}
		contacts, err := d.DB.CandidateContact.Query().Where(candidatecontact.CandidateID(id)).All(ctx)
		d.must(err)
		for _, c := range contacts {
			known["contact "+string(c.Kind)+" "+c.Normalized] = true
		}
		applications, err := d.DB.Application.Query().Where(application.CandidateID(id)).IDs(ctx)
		d.must(err)
		notes, err := d.DB.Note.Query().Where(note.CandidateID(id)).IDs(ctx)
		d.must(err)
		references, err := d.DB.ExternalReference.Query().Where(externalreference.SubjectID(id)).IDs(ctx)
		d.must(err)
		for _, row := range slices.Concat(applications, notes, references) {
			known[row.String()] = true
		}
		if c.IsPrivate {
			known["is private"] = true
		}
	}
	var all []string
	for k := range known {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// rowCounts are how many rows there are of what candidates have: a merge moves
// and adds, it deletes nothing.
func (d *desk) rowCounts() map[string]int {
	d.t.Helper()
	counts := map[string]int{}
	for _, table := range []string{"candidates", "candidate_contacts", "applications", "stage_events", "visits", "notes", "external_references"} {
		var n int
		d.must(d.Store.SQL().QueryRowContext(access.System(d.t.Context()), "SELECT COUNT(*) FROM "+table).Scan(&n))
		counts[table] = n
	}
	return counts
}

// applyTo has a candidate apply, also a second time, as imports may.
func (d *desk) applyTo(c gid.ID, o *db.Opening) gid.ID {
	d.t.Helper()
	ctx := d.system()
	first, err := d.DB.Stage.Query().Where(stage.OpeningID(o.ID)).Order(stage.ByPosition()).First(ctx)
	d.must(err)
	id := d.id(gid.Application)
	d.must(d.DB.Application.Create().SetID(id).SetCandidateID(c).SetOpeningID(o.ID).SetStageID(first.ID).
		SetStatus(application.StatusACTIVE).SetAppliedAt(d.now).SetStageEnteredAt(d.now).SetLastActivityAt(d.now).
		SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	return id
}

func (d *desk) noteOn(c gid.ID) {
	d.t.Helper()
	d.must(d.DB.Note.Create().SetID(d.id(gid.Note)).SetCandidateID(c).SetVisibility(note.VisibilityTEAM).SetBody("Hm.").
		SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
}

func (d *desk) reference(c gid.ID) {
	d.t.Helper()
	id := d.id(gid.ExternalReference)
	d.must(d.DB.ExternalReference.Create().SetID(id).SetSystem("greenhouse").SetObject("candidate").
		SetExternalID(id.String()).SetSubjectID(c).Exec(d.system()))
}

func TestAMergeLosesNothing(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		openings := []*db.Opening{d.open(1), d.open(1)}
		rapid.Check(t, func(r *rapid.T) {
			some := func(name string, from ...string) []string {
				return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, len(from), rapid.ID[string]).Draw(r, name)
			}
			var pair []*db.Candidate
			for _, name := range []string{"survivor", "absorbed"} {
				var links []*hiring.CandidateLinkInput
				for _, url := range some(name+" links", "https://a.example", "https://b.example") {
					links = append(links, &hiring.CandidateLinkInput{Kind: hiring.LinkOther, URL: url})
				}
				c := d.person(hiring.CreateCandidateInput{
					Name: name, AllowDuplicate: to(true), Links: links,
					Emails: some(name+" emails", "a@example.org", "A@EXAMPLE.org", "b@example.org", "c@example.org"),
					Phones: some(name+" phones", "+15550100", "+15550101"),
					Tags:   some(name+" tags", "go", "Go", "rust"), IsPrivate: to(rapid.Bool().Draw(r, name+" private")),
				})
				for range rapid.IntRange(0, 3).Draw(r, name+" applications") {
					d.applyTo(c.ID, rapid.SampledFrom(openings).Draw(r, "opening"))
				}
				for range rapid.IntRange(0, 2).Draw(r, name+" notes") {
					d.noteOn(c.ID)
				}
				for range rapid.IntRange(0, 2).Draw(r, name+" references") {
					d.reference(c.ID)
				}
				pair = append(pair, c)
			}
			survivor, absorbed := pair[0].ID, pair[1].ID
			before, counts := d.belongings(survivor, absorbed), d.rowCounts()
			if _, err := d.MergeCandidates(d.as("admin"), hiring.MergeCandidatesInput{
				SurvivorID: survivor, ExpectedVersion: 1, AbsorbedID: absorbed}); err != nil {
				r.Fatal(err)
			}
			if diff := cmp.Diff(before, d.belongings(survivor)); diff != "" {
				r.Errorf("the survivor does not have what both had: %s", diff)
			}
			if diff := cmp.Diff(counts, d.rowCounts()); diff != "" {
				r.Errorf("rows went or came: %s", diff)
			}
			found, err := d.CandidateDuplicates(d.as("admin"), []gid.ID{survivor})
			if err != nil || slices.ContainsFunc(found[survivor], func(c *db.Candidate) bool { return c.ID == absorbed }) {
				r.Errorf("the absorbed candidate is still a duplicate: %v, %v", found, err)
			}
		})
	})
}

func TestMergeCandidates(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		survivor := d.person(hiring.CreateCandidateInput{
			Name: "Ada Lovelace", Company: to("Babbage"), Emails: []string{"ada@example.org"}, Tags: []string{"go"}})
		in := ada()
		in.AllowDuplicate, in.IsPrivate = to(true), to(true)
		absorbed := d.person(in)
		o := d.open(1)
		mine, theirs := d.applyTo(survivor.ID, o), d.applyTo(absorbed.ID, o)
		d.noteOn(absorbed.ID)
		d.reference(absorbed.ID)
		d.now = dayOf(101)
		merge := func(survivor, absorbed gid.ID) error {
			_, err := d.MergeCandidates(d.as("admin"), hiring.MergeCandidatesInput{
				SurvivorID: survivor, ExpectedVersion: d.candidate(survivor).Version, AbsorbedID: absorbed})
			return err
		}
		d.must(merge(survivor.ID, absorbed.ID))

		got := d.candidate(survivor.ID)
		if got.Name != "Ada Lovelace" || *got.Company != "Babbage" {
			t.Errorf("the survivor's word did not stand: %v", got)
		}
		if *got.Headline != "Engineering Manager" || *got.Location != "London" {
			t.Errorf("what the survivor lacked was not filled in: %v", got)
		}
		if !got.IsPrivate || got.Version != 2 || !got.UpdatedAt.Equal(d.now) || !slices.Equal(got.Tags, []string{"go", "Go", "Mentor"}) {
			t.Errorf("the survivor is %v", got)
		}
		if want := "ada lovelace engineering manager go go mentor"; got.SearchText != want {
			t.Errorf("found by %q, want %q", got.SearchText, want)
		}
		if diff := cmp.Diff([]string{
			"EMAIL 0 ada@example.org = ada@example.org", "PHONE 0 +44 20 7946 0000 = +442079460000",
			"EMAIL 1 ada@work.example.org = ada@work.example.org",
		}, d.contacts(survivor.ID)); diff != "" {
			t.Error(diff)
		}
		for _, id := range []gid.ID{mine, theirs} {
			a, err := d.DB.Application.Get(d.system(), id)
			d.must(err)
			if a.CandidateID != survivor.ID {
				t.Errorf("%s is not the survivor's", id)
			}
			if moved := id == theirs; moved != (a.Version == 2) || moved != a.UpdatedAt.Equal(d.now) {
				t.Errorf("application %s is at version %d, updated %v", id, a.Version, a.UpdatedAt)
			}
		}
		gone := d.candidate(absorbed.ID)
		if gone.MergedIntoID == nil || *gone.MergedIntoID != survivor.ID || gone.Version != 2 || gone.Name != absorbed.Name || gone.SearchText != absorbed.SearchText {
			t.Errorf("the absorbed record is %v", gone)
		}
		record, err := d.DB.CandidateMerge.Query().Where(candidatemerge.AbsorbedID(absorbed.ID)).Only(d.system())
		d.must(err)
		if record.SurvivorID != survivor.ID || *record.ActorID != d.members["admin"] || !record.MergedAt.Equal(d.now) {
			t.Errorf("the record is %v", record)
		}
		kept := record.Absorbed
		if kept["name"] != absorbed.Name || kept["company"] != "Analytical" || kept["isPrivate"] != true ||
			len(kept["contacts"].([]any)) != 3 || len(kept["noteIds"].([]any)) != 1 || len(kept["externalReferenceIds"].([]any)) != 1 {
			t.Errorf("the snapshot is %v", kept)
		}
		if diff := cmp.Diff([]any{theirs.String()}, kept["applicationIds"]); diff != "" {
			t.Error(diff)
		}
		if got, want := d.traces(), "mergeCandidates by admin of candidate, candidate.merged"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}

		// Whoever was merged earlier leads on to the last survivor at once.
		last := d.person(hiring.CreateCandidateInput{Name: "Countess"})
		d.must(merge(last.ID, survivor.ID))
		if gone := d.candidate(absorbed.ID); *gone.MergedIntoID != last.ID {
			t.Errorf("the first absorbed leads to %s, want %s", gone.MergedIntoID, last.ID)
		}
		other := d.person(hiring.CreateCandidateInput{Name: "Charles"})
		d.refuses(t, refusal{"a survivor who was absorbed since", "INVALID_TRANSITION at survivorId",
			func() error { return merge(survivor.ID, other.ID) }})
	})
}

// An absorbed record keeps contacts that the survivor had too; they are nobody's
// once the survivor gives them up.
func TestContactsOfTheAbsorbedAreNoDuplicates(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		in := hiring.CreateCandidateInput{Name: "Ada", Emails: []string{"ada@example.org"}, AllowDuplicate: to(true)}
		survivor, absorbed := d.person(in), d.person(in)
		_, err := d.MergeCandidates(d.as("recruiter"), hiring.MergeCandidatesInput{SurvivorID: survivor.ID, ExpectedVersion: 1, AbsorbedID: absorbed.ID})
		d.must(err)
		in.AllowDuplicate = nil
		record := func() error {
			_, err := d.CreateCandidate(d.as("recruiter"), in)
			return err
		}
		d.refuses(t, refusal{"while the survivor has it", "DUPLICATE at emails.0", record})
		_, err = d.UpdateCandidate(d.as("recruiter"), hiring.CandidateUpdate{CandidateID: survivor.ID, ExpectedVersion: 2, Emails: hiring.To[[]string](nil)})
		d.must(err)
		d.must(record())
	})
}

func TestMergeCandidatesRefuses(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		one, two := d.person(hiring.CreateCandidateInput{Name: "One"}), d.person(hiring.CreateCandidateInput{Name: "Two"})
		three, gone := d.person(hiring.CreateCandidateInput{Name: "Three"}), d.person(hiring.CreateCandidateInput{Name: "Gone"})
		_, err := d.MergeCandidates(d.as("recruiter"), hiring.MergeCandidatesInput{SurvivorID: three.ID, ExpectedVersion: 1, AbsorbedID: gone.ID})
		d.must(err)
		secret := d.secret(hiring.CreateCandidateInput{Name: "Hidden"})
		merge := func(who string, survivor, absorbed gid.ID, version int) func() error {
			return func() error {
				_, err := d.MergeCandidates(d.as(who), hiring.MergeCandidatesInput{SurvivorID: survivor, ExpectedVersion: version, AbsorbedID: absorbed})
				return err
			}
		}
		d.refuses(t,
			refusal{"nobody", "FORBIDDEN at ", merge("", one.ID, two.ID, 1)},
			refusal{"who sees neither", "NOT_FOUND at survivorId, NOT_FOUND at absorbedId", merge("manager", one.ID, two.ID, 1)},
			refusal{"one into itself", "INVALID at absorbedId", merge("recruiter", one.ID, one.ID, 1)},
			refusal{"an unknown survivor", "NOT_FOUND at survivorId", merge("recruiter", d.id(gid.Candidate), two.ID, 1)},
			refusal{"an opening", "NOT_FOUND at absorbedId", merge("recruiter", one.ID, d.id(gid.Opening), 1)},
			refusal{"somebody hidden", "NOT_FOUND at absorbedId", merge("recruiter", one.ID, secret, 1)},
			refusal{"a past version", "CONFLICT at expectedVersion", merge("recruiter", three.ID, gone.ID, 1)},
			refusal{"one who was merged already", "INVALID_TRANSITION at absorbedId", merge("recruiter", three.ID, gone.ID, 2)},
			refusal{"into one who was merged already", "INVALID_TRANSITION at survivorId", merge("recruiter", gone.ID, one.ID, 2)},
		)
	})
}

// Two who merge the same pair in opposite directions do not block each other,
// and one of them is too late.
func TestAMergeAndItsMirror(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		one, two := d.person(hiring.CreateCandidateInput{Name: "One"}), d.person(hiring.CreateCandidateInput{Name: "Two"})
		into := func(survivor, absorbed *db.Candidate) func() error {
			return func() error {
				_, err := d.MergeCandidates(d.as("recruiter"), hiring.MergeCandidatesInput{
					SurvivorID: survivor.ID, ExpectedVersion: 1, AbsorbedID: absorbed.ID})
				return err
			}
		}
		outcomes := tally(atOnce(into(one, two), into(two, one)))
		if diff := cmp.Diff(map[string]int{"<nil>": 1, "CONFLICT at expectedVersion": 1}, outcomes); diff != "" {
			t.Error(diff)
		}
	})
}
