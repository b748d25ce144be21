package hiring_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

func (d *desk) publishes(who string, id gid.ID, version int, semver *string) error {
	_, err := d.PublishRubricVersion(d.as(who), hiring.PublishRubricVersionInput{RubricVersionID: id, ExpectedVersion: version, Semver: semver})
	return err
}

func TestPublishingThatIsRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		id := d.draftOf(nursing(ladder))
		publish := func(who string, id gid.ID, version int, semver *string) func() error {
			return func() error { return d.publishes(who, id, version, semver) }
		}
		d.refuses(t,
			refusal{"by a recruiter", "FORBIDDEN at ", publish("recruiter", id, 1, nil)},
			refusal{"an unknown edition", "NOT_FOUND at rubricVersionId", publish("admin", d.id(gid.RubricVersion), 1, nil)},
			refusal{"a ladder", "NOT_FOUND at rubricVersionId", publish("admin", ladder, 1, nil)},
			refusal{"a past version", "CONFLICT at expectedVersion", publish("admin", id, 0, nil)},
			refusal{"as a version that is none", "INVALID at semver", publish("admin", id, 1, to("first"))},
			refusal{"as a version that no database stores", "INVALID at semver", publish("admin", id, 1, to("1\x00"))},
		)
		in := nursing(ladder)
		in.Areas = append(in.Areas, &hiring.RubricAreaInput{Key: "night", Name: ""})
		in.Signals[0].Name, in.Signals[0].Anchors[1].Text = "", "NO  hygiene"
		in.Signals[1].Anchors = in.Signals[1].Anchors[:4]
		in.Signals[2].Demands[1].SubsumedBy = to("kindness")
		in.Signals[0].Demands[1].Bar, in.Signals[0].Demands[1].MustHave = to(rubric.Bar(250)), nil
		in.Signals[3].Demands[0].Weight = nil
		d.draftOf(in)
		d.refuses(t, refusal{"incomplete and contradictory, all of it told", strings.Join([]string{
			"REQUIRED at areas.2.name", "INVALID at areas.2",
			"REQUIRED at signals.0.name", "INVALID at signals.0.anchors.1.text",
			"INVALID at signals.0.demands.senior_nurse.bar", "INVALID at signals.0.demands.senior_nurse.mustHave",
			"INVALID at signals.1.anchors", "INVALID at signals.2.demands.senior_nurse.subsumedBy",
			"INVALID at signals.3.demands.senior_nurse.weight", "INVALID at levels.1", "INVALID at levels.2",
		}, ", "), publish("admin", id, 2, nil)})
	})
}

// Authors may raise what the changes call for, never lower it.
func TestASmallerVersionIsRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		d.publish(d.draftOf(nursing(ladder)))
		in := nursing(ladder)
		in.Signals[2].Demands[0].Bar = to(rubric.Bar(300)) // somebody could newly fail
		in.Semver = to("1.9.0")
		id := d.draftOf(in)
		for _, c := range []struct {
			given *string
			want  string
		}{
			{nil, "semver: 1.9.0 is a MINOR version after 1.0.0, but what changed makes it a MAJOR one: at least 2.0.0"},
			{to("1.0.1"), "semver: 1.0.1 is a PATCH version after 1.0.0, but what changed makes it a MAJOR one: at least 2.0.0"},
			{to("0.9.0"), "semver: 0.9.0 does not come after 1.0.0: at least 2.0.0"},
		} {
			d.refuses(t, refusal{c.want, "INVALID at semver", func() error {
				err := d.publishes("admin", id, 1, c.given)
				if fmt.Sprint(err) != c.want {
					t.Errorf("%v, want %s", err, c.want)
				}
				return err
			}})
		}
		d.refuses(t, refusal{"as the edition before", "INVALID at semver, DUPLICATE at semver",
			func() error { return d.publishes("admin", id, 1, to("1.0.0")) }})
		d.must(d.publishes("admin", id, 1, to("3.0.0")))
		if got, want := d.told(id), "3.0.0 PUBLISHED v2, follows 1.0.0"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if hash, err := rubric.Hash(d.content(id)); err != nil || hash != *d.version(id).ContentHash {
			t.Errorf("the hash is not of what was published: %v", err)
		}
	})
}

// frozen is what must not change of a published edition: its content in every
// row that belongs to it, and what its own row says but for its state.
func (d *desk) frozen(id gid.ID) map[string][]string {
	d.t.Helper()
	rows := map[string][]string{}
	for table, query := range map[string]string{
		"rubric_versions": "SELECT id, ladder_id, semver, supersedes_id, areas, level_settings, scale_max, notes, content_hash, published_at FROM rubric_versions WHERE id = $1",
		"rubric_signals":  "SELECT * FROM rubric_signals WHERE rubric_version_id = $1 ORDER BY id",
		"level_signals":   "SELECT d.* FROM level_signals d JOIN rubric_signals s ON s.id = d.rubric_signal_id WHERE s.rubric_version_id = $1 ORDER BY d.id",
	} {
		rows[table] = rowsOf(d.t, d.Store, query, id)
		if len(rows[table]) == 0 {
			d.t.Fatalf("%s has nothing of it", table)
		}
	}
	return rows
}

// What was published stays to the last byte, whatever authors do later.
func TestPublishedContentStays(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		first := d.draftOf(nursing(ladder))
		d.publish(first)
		before, document := d.frozen(first), d.document(first)
		stays := func(after string) {
			t.Helper()
			if diff := cmp.Diff(before, d.frozen(first)); diff != "" {
				t.Errorf("after %s: %s", after, diff)
			}
		}
		changed := nursing(ladder)
		changed.Signals[0].Name = "Cleanliness"
		overwrite := changed
		overwrite.ExpectedVersion = to(2)
		d.refuses(t,
			refusal{"drafted over", "CONFLICT at expectedVersion", func() error {
				_, err := d.DraftRubricVersion(d.as("admin"), overwrite)
				return err
			}},
			refusal{"imported over", "CONFLICT at expectedVersion", func() error {
				_, err := d.ImportRubric(d.as("admin"), hiring.ImportRubricInput{JSON: document, ExpectedVersion: to(2)})
				return err
			}},
			refusal{"imported again", "DUPLICATE at json.edition.semver", func() error {
				_, err := d.ImportRubric(d.as("admin"), hiring.ImportRubricInput{JSON: document})
				return err
			}},
			refusal{"published again", "INVALID_TRANSITION at rubricVersionId", func() error { return d.publishes("admin", first, 2, to("2.0.0")) }},
			refusal{"discarded", "INVALID_TRANSITION at rubricVersionId", func() error { return d.discards("admin", first, 2) }},
		)
		d.must(d.updateLadder("admin", hiring.UpdateLadderInput{LadderID: ladder, Name: to("Care"), Levels: []*hiring.LevelInput{
			{Key: "lead", Name: "Lead", Rank: 30, Extends: to("senior_nurse")}, {Key: "nurse", Name: "Registered Nurse", Rank: 10},
		}}))
		stays("its ladder changed")
		second := d.draftOf(changed)
		stays("a draft")
		d.publish(second)
		stays("the next edition")
		d.retire(first)
		stays("retiring it")
		if err := d.InstallBuiltin(d.system()); err != nil {
			t.Fatal(err)
		}
		stays("an installation")
		d.refuses(t,
			refusal{"published once retired", "INVALID_TRANSITION at rubricVersionId", func() error { return d.publishes("admin", first, 3, to("3.0.0")) }},
			refusal{"retired again", "INVALID_TRANSITION at rubricVersionId", func() error {
				_, err := d.RetireRubricVersion(d.as("admin"), hiring.RetireRubricVersionInput{RubricVersionID: first, ExpectedVersion: 3})
				return err
			}},
			refusal{"discarded once retired", "INVALID_TRANSITION at rubricVersionId", func() error { return d.discards("admin", first, 3) }},
		)
	})
}

// An edition is published as somebody saw it, or not at all: of those who
// publish and edit one draft at once, one wins.
func TestPublishingAgainstEditing(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		for round := range 4 {
			in := nursing(ladder)
			in.Notes = to(fmt.Sprintf("Round %d", round))
			id := d.draftOf(in)
			version := d.version(id).Version
			in.ExpectedVersion, in.Notes = &version, to(fmt.Sprintf("Round %d, edited", round))
			in.Signals[0].Name = "Edited"
			outcomes := tally(atOnce(times(6, func(i int) error {
				if i%2 == 0 {
					return d.publishes("admin", id, version, nil)
				}
				_, err := d.DraftRubricVersion(d.as("admin"), in)
				return err
			})...))
			if outcomes["<nil>"] != 1 || outcomes["CONFLICT at expectedVersion"] != 5 {
				t.Errorf("round %d: %v", round, outcomes)
			}
			content := d.content(id)
			if edited := strings.HasSuffix(content.Notes, "edited"); edited != (content.Signals[0].Name == "Edited") {
				t.Errorf("round %d: half is written: %q, %q", round, content.Notes, content.Signals[0].Name)
			}
			if v := d.version(id); v.ContentHash != nil {
				if hash, err := rubric.Hash(content); err != nil || hash != *v.ContentHash {
					t.Errorf("round %d: the hash is not of what is there: %v", round, err)
				}
			}
		}
	})
}

func TestRetireRubricVersion(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		id := d.draftOf(nursing(ladder))
		retire := func(who string, version int) func() error {
			return func() error {
				_, err := d.RetireRubricVersion(d.as(who), hiring.RetireRubricVersionInput{RubricVersionID: id, ExpectedVersion: version})
				return err
			}
		}
		d.refuses(t, refusal{"a draft", "INVALID_TRANSITION at rubricVersionId", retire("admin", 1)})
		d.publish(id)
		d.refuses(t,
			refusal{"by a recruiter", "FORBIDDEN at ", retire("recruiter", 2)},
			refusal{"a past version", "CONFLICT at expectedVersion", retire("admin", 1)},
		)
		d.must(retire("admin", 2)())
		if v := d.version(id); d.told(id) != "1.0.0 RETIRED v3" || v.RetiredAt == nil || !v.RetiredAt.Equal(d.now) {
			t.Errorf("%s, retired at %v", d.told(id), v.RetiredAt)
		}
		if got, want := d.traces(), "retireRubricVersion by admin of rubric_version, rubric_version.retired"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		// The next edition still follows what was published.
		next := d.draftOf(nursing(ladder))
		if got, want := d.told(next), "1.0.1 DRAFT v1, follows 1.0.0"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}
