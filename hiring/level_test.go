package hiring_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db/level"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

// nurses is a job family that has nothing to do with engineering.
func nurses() hiring.CreateLadderInput {
	return hiring.CreateLadderInput{Key: "nursing", Name: " Nursing ", Description: to("From the ward to the house."), Levels: []*hiring.LevelInput{
		{Key: "nurse", Name: "Nurse", Rank: 10, Track: to("care"), Scope: to("A shift.")},
		{Key: "senior_nurse", Name: "Senior Nurse", Rank: 20, Track: to("care"), Extends: to("nurse"),
			ExternalEquivalents: []*hiring.ExternalEquivalentInput{{Company: "Charité", Label: "P8", Note: to("By tariff.")}}},
		{Key: "matron", Name: "Matron", Rank: 40, Hireable: to(false), Extends: to("senior_nurse")},
	}}
}

func (d *desk) ladder(in hiring.CreateLadderInput) gid.ID {
	d.t.Helper()
	id, err := d.CreateLadder(d.as("admin"), in)
	d.must(err)
	return id
}

// rungs tells the levels of a ladder, one a line.
func (d *desk) rungs(ladderID gid.ID) []string {
	d.t.Helper()
	levels, err := d.DB.Level.Query().Where(level.LadderID(ladderID)).Order(level.ByRank()).WithExtends().All(d.system())
	d.must(err)
	var told []string
	for _, l := range levels {
		line := fmt.Sprintf("%d %s %q %s hireable=%v scope=%q", l.Rank, l.Key, l.Name, l.Track, l.Hireable, l.Scope)
		if l.Edges.Extends != nil {
			line += " extends " + l.Edges.Extends.Key
		}
		for _, e := range l.ExternalEquivalents {
			line += fmt.Sprintf(" %v", e)
		}
		told = append(told, line)
	}
	return told
}

func TestCreateLadder(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		id := d.ladder(nurses())
		row, err := d.DB.Ladder.Get(d.system(), id)
		d.must(err)
		if got := row.Key + "|" + row.Name + "|" + row.Description; got != "nursing|Nursing|From the ward to the house." {
			t.Error(got)
		}
		if diff := cmp.Diff([]string{
			`10 nurse "Nurse" care hireable=true scope="A shift."`,
			`20 senior_nurse "Senior Nurse" care hireable=true scope="" extends nurse {Charité P8 By tariff.}`,
			`40 matron "Matron" management hireable=false scope="" extends senior_nurse`,
		}, d.rungs(id)); diff != "" {
			t.Error(diff)
		}
		if got, want := d.traces(), "createLadder by admin of ladder, ladder.created"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
	})
}

func TestLaddersThatAreRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		create := func(who string, change func(*hiring.CreateLadderInput)) func() error {
			in := nurses()
			change(&in)
			return func() error {
				_, err := d.CreateLadder(d.as(who), in)
				return err
			}
		}
		type input = *hiring.CreateLadderInput
		same := func(input) {}
		many := make([]*hiring.LevelInput, 51)
		for i := range many {
			many[i] = &hiring.LevelInput{Key: fmt.Sprintf("level_%d", i), Name: "L", Rank: i}
		}
		d.refuses(t,
			refusal{"by a recruiter", "FORBIDDEN at ", create("recruiter", same)},
			refusal{"by nobody", "FORBIDDEN at ", create("nobody", same)},
			refusal{"a key with capitals", "INVALID at key", create("admin", func(i input) { i.Key = "Nursing" })},
			refusal{"a key that no database stores", "INVALID at key", create("admin", func(i input) { i.Key = "nur\x00se" })},
			refusal{"a key that is taken", "DUPLICATE at key", create("admin", func(i input) { i.Key = "engineering_management" })},
			refusal{"no name", "REQUIRED at name", create("admin", func(i input) { i.Name = " " })},
			refusal{"no levels", "REQUIRED at levels", create("admin", func(i input) { i.Levels = nil })},
			refusal{"51 levels", "INVALID at levels", create("admin", func(i input) { i.Levels = many })},
			refusal{"a level given twice", "INVALID at levels.2.key", create("admin", func(i input) { i.Levels[2].Key = "nurse" })},
			refusal{"extends nothing that is there", "INVALID at levels.1.extends", create("admin", func(i input) { i.Levels[1].Extends = to("doctor") })},
			refusal{"extends itself", "INVALID at levels.0.extends", create("admin", func(i input) { i.Levels[0].Extends = to("nurse") })},
			refusal{"extends the level above it", "INVALID at levels.0.extends",
				create("admin", func(i input) { i.Levels[0].Extends = to("matron") })},
			refusal{"extends a level of its rank", "INVALID at levels.1.extends", create("admin", func(i input) { i.Levels[1].Rank = 10 })},
			refusal{"extends a level that comes later", "INVALID at levels.0.extends",
				create("admin", func(i input) { i.Levels[0], i.Levels[1] = i.Levels[1], i.Levels[0] })},
			refusal{"a rank beyond a thousand", "INVALID at levels.2.rank", create("admin", func(i input) { i.Levels[2].Rank = 1001 })},
			refusal{"an equal of no company", "REQUIRED at levels.1.externalEquivalents.0.company",
				create("admin", func(i input) { i.Levels[1].ExternalEquivalents[0].Company = "" })},
			refusal{"all problems at once", "REQUIRED at name, INVALID at levels.0.rank, REQUIRED at levels.1.name, INVALID at levels.0.key, INVALID at levels.1.extends",
				create("admin", func(i input) {
					i.Name, i.Levels[0].Rank, i.Levels[1].Name, i.Levels[0].Key = "", -1, "", "N"
				})},
		)
	})
}

func (d *desk) updateLadder(who string, in hiring.UpdateLadderInput) error {
	_, err := d.UpdateLadder(d.as(who), in)
	return err
}

// What an update does not say stays, of the ladder and of each level.
func TestUpdateLadder(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		id := d.ladder(nurses())
		d.must(d.updateLadder("admin", hiring.UpdateLadderInput{LadderID: id, Name: to("Care"), Levels: []*hiring.LevelInput{
			{Key: "lead_nurse", Name: "Lead Nurse", Rank: 30, Extends: to("senior_nurse")},
			{Key: "matron", Name: "Head Nurse", Rank: 50, Extends: to("lead_nurse")},
			{Key: "senior_nurse", Name: "Senior Nurse", Rank: 21, Scope: to("A ward.")},
		}}))
		row, err := d.DB.Ladder.Get(d.system(), id)
		d.must(err)
		if got := row.Key + "|" + row.Name + "|" + row.Description; got != "nursing|Care|From the ward to the house." {
			t.Error(got)
		}
		if diff := cmp.Diff([]string{
			`10 nurse "Nurse" care hireable=true scope="A shift."`,
			`21 senior_nurse "Senior Nurse" care hireable=true scope="A ward." extends nurse {Charité P8 By tariff.}`,
			`30 lead_nurse "Lead Nurse" management hireable=true scope="" extends senior_nurse`,
			`50 matron "Head Nurse" management hireable=false scope="" extends lead_nurse`,
		}, d.rungs(id)); diff != "" {
			t.Error(diff)
		}
		if got, want := d.traces(), "updateLadder by admin of ladder, ladder.updated"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		d.must(d.updateLadder("admin", hiring.UpdateLadderInput{LadderID: id, Levels: []*hiring.LevelInput{
			{Key: "senior_nurse", Name: "Senior Nurse", Rank: 21, Extends: to(""), ExternalEquivalents: []*hiring.ExternalEquivalentInput{}},
		}}))
		if got := d.rungs(id)[1]; got != `21 senior_nurse "Senior Nurse" care hireable=true scope="A ward."` {
			t.Error(got)
		}
	})
}

func TestUpdatesOfLaddersThatAreRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		id := d.ladder(nurses())
		d.publish(d.draftOf(nursing(id)))
		d.must(d.updateLadder("admin", hiring.UpdateLadderInput{LadderID: id, Levels: []*hiring.LevelInput{
			{Key: "director", Name: "Director", Rank: 60, Extends: to("matron")},
			{Key: "chief", Name: "Chief", Rank: 70, Extends: to("director")},
		}}))
		update := func(who string, change func(*hiring.UpdateLadderInput)) func() error {
			in := hiring.UpdateLadderInput{LadderID: id}
			change(&in)
			return func() error { return d.updateLadder(who, in) }
		}
		type input = *hiring.UpdateLadderInput
		level := func(l hiring.LevelInput) func(input) {
			return func(i input) { i.Levels = append(i.Levels, &l) }
		}
		d.refuses(t,
			refusal{"by a recruiter", "FORBIDDEN at ", update("recruiter", func(input) {})},
			refusal{"an unknown ladder", "NOT_FOUND at ladderId", update("admin", func(i input) { i.LadderID = d.id(gid.Ladder) })},
			refusal{"a level as a ladder", "NOT_FOUND at ladderId", update("admin", func(i input) { i.LadderID = d.levels["em"] })},
			refusal{"an empty name", "REQUIRED at name", update("admin", func(i input) { i.Name = to("") })},
			refusal{"another rank for a level with published demands", "INVALID at levels.0.rank",
				update("admin", level(hiring.LevelInput{Key: "nurse", Name: "Nurse", Rank: 11}))},
			refusal{"another parent for a level with published demands", "INVALID at levels.0.extends",
				update("admin", level(hiring.LevelInput{Key: "matron", Name: "Matron", Rank: 40, Extends: to("nurse")}))},
			refusal{"a rank that the level above does not exceed any more", "INVALID at levels.0.rank",
				update("admin", level(hiring.LevelInput{Key: "director", Name: "Director", Rank: 70}))},
			refusal{"a circle", "INVALID at levels.0.extends",
				update("admin", level(hiring.LevelInput{Key: "director", Name: "Director", Rank: 60, Extends: to("chief")}))},
			refusal{"a new level without a name", "REQUIRED at levels.0.name", update("admin", level(hiring.LevelInput{Key: "aide", Rank: 1}))},
		)
		// Their names are free to change.
		d.must(d.updateLadder("admin", hiring.UpdateLadderInput{LadderID: id, Levels: []*hiring.LevelInput{{Key: "nurse", Name: "Registered Nurse", Rank: 10}}}))
		if got := d.rungs(id)[0]; !strings.Contains(got, "Registered Nurse") {
			t.Error(got)
		}
	})
}

// A draft says what its author wrote, also once a level that is not published
// yet inherits from another one.
func TestADraftOutlivesAMoveOfItsLevels(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		id := d.ladder(nurses())
		draft := d.draftOf(nursing(id))
		before := d.content(draft)
		d.must(d.updateLadder("admin", hiring.UpdateLadderInput{LadderID: id, Levels: []*hiring.LevelInput{
			{Key: "matron", Name: "Matron", Rank: 40, Extends: to("nurse")},
		}}))
		if diff := cmp.Diff(before, d.content(draft)); diff != "" {
			t.Error(diff)
		}
		if got, want := d.demandOf(draft, "hygiene", "matron"), "INHERIT 30 of 3, a gate, 2 raters"; got != want {
			t.Errorf("hygiene at matron: %q, want what a nurse must: %q", got, want)
		}
	})
}
