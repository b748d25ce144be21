package hiring_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/interviewplan"
	"hireloop/ent/db/interviewplansession"
	"hireloop/ent/db/level"
	"hireloop/ent/db/levelsignal"
	"hireloop/ent/db/pipelinetemplate"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/rubricsignal"
	"hireloop/ent/db/rubricversion"
	"hireloop/ent/db/source"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
	"hireloop/rubric"
)

func TestInstallingTwiceChangesNothing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		if err := newService(d, dayOf(0)).InstallBuiltin(context.Background()); err != nil {
			t.Fatal(err)
		}
		first := everything(t, d)
		counts, want := map[string]int{}, map[string]int{
			"ladders": 1, "levels": 5, "rubric_versions": 1, "rubric_signals": 26, "level_signals": 19 + 26,
			"interview_plans": 2, "interview_plan_sessions": 11, "pipeline_templates": 1, "pipeline_template_stages": 6,
			"sources": 10, "rejection_reasons": 12,
		}
		for table := range want {
			counts[table] = len(first[table])
		}
		if diff := cmp.Diff(want, counts); diff != "" {
			t.Error(diff)
		}
		if err := newService(d, dayOf(7)).InstallBuiltin(context.Background()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, everything(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestInstallingAtOnce(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		for _, err := range atOnce(times(4, func(int) error { return newService(d, dayOf(0)).InstallBuiltin(context.Background()) })...) {
			if err != nil {
				t.Error(err)
			}
		}
		if n := len(everything(t, d)["level_signals"]); n != 19+26 {
			t.Errorf("%d level signals", n)
		}
	})
}

// What a company made itself stays: names that are taken, and its own default.
func TestInstallingBesideWhatIsThere(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		s := newService(d, dayOf(0))
		ctx := access.System(context.Background())
		now := dayOf(0)
		for _, err := range []error{
			s.DB.Source.Create().SetID(s.IDs.New(gid.Source)).SetName("Agency").SetKind(source.KindOTHER).SetCreatedAt(now).SetUpdatedAt(now).Exec(ctx),
			s.DB.PipelineTemplate.Create().SetID(s.IDs.New(gid.PipelineTemplate)).SetName("Ours").SetIsDefault(true).SetCreatedAt(now).SetUpdatedAt(now).Exec(ctx),
			s.InstallBuiltin(context.Background()),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		agency, err := s.DB.Source.Query().Where(source.Name("Agency")).Only(ctx)
		if err != nil || agency.Kind != source.KindOTHER {
			t.Errorf("the company's own source is %v, %v", agency, err)
		}
		standard, err := s.DB.PipelineTemplate.Query().Where(pipelinetemplate.IsDefault(true)).Only(ctx)
		if err != nil || standard.Name != "Ours" {
			t.Errorf("the default template is %v, %v", standard, err)
		}
	})
}

// The rows say what the content says, so that the hash can be checked from them.
func TestTheInstalledRubricIsTheContent(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		content, err := rubric.Builtin()
		d.must(err)
		ctx := d.system()
		version, err := d.DB.RubricVersion.Query().Where(rubricversion.StatusEQ(rubricversion.StatusPUBLISHED)).Only(ctx)
		d.must(err)
		stored := rubric.Edition{Semver: version.Semver, Notes: version.Notes, ScaleMax: version.ScaleMax}
		for _, a := range version.Areas {
			stored.Areas = append(stored.Areas, rubric.Area(a))
		}
		for _, l := range version.LevelSettings {
			stored.Levels = append(stored.Levels, rubric.LevelSetting{Level: l.LevelKey, CoverageMinimum: l.CoverageMinimum})
		}
		signals, err := d.DB.RubricSignal.Query().Where(rubricsignal.RubricVersionID(version.ID)).Order(rubricsignal.ByPosition()).All(ctx)
		d.must(err)
		modes := map[string]map[levelsignal.Mode]int{"em": {}, "senior_em": {}}
		for _, row := range signals {
			signal := rubric.Signal{
				Key: row.Key, Area: row.Area, Name: row.Name, Assesses: row.Assesses,
				RedFlags: []rubric.RedFlag{}, Demands: map[string]rubric.Demand{},
			}
			for _, a := range row.Anchors {
				signal.Anchors = append(signal.Anchors, rubric.Anchor(a))
			}
			for _, f := range row.RedFlags {
				signal.RedFlags = append(signal.RedFlags, rubric.RedFlag{Key: f.Key, Severity: rubric.Severity(f.Severity), Text: f.Text})
			}
			demands, err := d.DB.LevelSignal.Query().Where(levelsignal.RubricSignalID(row.ID)).WithLevel().All(ctx)
			d.must(err)
			for _, demand := range demands {
				modes[demand.Edges.Level.Key][demand.Mode]++
				own := rubric.Demand{
					Weight: demand.Weight, Bar: rubric.Bar(demand.Bar), MustHave: demand.MustHave,
					MinimumRaters: demand.MinimumRaters, Expectation: demand.Expectation,
				}
				if demand.SubsumedBy != nil {
					own.SubsumedBy = *demand.SubsumedBy
				}
				signal.Demands[demand.Edges.Level.Key] = own
			}
			stored.Signals = append(stored.Signals, signal)
		}
		if diff := cmp.Diff(content.Edition, stored); diff != "" {
			t.Error(diff)
		}
		if hash, err := rubric.Hash(stored); err != nil || hash != *version.ContentHash {
			t.Errorf("the rows hash to %s, %v; the version says %s", hash, err, *version.ContentHash)
		}
		if diff := cmp.Diff(map[string]map[levelsignal.Mode]int{
			"em":        {levelsignal.ModeADD: 19},
			"senior_em": {levelsignal.ModeADD: 7, levelsignal.ModeRAISE: 5, levelsignal.ModeREWEIGHT: 13, levelsignal.ModeRETIRE: 1},
		}, modes); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheInstalledLadderAndPlans(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		ctx := d.system()
		levels, err := d.DB.Level.Query().Where(level.KeyNEQ("designer")).Order(level.ByRank()).WithExtends().All(ctx)
		d.must(err)
		var told []string
		for _, l := range levels {
			line := fmt.Sprintf("%d %s hireable=%v", l.Rank, l.Key, l.Hireable)
			if l.Edges.Extends != nil {
				line += " extends " + l.Edges.Extends.Key
			}
			told = append(told, line)
		}
		if diff := cmp.Diff([]string{
			"1 em hireable=true", "2 senior_em hireable=true extends em", "3 director hireable=false", "4 vp hireable=false", "5 svp hireable=false",
		}, told); diff != "" {
			t.Error(diff)
		}
		plan, err := d.DB.InterviewPlan.Query().Where(interviewplan.Key("senior_em_loop")).WithLevel().
			WithSessions(func(q *db.InterviewPlanSessionQuery) { q.Order(interviewplansession.ByPosition()) }).Only(ctx)
		d.must(err)
		if last := plan.Edges.Sessions[5]; plan.Edges.Level.Key != "senior_em" || last.Key != "epd_panel" ||
			!slices.Equal(last.Seats, []string{"senior_product_manager", "senior_designer"}) || len(last.FocusSignals) != 4 {
			t.Errorf("the plan for %s ends in %v", plan.Edges.Level.Key, last)
		}
	})
}

func TestEveryKindOfSourceAndReasonIsThere(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		for _, kind := range []source.Kind{
			source.KindINBOUND, source.KindJOB_BOARD, source.KindREFERRAL, source.KindSOURCED, source.KindAGENCY, source.KindINTERNAL, source.KindOTHER,
		} {
			if there, err := d.DB.Source.Query().Where(source.KindEQ(kind)).Exist(d.system()); err != nil || !there {
				t.Errorf("no source is %s: %v", kind, err)
			}
		}
		for _, by := range []rejectionreason.Initiator{rejectionreason.InitiatorUS, rejectionreason.InitiatorTHEM, rejectionreason.InitiatorOTHER} {
			if there, err := d.DB.RejectionReason.Query().Where(rejectionreason.InitiatorEQ(by)).Exist(d.system()); err != nil || !there {
				t.Errorf("no reason is of %s: %v", by, err)
			}
		}
	})
}
