package hiring_test

import (
	"fmt"
	"strings"
	"testing"

	"hireloop/ent/db"
	"hireloop/ent/db/level"
	"hireloop/ent/db/levelsignal"
	"hireloop/ent/db/rubricsignal"
	"hireloop/ent/db/rubricversion"
	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// nursing is a complete rubric for nurses: ratings run to 5, and a matron is
// asked for what seniors are but for hygiene, which seniors raise.
func nursing(ladderID gid.ID) hiring.DraftRubricVersionInput {
	anchors := func(what string) []*hiring.AnchorInput {
		var all []*hiring.AnchorInput
		for rating, how := range []string{"No", "Little", "Usual", "Much", "Exemplary"} {
			all = append(all, &hiring.AnchorInput{Rating: rating + 1, Text: how + " " + what})
		}
		all[4].Examples = []string{"Taught the ward."}
		return all
	}
	demand := func(level string, weight int, bar rubric.Bar) *hiring.DemandInput {
		return &hiring.DemandInput{LevelKey: level, Weight: &weight, Bar: &bar}
	}
	hygiene := demand("nurse", 30, 300)
	hygiene.MustHave, hygiene.MinimumRaters, hygiene.Expectation = to(true), to(2), to("On every round.")
	cleaner := demand("senior_nurse", 30, 350)
	cleaner.MustHave, cleaner.MinimumRaters = to(true), to(2)
	return hiring.DraftRubricVersionInput{
		LadderID: ladderID, ScaleMax: to(5), Notes: to("First."),
		Areas: []*hiring.RubricAreaInput{{Key: "safety", Name: "Safety"}, {Key: "people", Name: "People"}},
		Levels: []*hiring.RubricLevelSettingInput{
			{LevelKey: "nurse"}, {LevelKey: "senior_nurse", CoverageMinimum: to(90)}, {LevelKey: "matron"},
		},
		Signals: []*hiring.RubricSignalInput{
			{Key: "hygiene", Area: "safety", Name: "Hygiene", Assesses: "Keeps infections out.", Anchors: anchors("hygiene"),
				RedFlags: []*hiring.RedFlagDefinitionInput{{Key: "skips_gloves", Severity: "BLOCKING", Text: "Skips gloves."}},
				Demands:  []*hiring.DemandInput{hygiene, cleaner}},
			{Key: "medication", Area: "safety", Name: "Medication", Assesses: "Gives what was prescribed.", Anchors: anchors("care with doses"),
				Demands: []*hiring.DemandInput{demand("nurse", 40, 400), demand("senior_nurse", 20, 400)}},
			{Key: "comfort", Area: "people", Name: "Comfort", Assesses: "Eases fear.", Anchors: anchors("comfort"),
				Demands: []*hiring.DemandInput{demand("nurse", 30, 275), {LevelKey: "senior_nurse", SubsumedBy: to("guidance")}}},
			{Key: "guidance", Area: "people", Name: "Guidance", Assesses: "Guides others.", Anchors: anchors("guidance"),
				Demands: []*hiring.DemandInput{demand("senior_nurse", 50, 300)}},
		},
	}
}

// draftOf writes a draft, over the one there is if any.
func (d *desk) draftOf(in hiring.DraftRubricVersionInput) gid.ID {
	d.t.Helper()
	there, err := d.DB.RubricVersion.Query().
		Where(rubricversion.LadderID(in.LadderID), rubricversion.StatusEQ(rubricversion.StatusDRAFT)).Only(d.system())
	if err == nil {
		in.ExpectedVersion = &there.Version
	} else if !db.IsNotFound(err) {
		d.t.Fatal(err)
	}
	id, err := d.DraftRubricVersion(d.as("admin"), in)
	d.must(err)
	return id
}

func (d *desk) version(id gid.ID) *db.RubricVersion {
	d.t.Helper()
	v, err := d.DB.RubricVersion.Query().Where(rubricversion.ID(id)).WithSupersedes().Only(d.system())
	d.must(err)
	return v
}

func (d *desk) publish(id gid.ID) *db.RubricVersion {
	d.t.Helper()
	_, err := d.PublishRubricVersion(d.as("admin"), hiring.PublishRubricVersionInput{RubricVersionID: id, ExpectedVersion: d.version(id).Version})
	d.must(err)
	return d.version(id)
}

func (d *desk) retire(id gid.ID) {
	d.t.Helper()
	_, err := d.RetireRubricVersion(d.as("admin"), hiring.RetireRubricVersionInput{RubricVersionID: id, ExpectedVersion: d.version(id).Version})
	d.must(err)
}

// document is an edition as it is exported.
func (d *desk) document(id gid.ID) string {
	d.t.Helper()
	documents, err := d.RubricDocuments(d.as("analyst"), []gid.ID{id})
	d.must(err)
	return documents[id]
}

// content is what an edition says, whatever its ladder is.
func (d *desk) content(id gid.ID) rubric.Edition {
	d.t.Helper()
	_, edition, err := rubric.Decode([]byte(d.document(id)))
	d.must(err)
	return edition
}

// demandOf tells what a level demands of a signal, in a line.
func (d *desk) demandOf(versionID gid.ID, signal, levelKey string) string {
	d.t.Helper()
	row, err := d.DB.LevelSignal.Query().Where(
		levelsignal.HasSignalWith(rubricsignal.RubricVersionID(versionID), rubricsignal.Key(signal)),
		levelsignal.HasLevelWith(level.Key(levelKey))).Only(d.system())
	if db.IsNotFound(err) {
		return "nothing"
	}
	d.must(err)
	if row.SubsumedBy != nil {
		return fmt.Sprintf("%s by %s, %d of %v", row.Mode, *row.SubsumedBy, row.Weight, rubric.Bar(row.Bar))
	}
	gate := map[bool]string{true: "a gate", false: "no gate"}[row.MustHave]
	return fmt.Sprintf("%s %d of %v, %s, %d raters", row.Mode, row.Weight, rubric.Bar(row.Bar), gate, row.MinimumRaters)
}

// told tells an edition in a line: "1.0.0 PUBLISHED v3, follows 0.9.0".
func (d *desk) told(id gid.ID) string {
	v := d.version(id)
	line := fmt.Sprintf("%s %s v%d", v.Semver, v.Status, v.Version)
	if v.Edges.Supersedes != nil {
		line += ", follows " + v.Edges.Supersedes.Semver
	}
	return line
}

// kinds are what changed between two editions.
func (d *desk) kinds(from, to gid.ID) (string, rubric.Bump) {
	d.t.Helper()
	ladder, before, err := rubric.Decode([]byte(d.document(from)))
	d.must(err)
	difference := rubric.Diff(ladder, before, d.content(to))
	var kinds []string
	for _, c := range difference.Changes {
		kinds = append(kinds, strings.Trim(fmt.Sprintf("%s %s %s", c.Kind, c.Level, c.Signal), " "))
	}
	return strings.Join(kinds, ", "), difference.Bump
}

// Nothing is about engineers: a ladder of nurses, rated from 1 to 5, at three
// levels, goes all the way.
func TestAnotherLadderFromDraftToDifference(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		first := d.draftOf(nursing(ladder))
		if got, want := d.told(first), "1.0.0 DRAFT v1"; got != want {
			t.Errorf("the draft is %s, want %s", got, want)
		}
		if got, want := d.traces(), "draftRubricVersion by admin of rubric_version, rubric_version.drafted"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		for place, want := range map[[2]string]string{
			{"hygiene", "nurse"}:         "ADD 30 of 3, a gate, 2 raters",
			{"hygiene", "senior_nurse"}:  "RAISE 30 of 3.5, a gate, 2 raters",
			{"hygiene", "matron"}:        "INHERIT 30 of 3.5, a gate, 2 raters",
			{"medication", "matron"}:     "INHERIT 20 of 4, no gate, 1 raters",
			{"comfort", "nurse"}:         "ADD 30 of 2.75, no gate, 1 raters",
			{"comfort", "senior_nurse"}:  "RETIRE by guidance, 0 of 0",
			{"comfort", "matron"}:        "nothing",
			{"guidance", "nurse"}:        "nothing",
			{"guidance", "senior_nurse"}: "ADD 50 of 3, no gate, 1 raters",
		} {
			if got := d.demandOf(first, place[0], place[1]); got != want {
				t.Errorf("%v: %s, want %s", place, got, want)
			}
		}
		published := d.publish(first)
		if got, want := d.told(first), "1.0.0 PUBLISHED v2"; got != want || !published.PublishedAt.Equal(d.now) {
			t.Errorf("the first is %s at %v, want %s", got, published.PublishedAt, want)
		}
		if hash, err := rubric.Hash(d.content(first)); err != nil || published.ContentHash == nil || *published.ContentHash != hash {
			t.Errorf("the hash is %v, not of what is exported: %s, %v", published.ContentHash, hash, err)
		}
		if got, want := d.traces(), "publishRubricVersion by admin of rubric_version, rubric_version.published"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}

		next := nursing(ladder)
		next.Signals[2].Demands[0].Bar = to(rubric.Bar(325))
		next.Signals[3].Key, next.Signals[3].Replaces = "mentoring", to("guidance")
		next.Signals[2].Demands[1].SubsumedBy = to("mentoring")
		second := d.draftOf(next)
		d.publish(second)
		if got, want := d.told(second), "2.0.0 PUBLISHED v2, follows 1.0.0"; got != want {
			t.Errorf("the second is %s, want %s", got, want)
		}
		kinds, bump := d.kinds(first, second)
		if want := "BAR_RAISED nurse comfort, SIGNAL_KEY_CHANGED  mentoring"; kinds != want || bump != rubric.Major {
			t.Errorf("%s changes: %s, want %s", bump, kinds, want)
		}
	})
}

// With no version given, what changed says which one it is; a draft that is
// written anew is counted anew.
func TestTheVersionOfADraft(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		first := nursing(ladder)
		first.Semver = to("1.4.2")
		d.publish(d.draftOf(first))
		for _, c := range []struct {
			rule, want string
			change     func(*hiring.DraftRubricVersionInput)
		}{
			{"nothing changed", "1.4.3", func(*hiring.DraftRubricVersionInput) {}},
			{"other words", "1.4.3", func(i *hiring.DraftRubricVersionInput) { i.Signals[0].Name = "Cleanliness" }},
			{"an easier bar", "1.5.0", func(i *hiring.DraftRubricVersionInput) { i.Signals[2].Demands[0].Bar = to(rubric.Bar(250)) }},
			{"a higher bar", "2.0.0", func(i *hiring.DraftRubricVersionInput) { i.Signals[2].Demands[0].Bar = to(rubric.Bar(300)) }},
			{"as the author says", "7.0.0", func(i *hiring.DraftRubricVersionInput) { i.Semver = to("7.0.0") }},
			{"other words again", "1.4.3", func(i *hiring.DraftRubricVersionInput) { i.Notes = to("Second.") }},
		} {
			in := nursing(ladder)
			c.change(&in)
			if got := d.version(d.draftOf(in)).Semver; got != c.want {
				t.Errorf("%s: %s, want %s", c.rule, got, c.want)
			}
		}
	})
}
