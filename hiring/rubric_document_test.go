package hiring_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db/ladder"
	"hireloop/ent/db/level"
	"hireloop/ent/db/rubricversion"
	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
	"hireloop/rubric"
)

// bare is a database without content.
var bare = testdb.Template{Name: "bare", Prepare: func(ctx context.Context, d *store.DB) error {
	_, err := store.Migrate(ctx, d)
	return err
}}

func (d *desk) imports(document string) gid.ID {
	d.t.Helper()
	id, err := d.ImportRubric(d.as("admin"), hiring.ImportRubricInput{JSON: document})
	d.must(err)
	return id
}

// An edition travels whole: exported here, imported and published there, it has
// the same content hash.
func TestAnEditionTravels(t *testing.T) {
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			here := newDesk(t, engine.Open(t, stocked, store.Options{}))
			there := newDesk(t, engine.Open(t, bare, store.Options{}))
			nursery := here.ladder(nurses())
			here.publish(here.draftOf(nursing(nursery)))
			renamed := nursing(nursery)
			renamed.Signals[3].Key, renamed.Signals[3].Replaces = "mentoring", to("guidance")
			renamed.Signals[2].Demands[1].SubsumedBy = to("mentoring")
			here.publish(here.draftOf(renamed))

			published, err := here.DB.RubricVersion.Query().Order(rubricversion.ByID()).All(here.system())
			here.must(err)
			for _, v := range published {
				document := here.document(v.ID)
				id := there.imports(document)
				if got := there.version(id); got.Status != rubricversion.StatusDRAFT || got.Semver != v.Semver {
					t.Errorf("it came as %s", there.told(id))
				}
				if got, want := there.traces(), "importRubric by admin of rubric_version, rubric_version.drafted"; got != want {
					t.Errorf("left %q, want %q", got, want)
				}
				there.publish(id)
				if diff := cmp.Diff(document, there.document(id)); diff != "" {
					t.Error(diff)
				}
				if got := there.version(id).ContentHash; *got != *v.ContentHash {
					t.Errorf("%s hashes to %s here and %s there", v.Semver, *v.ContentHash, *got)
				}
			}
			if len(published) != 3 {
				t.Errorf("%d editions", len(published))
			}
		})
	}
}

// An edition that renames a signal can come without the one before it.
func TestALaterEditionTravelsAlone(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		document := strings.NewReplacer(`"nursing"`, `"care"`, `"key": "guidance"`, `"key": "mentoring", "replaces": "guidance"`,
			`"subsumedBy": "guidance"`, `"subsumedBy": "mentoring"`, `"semver": "1.0.0"`, `"semver": "2.1.0"`).
			Replace(d.document(d.draftOf(nursing(d.ladder(nurses())))))
		id := d.imports(document)
		d.publish(id)
		if got, want := d.told(id), "2.1.0 PUBLISHED v2"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

// What is missing of a ladder is made, what is there stays as it is called here.
func TestImportingIntoALadderThatIsThere(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		in := nurses()
		in.Name, in.Levels = "Care", in.Levels[:1]
		in.Levels[0].Name = "Registered Nurse"
		here := d.ladder(in)
		full := nurses()
		full.Key = "travelling"
		document := strings.Replace(d.document(d.draftOf(nursing(d.ladder(full)))), `"travelling"`, `"nursing"`, 1)
		id := d.imports(document)
		if got := d.version(id).LadderID; got != here {
			t.Errorf("it is of %s, want the ladder that was there", got)
		}
		if diff := cmp.Diff([]string{
			`10 nurse "Registered Nurse" care hireable=true scope="A shift."`,
			`20 senior_nurse "Senior Nurse" care hireable=true scope="" extends nurse {Charité P8 By tariff.}`,
			`40 matron "Matron" management hireable=false scope="" extends senior_nurse`,
		}, d.rungs(here)); diff != "" {
			t.Error(diff)
		}
		row, err := d.DB.Ladder.Get(d.system(), here)
		if err != nil || row.Name != "Care" {
			t.Errorf("the ladder is called %q, %v", row.Name, err)
		}
		// The draft that came is written over as any draft is.
		version := d.version(id).Version
		again, err := d.ImportRubric(d.as("admin"), hiring.ImportRubricInput{JSON: document, ExpectedVersion: &version})
		if err != nil || again != id || d.version(id).Version != version+1 {
			t.Errorf("imported again as %s, %s, %v", again, d.told(id), err)
		}
	})
}

func TestDocumentsThatAreRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		travelling := nurses()
		travelling.Key = "travelling"
		document := d.document(d.draftOf(nursing(d.ladder(travelling))))
		d.ladder(nurses())
		// edit changes the parsed document, whose ladder is the one that is there
		// unless the edit says otherwise.
		edit := func(change func(ladder, edition map[string]any)) func() error {
			var parsed map[string]map[string]any
			d.must(json.Unmarshal([]byte(document), &parsed))
			parsed["ladder"]["key"] = "nursing"
			change(parsed["ladder"], parsed["edition"])
			text, err := json.Marshal(parsed)
			d.must(err)
			return func() error {
				_, err := d.ImportRubric(d.as("admin"), hiring.ImportRubricInput{JSON: string(text)})
				return err
			}
		}
		raw := func(who, text string, version *int) func() error {
			return func() error {
				_, err := d.ImportRubric(d.as(who), hiring.ImportRubricInput{JSON: text, ExpectedVersion: version})
				return err
			}
		}
		type object = map[string]any
		nth := func(list any, n int) object { return list.([]any)[n].(object) }
		d.refuses(t,
			refusal{"by a recruiter", "FORBIDDEN at ", raw("recruiter", document, nil)},
			refusal{"no JSON", "INVALID at json", raw("admin", "semver: 1.0.0", nil)},
			refusal{"nothing", "INVALID at json", raw("admin", "", nil)},
			refusal{"no edition", "REQUIRED at json.edition", raw("admin", `{"ladder": {}}`, nil)},
			refusal{"more than a million characters", "INVALID at json", raw("admin", strings.Repeat(" ", 1_000_001), nil)},
			refusal{"an unknown field", "INVALID at json.edition.colour", edit(func(_, e object) { e["colour"] = "red" })},
			refusal{"over a draft that changed", "CONFLICT at expectedVersion", raw("admin", document, to(7))},
			refusal{"beside a draft", "CONFLICT at expectedVersion", raw("admin", document, nil)},
			refusal{"another rank than here", "INVALID at json.ladder.levels.0.rank", edit(func(l, _ object) { nth(l["levels"], 0)["rank"] = 9 })},
			refusal{"another parent than here", "INVALID at json.ladder.levels.2.extends", edit(func(l, _ object) { nth(l["levels"], 2)["extends"] = "nurse" })},
			refusal{"a new level that extends nothing that is there", "INVALID at json.ladder.levels.3.extends", edit(func(l, _ object) {
				l["levels"] = append(l["levels"].([]any), object{"key": "chief", "name": "Chief", "rank": 50, "extends": "dean"})
			})},
			refusal{"a new ladder of no name and no levels", "REQUIRED at json.ladder.name, REQUIRED at json.ladder.levels",
				edit(func(l, _ object) { l["key"], l["name"], l["levels"] = "wards", "", []any{} })},
			refusal{"a new ladder of no key", "INVALID at json.ladder.key", edit(func(l, _ object) { l["key"] = "" })},
			refusal{"a level that the ladder has not", "INVALID at json.edition.levels.0.level, INVALID at json.edition.signals.0.demands.nurse, INVALID at json.edition.signals.1.demands.nurse, INVALID at json.edition.signals.2.demands.nurse",
				edit(func(_, e object) { nth(e["levels"], 0)["level"] = "dean" })},
			refusal{"a bar beyond the scale", "INVALID at json.edition.signals.2.demands.nurse.bar",
				edit(func(_, e object) { nth(e["signals"], 2)["demands"].(object)["nurse"].(object)["bar"] = 5.25 })},
			refusal{"a key that is none", "INVALID at json.edition.signals.1.key", edit(func(_, e object) { nth(e["signals"], 1)["key"] = "Medication" })},
		)
		if n, err := d.DB.Ladder.Query().Where(ladder.KeyIn("wards", "")).Count(d.system()); n != 0 || err != nil {
			t.Errorf("%d ladders were made, %v", n, err)
		}
		if n, err := d.DB.Level.Query().Where(level.Key("chief")).Count(d.system()); n != 0 || err != nil {
			t.Errorf("%d levels were made, %v", n, err)
		}
	})
}

// Many editions are exported in as many statements as one.
func TestDocumentsTakeAConstantNumberOfStatements(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		nursery := d.ladder(nurses())
		ids := []gid.ID{d.draftOf(nursing(nursery))}
		count := func() int {
			ctx, statements := store.CountStatements(d.as("analyst"))
			documents, err := d.RubricDocuments(ctx, ids)
			if err != nil || len(documents) != len(ids) {
				t.Errorf("%d documents of %d, %v", len(documents), len(ids), err)
			}
			return statements.Count()
		}
		one := count()
		d.publish(ids[0])
		builtin, err := d.DB.RubricVersion.Query().Where(rubricversion.HasLadderWith(ladder.Key("engineering_management"))).OnlyID(d.system())
		d.must(err)
		ids = append(ids, d.draftOf(nursing(nursery)), builtin)
		if three := count(); three != one || one > 6 {
			t.Errorf("%d statements for three, %d for one", three, one)
		}
	})
}

// A company that went on from the built-in rubric is not set back by the next
// start of the program.
func TestInstallingBehindALaterEdition(t *testing.T) {
	testdb.EachFrom(t, bare, func(t *testing.T, s *store.DB) {
		content, err := rubric.Builtin()
		if err != nil {
			t.Fatal(err)
		}
		content.Edition.Semver = "2.0.0"
		document, err := rubric.Encode(content.Ladder, content.Edition)
		if err != nil {
			t.Fatal(err)
		}
		d := newDesk(t, s)
		d.publish(d.imports(string(document)))
		d.must(d.InstallBuiltin(d.system()))
		all, err := d.DB.RubricVersion.Query().All(d.system())
		if err != nil || len(all) != 1 || all[0].Semver != "2.0.0" {
			t.Errorf("there are %v, %v", all, err)
		}
		if n, err := d.DB.InterviewPlan.Query().Count(d.system()); n != 2 || err != nil {
			t.Errorf("%d plans, %v", n, err)
		}
	})
}
