package hiring_test

import (
	"encoding/json"
	"maps"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hireloop/ent/db/levelsignal"
	"hireloop/ent/db/redflagobservation"
	"hireloop/ent/db/rubricversion"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/schema"
	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// vectors are loops with the answers worked out elsewhere.
type vectors struct {
	Levels []struct {
		Key         string
		Rank        int
		Extends     *string
		CoverageMin float64
		Signals     map[string]struct {
			Weight, MinRaters int
			Bar               rubric.Bar
			MustHave          bool
		}
	}
	Vectors []struct {
		ID, Title, Target string
		Allowed           []string
		Resolved          []string
		Scorecards        []vectorCard
		Expected          struct {
			Outcome   rubric.Outcome
			Level     *string
			AlsoMeets []string
			Attention []rubric.Attention
			Levels    map[string]struct {
				Verdict                                                 rubric.Verdict
				Reasons                                                 []rubric.Reason
				Margin, OwnMargin, BestCaseMargin, Coverage, Confidence *float64
				WeakestLink                                             string
			}
		}
	}
}

type vectorCard struct {
	Interviewer string
	Shadow      bool
	Ratings     map[string]*int
	Overall     rubric.Recommendation
	Flags       []struct {
		Key, Signal string
		Severity    redflagobservation.Severity
		Confirmed   bool
	}
}

func readVectors(t *testing.T, name string) vectors {
	t.Helper()
	text, err := os.ReadFile("../rubric/testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Vectors) == 0 {
		t.Fatalf("%s holds no vectors", name)
	}
	return v
}

// install writes the ladder of the vectors with a published edition; the built-in
// one when they have none of their own.
func (v vectors) install(d *desk) (gid.ID, map[string]gid.ID) {
	ctx := d.system()
	if v.Levels == nil {
		version, err := d.DB.RubricVersion.Query().Where(rubricversion.StatusEQ(rubricversion.StatusPUBLISHED)).OnlyID(ctx)
		d.must(err)
		return version, d.levels
	}
	ladder, version, levels := d.id(gid.Ladder), d.id(gid.RubricVersion), map[string]gid.ID{}
	d.must(d.DB.Ladder.Create().SetID(ladder).SetKey("mini").SetName("Mini").SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	var settings []schema.RubricLevelSetting
	signals := map[string]gid.ID{}
	for _, l := range v.Levels {
		levels[l.Key] = d.id(gid.Level)
		create := d.DB.Level.Create().SetID(levels[l.Key]).SetLadderID(ladder).SetKey(l.Key).SetName(l.Key).SetRank(l.Rank).
			SetExternalEquivalents(nil).SetCreatedAt(d.now).SetUpdatedAt(d.now)
		if l.Extends != nil {
			create.SetExtendsID(levels[*l.Extends])
		}
		d.must(create.Exec(ctx))
		settings = append(settings, schema.RubricLevelSetting{LevelKey: l.Key, CoverageMinimum: int(math.Round(100 * l.CoverageMin))})
		for key := range l.Signals {
			signals[key] = d.id(gid.RubricSignal)
		}
	}
	d.must(d.DB.RubricVersion.Create().SetID(version).SetLadderID(ladder).SetSemver("1.0.0").SetStatus(rubricversion.StatusPUBLISHED).
		SetAreas(nil).SetLevelSettings(settings).SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	keys := slices.Sorted(maps.Keys(signals))
	for i, key := range keys {
		d.must(d.DB.RubricSignal.Create().SetID(signals[key]).SetRubricVersionID(version).SetPosition(i).SetKey(key).SetArea("all").
			SetName(key).SetAssesses(key).SetAnchors(nil).SetRedFlags(v.flagsOf(key, i == 0, signals)).
			SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	}
	for _, l := range v.Levels {
		for key, s := range l.Signals {
			d.must(d.DB.LevelSignal.Create().SetID(d.id(gid.LevelSignal)).SetRubricSignalID(signals[key]).SetLevelID(levels[l.Key]).
				SetMode(levelsignal.ModeADD).SetWeight(s.Weight).SetBar(int(s.Bar)).SetMustHave(s.MustHave).SetMinimumRaters(s.MinRaters).Exec(ctx))
		}
	}
	return version, levels
}

// flagsOf are the red flags of a signal, for the first one also those of signals
// that the ladder does not have.
func (v vectors) flagsOf(signal string, first bool, signals map[string]gid.ID) []schema.RedFlag {
	flags := []schema.RedFlag{}
	for _, one := range v.Vectors {
		for _, c := range one.Scorecards {
			for _, f := range c.Flags {
				if _, known := signals[f.Signal]; f.Signal == signal || first && !known {
					flags = append(flags, schema.RedFlag{Key: f.Key, Severity: string(f.Severity), Text: "Said so."})
				}
			}
		}
	}
	return flags
}

// previewed is the card as a preview takes it.
func (c vectorCard) previewed() *hiring.PreviewScorecardInput {
	card := &hiring.PreviewScorecardInput{Interviewer: c.Interviewer, IsShadow: &c.Shadow}
	for _, signal := range slices.Sorted(maps.Keys(c.Ratings)) {
		card.Ratings = append(card.Ratings, &hiring.PreviewRatingInput{Signal: signal, Rating: c.Ratings[signal]})
	}
	if c.Overall != "" {
		card.Recommendation = to(scorecard.Recommendation(c.Overall))
	}
	for _, f := range c.Flags {
		card.RedFlags = append(card.RedFlags, &hiring.PreviewRedFlagInput{RedFlag: f.Key, IsConfirmed: &f.Confirmed})
	}
	return card
}

// said is the card as it is stored.
func (c vectorCard) said() said {
	s := said{by: c.Interviewer, ratings: map[string]int{}, advice: c.Overall, shadow: c.Shadow}
	for signal, rating := range c.Ratings {
		if s.ratings[signal] = 0; rating != nil {
			s.ratings[signal] = *rating
		}
	}
	for _, f := range c.Flags {
		flag := flagged{key: f.Key, signal: f.Signal, severity: f.Severity}
		if f.Confirmed {
			flag.confirmedBy = "manager"
		}
		s.flags = append(s.flags, flag)
	}
	return s
}

func TestLevelFitVectors(t *testing.T) {
	for _, name := range []string{"levelfit", "levelfit-full"} {
		t.Run(name, func(t *testing.T) {
			file := readVectors(t, name)
			eachDesk(t, func(t *testing.T, d *desk) {
				version, levels := file.install(d)
				for _, v := range file.Vectors {
					t.Run(v.ID, func(t *testing.T) {
						defer func(outer testing.TB) { d.t = outer }(d.t)
						d.t = t
						in := hiring.PreviewLevelFitInput{
							RubricVersionID: version, TargetLevelID: levels[v.Target], ResolvedSignals: v.Resolved,
						}
						h := d.hearBy(version, levels, v.Target, v.Allowed...)
						for _, key := range v.Allowed {
							in.AllowedLevelIDs = append(in.AllowedLevelIDs, levels[key])
						}
						for _, c := range v.Scorecards {
							in.Scorecards = append(in.Scorecards, c.previewed())
							h.report(c.said())
						}
						h.settle(v.Resolved)

						preview, err := d.PreviewLevelFit(d.as("interviewer"), in)
						d.must(err)
						stored := h.fit("recruiter")
						if preview.InputsHash == stored.InputsHash {
							t.Error("a preview and a loop have the same inputs")
						}
						same := cmp.Diff(preview.Fit, stored.Fit, cmpopts.IgnoreFields(rubric.Fit{}, "InputsHash"))
						if same != "" || preview.Explanation != stored.Explanation || preview.RubricVersion.ID != stored.RubricVersion.ID {
							t.Errorf("-preview +stored: %s", same)
						}

						level := ""
						if v.Expected.Level != nil {
							level = *v.Expected.Level
						}
						if got := keyOf(stored.Level); stored.Outcome != v.Expected.Outcome || got != level {
							t.Errorf("%s at %q, want %s at %q", stored.Outcome, got, v.Expected.Outcome, level)
						}
						if keyOf(stored.TargetLevel) != v.Target || !slices.Equal(keysOf(stored.AlsoMeets), v.Expected.AlsoMeets) {
							t.Errorf("aims at %s, also meets %v, want %v", keyOf(stored.TargetLevel), keysOf(stored.AlsoMeets), v.Expected.AlsoMeets)
						}
						if !slices.Equal(stored.Attention, v.Expected.Attention) {
							t.Errorf("attention %v, want %v", stored.Attention, v.Expected.Attention)
						}
						if len(stored.Levels) != len(v.Expected.Levels) {
							t.Errorf("%d levels, want %d", len(stored.Levels), len(v.Expected.Levels))
						}
						for _, got := range stored.Levels {
							want := v.Expected.Levels[got.Level.Key]
							if got.Verdict != want.Verdict || !slices.Equal(got.Reasons, want.Reasons) || *got.WeakestLink != want.WeakestLink {
								t.Errorf("%s is %s %v by %s, want %+v", got.Level.Key, got.Verdict, got.Reasons, *got.WeakestLink, want)
							}
							for _, f := range []struct {
								what      string
								got, want *float64
							}{
								{"margin", float(got.Margin), want.Margin}, {"own margin", float(got.OwnMargin), want.OwnMargin},
								{"best case", float(got.BestCaseMargin), want.BestCaseMargin},
								{"coverage", float(&got.Coverage), want.Coverage}, {"confidence", got.ConfidenceValue, want.Confidence},
							} {
								if (f.got == nil) != (f.want == nil) || f.got != nil && math.Abs(*f.got-*f.want) > 0.5000001e-6 {
									t.Errorf("%s: %s is %v, want %v", got.Level.Key, f.what, f.got, f.want)
								}
							}
						}
					})
				}
			})
		})
	}
}

func float(r *rubric.Ratio) *float64 {
	if r == nil {
		return nil
	}
	return to(r.Float64())
}
