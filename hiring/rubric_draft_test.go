package hiring_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/auditlink"
	"hireloop/ent/db/event"
	"hireloop/ent/db/levelsignal"
	"hireloop/ent/db/rubricsignal"
	"hireloop/ent/db/rubricversion"
	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
	"hireloop/rubric"
)

type drafting = *hiring.DraftRubricVersionInput

func TestDraftsThatAreRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		draft := func(who string, change func(drafting)) func() error {
			in := nursing(ladder)
			change(&in)
			return func() error {
				_, err := d.DraftRubricVersion(d.as(who), in)
				return err
			}
		}
		by := func(change func(drafting)) func() error { return draft("admin", change) }
		same := func(drafting) {}
		many := make([]*hiring.RubricSignalInput, 101)
		for i := range many {
			many[i] = &hiring.RubricSignalInput{Key: fmt.Sprintf("signal_%d", i), Area: "safety"}
		}
		d.refuses(t,
			refusal{"by a hiring manager", "FORBIDDEN at ", draft("manager", same)},
			refusal{"by nobody", "FORBIDDEN at ", draft("nobody", same)},
			refusal{"of an unknown ladder", "NOT_FOUND at ladderId", by(func(i drafting) { i.LadderID = d.id(gid.Ladder) })},
			refusal{"of a level", "NOT_FOUND at ladderId", by(func(i drafting) { i.LadderID = d.levels["em"] })},
			refusal{"the first one, as if there were one", "CONFLICT at expectedVersion", by(func(i drafting) { i.ExpectedVersion = to(1) })},
			refusal{"a version that is none", "INVALID at semver", by(func(i drafting) { i.Semver = to("1.0") })},
			refusal{"a version that no database stores", "INVALID at semver", by(func(i drafting) { i.Semver = to("1.0.0\x00") })},
			refusal{"a scale of one", "INVALID at scaleMax", by(func(i drafting) { i.ScaleMax = to(1) })},
			refusal{"a scale of eleven", "INVALID at scaleMax", by(func(i drafting) { i.ScaleMax = to(11) })},
			refusal{"a key of an area", "INVALID at areas.0.key, INVALID at signals.0.area, INVALID at signals.1.area",
				by(func(i drafting) { i.Areas[0].Key = "Safety first" })},
			refusal{"an area twice", "INVALID at areas.1.key, INVALID at signals.2.area, INVALID at signals.3.area", by(func(i drafting) { i.Areas[1].Key = "safety" })},
			refusal{"a level of another ladder", "INVALID at levels.2.levelKey", by(func(i drafting) { i.Levels[2].LevelKey = "em" })},
			refusal{"a level twice", "INVALID at levels.2.levelKey", by(func(i drafting) { i.Levels[2].LevelKey = "nurse" })},
			refusal{"coverage beyond all", "INVALID at levels.1.coverageMinimum", by(func(i drafting) { i.Levels[1].CoverageMinimum = to(101) })},
			refusal{"a key of a signal", "INVALID at signals.1.key", by(func(i drafting) { i.Signals[1].Key = "me" })},
			refusal{"a signal twice", "INVALID at signals.1.key", by(func(i drafting) { i.Signals[1].Key = "hygiene" })},
			refusal{"text that no database stores", "INVALID at signals.3.anchors.1.text", by(func(i drafting) { i.Signals[3].Anchors[1].Text = "a\x00b" })},
			refusal{"text beyond what people read", "INVALID at signals.0.assesses", by(func(i drafting) { i.Signals[0].Assesses = strings.Repeat("é", 2001) })},
			refusal{"a rating that the scale has not", "INVALID at signals.0.anchors.4.rating", by(func(i drafting) { i.Signals[0].Anchors[4].Rating = 6 })},
			refusal{"a rating twice", "INVALID at signals.0.anchors.4.rating", by(func(i drafting) { i.Signals[0].Anchors[4].Rating = 1 })},
			refusal{"an empty example", "REQUIRED at signals.0.anchors.4.examples.0", by(func(i drafting) { i.Signals[0].Anchors[4].Examples[0] = " " })},
			refusal{"a flag of two signals", "INVALID at signals.1.redFlags.0.key",
				by(func(i drafting) { i.Signals[1].RedFlags = i.Signals[0].RedFlags })},
			refusal{"an unknown severity", "INVALID at signals.0.redFlags.0.severity", by(func(i drafting) { i.Signals[0].RedFlags[0].Severity = "FATAL" })},
			refusal{"a demand of a level that the edition leaves out", "INVALID at signals.0.demands.0.levelKey",
				by(func(i drafting) { i.Signals[0].Demands[0].LevelKey = "em" })},
			refusal{"a demand twice", "INVALID at signals.0.demands.1.levelKey", by(func(i drafting) { i.Signals[0].Demands[1].LevelKey = "nurse" })},
			refusal{"a weight beyond all", "INVALID at signals.0.demands.0.weight", by(func(i drafting) { i.Signals[0].Demands[0].Weight = to(101) })},
			refusal{"a bar above the scale", "INVALID at signals.0.demands.0.bar", by(func(i drafting) { i.Signals[0].Demands[0].Bar = to(rubric.Bar(501)) })},
			refusal{"a bar below it", "INVALID at signals.0.demands.0.bar", by(func(i drafting) { i.Signals[0].Demands[0].Bar = to(rubric.Bar(99)) })},
			refusal{"nobody who rates", "INVALID at signals.0.demands.0.minimumRaters", by(func(i drafting) { i.Signals[0].Demands[0].MinimumRaters = to(0) })},
			refusal{"retired with terms", "INVALID at signals.2.demands.1.bar, INVALID at signals.2.demands.1.mustHave, INVALID at signals.2.demands.1.weight",
				by(func(i drafting) {
					d := i.Signals[2].Demands[1]
					d.Weight, d.Bar, d.MustHave = to(5), to(rubric.Bar(300)), to(true)
				})},
			refusal{"retired for what is no key", "INVALID at signals.2.demands.1.subsumedBy", by(func(i drafting) { i.Signals[2].Demands[1].SubsumedBy = to("?") })},
			refusal{"renamed with no edition before", "INVALID at signals.0.replaces", by(func(i drafting) { i.Signals[0].Replaces = to("cleanliness") })},
			refusal{"renamed from what is there", "INVALID at signals.0.replaces, INVALID at signals.0.replaces", by(func(i drafting) { i.Signals[0].Replaces = to("comfort") })},
			refusal{"more signals than a document holds", "INVALID at signals", by(func(i drafting) { i.Signals = many })},
			refusal{"more than a document holds", "INVALID at ", by(func(i drafting) {
				for _, s := range i.Signals {
					for _, a := range s.Anchors {
						a.Text = strings.Repeat("語", 2000)
						for range 8 {
							a.Examples = append(a.Examples, a.Text)
						}
					}
				}
			})},
			refusal{"all problems at once", "INVALID at areas.0.key, INVALID at levels.0.levelKey, INVALID at signals.0.area, INVALID at signals.0.demands.0.levelKey, INVALID at signals.1.area, INVALID at signals.1.demands.0.levelKey, INVALID at signals.2.demands.0.levelKey",
				by(func(i drafting) { i.Areas[0].Key, i.Levels[0].LevelKey = "S", "intern" })},
		)
		id := d.draftOf(nursing(ladder))
		d.refuses(t,
			refusal{"another one beside it", "CONFLICT at expectedVersion", by(same)},
			refusal{"over one that changed", "CONFLICT at expectedVersion", by(func(i drafting) { i.ExpectedVersion = to(7) })},
		)
		d.publish(id)
		d.retire(id)
		d.refuses(t, refusal{"a version that is taken, by a retired edition too", "DUPLICATE at semver", by(func(i drafting) { i.Semver = to("1.0.0") })})
	})
}

// What is missing is kept as missing: a draft is written bit by bit.
func TestADraftMayBeIncomplete(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		id := d.draftOf(hiring.DraftRubricVersionInput{LadderID: ladder})
		if diff := cmp.Diff(rubric.Edition{Semver: "1.0.0", ScaleMax: 4, Areas: []rubric.Area{}, Levels: []rubric.LevelSetting{}, Signals: []rubric.Signal{}}, d.content(id)); diff != "" {
			t.Error(diff)
		}
		again := d.draftOf(hiring.DraftRubricVersionInput{LadderID: ladder,
			Areas:  []*hiring.RubricAreaInput{{Key: "people"}},
			Levels: []*hiring.RubricLevelSettingInput{{LevelKey: "matron"}},
			Signals: []*hiring.RubricSignalInput{
				{Key: "comfort", Anchors: []*hiring.AnchorInput{{Rating: 3}}, Demands: []*hiring.DemandInput{{LevelKey: "matron"}}},
			},
		})
		if again != id {
			t.Error("the draft was not written over the one there was")
		}
		if diff := cmp.Diff(rubric.Edition{Semver: "1.0.0", ScaleMax: 4, Areas: []rubric.Area{{Key: "people"}},
			Levels: []rubric.LevelSetting{{Level: "matron", CoverageMinimum: 80}},
			Signals: []rubric.Signal{{Key: "comfort", Anchors: []rubric.Anchor{{Rating: 3}}, RedFlags: []rubric.RedFlag{},
				Demands: map[string]rubric.Demand{"matron": {MinimumRaters: 1}}}},
		}, d.content(id)); diff != "" {
			t.Error(diff)
		}
		if got, want := d.told(id), "1.0.0 DRAFT v2"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

// Whatever a draft demands is what is read back, as levels inherit it, however
// it was written.
func TestADraftIsReadBackAsItWasWritten(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		levels := []string{"nurse", "senior_nurse", "matron"}
		tree := rubric.Ladder{Levels: []rubric.Level{
			{Key: "nurse", Rank: 10}, {Key: "senior_nurse", Rank: 20, Extends: "nurse"}, {Key: "matron", Rank: 40, Extends: "senior_nurse"},
		}}
		rapid.Check(t, func(r *rapid.T) {
			in := hiring.DraftRubricVersionInput{LadderID: ladder}
			for _, l := range levels {
				if rapid.Bool().Draw(r, "has "+l) {
					in.Levels = append(in.Levels, &hiring.RubricLevelSettingInput{LevelKey: l})
				}
			}
			want := map[string]map[string]rubric.Demand{}
			for n := range rapid.IntRange(0, 4).Draw(r, "signals") {
				s := &hiring.RubricSignalInput{Key: fmt.Sprintf("signal_%d", n)}
				asked := rubric.Signal{Demands: map[string]rubric.Demand{}}
				for _, l := range in.Levels {
					demand := rapid.SampledFrom([]*rubric.Demand{nil,
						{Weight: 1, Bar: 300, MinimumRaters: 1}, {Weight: 1, Bar: 350, MinimumRaters: 1}, {MinimumRaters: 2, MustHave: true},
						{Weight: 1, Bar: 300, MinimumRaters: 1, Expectation: "more"}, {SubsumedBy: "signal_0"},
					}).Draw(r, l.LevelKey)
					if demand == nil {
						continue
					}
					asked.Demands[l.LevelKey] = *demand
					given := &hiring.DemandInput{LevelKey: l.LevelKey, SubsumedBy: &demand.SubsumedBy}
					if !demand.Retired() {
						given = &hiring.DemandInput{LevelKey: l.LevelKey, Weight: &demand.Weight, Bar: &demand.Bar,
							MustHave: &demand.MustHave, MinimumRaters: &demand.MinimumRaters, Expectation: &demand.Expectation}
					}
					s.Demands = append(s.Demands, given)
				}
				in.Signals = append(in.Signals, s)
				want[s.Key] = effective(tree, in.Levels, asked)
			}
			got := map[string]map[string]rubric.Demand{}
			for _, s := range d.content(d.draftOf(in)).Signals {
				got[s.Key] = effective(tree, in.Levels, s)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				r.Fatal(diff)
			}
		})
	})
}

// effective is what each level of an edition demands of a signal, and what it
// has retired.
func effective(l rubric.Ladder, levels []*hiring.RubricLevelSettingInput, s rubric.Signal) map[string]rubric.Demand {
	all := map[string]rubric.Demand{}
	for _, level := range levels {
		if demand, asked := s.Effective(l, level.LevelKey); asked || demand.Retired() {
			all[level.LevelKey] = demand
		}
	}
	return all
}

// A key stands for one signal for good: ratings are joined on it across
// editions.
func TestKeysAreNotUsedAgain(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		first, second := nursing(ladder), nursing(ladder)
		extra := *first.Signals[3]
		extra.Key, extra.RedFlags, extra.Demands = "triage", nil, []*hiring.DemandInput{{LevelKey: "matron", Weight: to(1), Bar: to(rubric.Bar(300))}}
		first.Signals = append(first.Signals, &extra)
		first.Signals[3].Demands = append(first.Signals[3].Demands, &hiring.DemandInput{LevelKey: "matron", Weight: to(49), Bar: to(rubric.Bar(300))})
		d.publish(d.draftOf(first))
		second.Signals[2].Key, second.Signals[2].Replaces = "calming", to("comfort")
		published := d.draftOf(second) // triage is removed, comfort is called calming
		d.publish(published)

		change := func(change func(drafting)) func() error {
			in := nursing(ladder)
			in.Signals[2].Key = "calming"
			change(&in)
			return func() error {
				_, err := d.DraftRubricVersion(d.as("admin"), in)
				return err
			}
		}
		rename := func(n int, from, to string) func(drafting) {
			return func(i drafting) { i.Signals[n].Key, i.Signals[n].Replaces = to, &from }
		}
		d.refuses(t,
			refusal{"the key of a removed signal", "INVALID at signals.3.key", change(func(i drafting) { i.Signals[3].Key = "triage" })},
			refusal{"the key of a renamed one", "INVALID at signals.3.key", change(func(i drafting) { i.Signals[3].Key = "comfort" })},
			refusal{"back to the key of before", "INVALID at signals.2.key", change(rename(2, "calming", "comfort"))},
			refusal{"renamed from what the edition before has not", "INVALID at signals.3.replaces", change(rename(3, "comfort", "coaching"))},
			refusal{"renamed to a key that another signal had", "INVALID at signals.0.key", change(func(i drafting) {
				i.Signals = i.Signals[:2]
				rename(0, "guidance", "hygiene")(i)
			})},
			refusal{"two renamed from one", "INVALID at signals.3.replaces", change(func(i drafting) {
				rename(2, "calming", "soothing")(i)
				rename(3, "calming", "easing")(i)
			})},
		)
		in := nursing(ladder)
		rename(2, "calming", "soothing")(&in)
		third := d.draftOf(in)
		if got, want := d.told(third), "2.0.1 DRAFT v1, follows 2.0.0"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		// A stored draft is held to it as well, whatever came in between.
		d.must(d.DB.RubricSignal.Update().Where(rubricsignal.RubricVersionID(third), rubricsignal.Key("guidance")).SetKey("triage").Exec(d.system()))
		d.must(d.DB.LevelSignal.Update().Where(levelsignal.SubsumedBy("guidance"), levelsignal.HasSignalWith(rubricsignal.RubricVersionID(third))).
			SetSubsumedBy("triage").Exec(d.system()))
		d.refuses(t, refusal{"publish: the key of a removed signal", "INVALID at semver, INVALID at signals.3.key", func() error {
			_, err := d.PublishRubricVersion(d.as("admin"), hiring.PublishRubricVersionInput{RubricVersionID: third, ExpectedVersion: 1})
			return err
		}})
	})
}

func (d *desk) discards(who string, id gid.ID, version int) error {
	_, err := d.DiscardRubricDraft(d.as(who), hiring.DiscardRubricDraftInput{RubricVersionID: id, ExpectedVersion: version})
	return err
}

func TestDiscardRubricDraft(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		before := d.everything()
		id := d.draftOf(nursing(ladder))
		d.refuses(t,
			refusal{"by an interviewer", "FORBIDDEN at ", func() error { return d.discards("interviewer", id, 1) }},
			refusal{"a past version", "CONFLICT at expectedVersion", func() error { return d.discards("admin", id, 0) }},
		)
		if got, err := d.DiscardRubricDraft(d.as("admin"), hiring.DiscardRubricDraftInput{RubricVersionID: id, ExpectedVersion: 1}); err != nil || got != ladder {
			t.Errorf("answered %s, %v, want the ladder", got, err)
		}
		after := d.everything()
		for _, kept := range []string{auditentry.Table, auditlink.Table, event.Table} {
			delete(before, kept)
			delete(after, kept)
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("something is left: %s", diff)
		}
		if got, want := d.traces(), "discardRubricDraft by admin of rubric_version, rubric_version.discarded"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		d.refuses(t, refusal{"what is gone", "NOT_FOUND at rubricVersionId", func() error { return d.discards("admin", id, 1) }})
		if got, want := d.told(d.draftOf(nursing(ladder))), "1.0.0 DRAFT v1"; got != want {
			t.Errorf("the next draft is %s, want %s", got, want)
		}
	})
}

// Of many who begin a draft at once one does, and the others hear of it.
func TestALadderHasOneDraft(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ladder := d.ladder(nurses())
		outcomes := tally(atOnce(times(6, func(int) error {
			_, err := d.DraftRubricVersion(d.as("admin"), nursing(ladder))
			return err
		})...))
		if won := outcomes["<nil>"]; won != 1 || outcomes["CONFLICT at expectedVersion"] != 5 {
			t.Errorf("%v", outcomes)
		}
		n, err := d.DB.RubricVersion.Query().Where(rubricversion.LadderID(ladder)).Count(d.system())
		signals, err2 := d.DB.RubricSignal.Query().Where(rubricsignal.HasRubricVersionWith(rubricversion.LadderID(ladder))).Count(d.system())
		if n != 1 || signals != 4 || err != nil || err2 != nil {
			t.Errorf("%d drafts with %d signals, %v, %v", n, signals, err, err2)
		}
	})
}

// Of many who make a ladder of one key at once, and its first draft, one does.
func TestALadderIsImportedOnce(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.DB) {
		content, err := rubric.Builtin()
		if err != nil {
			t.Fatal(err)
		}
		document, err := rubric.Encode(content.Ladder, content.Edition)
		if err != nil {
			t.Fatal(err)
		}
		d := newDesk(t, s)
		outcomes := tally(atOnce(times(4, func(int) error {
			_, err := d.ImportRubric(d.as("admin"), hiring.ImportRubricInput{JSON: string(document)})
			return err
		})...))
		if outcomes["<nil>"] != 1 || outcomes["CONFLICT at expectedVersion"] != 3 {
			t.Errorf("%v", outcomes)
		}
	})
}
