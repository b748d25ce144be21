package hiring_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
	"hireloop/rubric"
)

func keyOf(l *db.Level) string {
	if l == nil {
		return ""
	}
	return l.Key
}

func keysOf(levels []*db.Level) []string {
	keys := []string{}
	for _, l := range levels {
		keys = append(keys, l.Key)
	}
	return keys
}

func TestLevelFitsAreForThoseWhoMaySeeTheEvidence(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		mine := h.report(said{by: "manager", status: scorecard.StatusDRAFT, ratings: h.all(0)})
		for who, sees := range map[string]bool{
			"recruiter": true, "admin": true, "ana": true, // theirs are in
			"manager":     false, // owes a card
			"interviewer": false, // does not see the application
			"analyst":     false,
			"nobody":      false,
		} {
			if got := h.fit(who) != nil; got != sees {
				t.Errorf("%s sees a level fit: %v", who, got)
			}
			of, err := d.CurrentLevelFits(d.as(who), []gid.ID{h.application})
			d.must(err)
			if got := of[h.application] != nil; got != sees {
				t.Errorf("%s sees the application's level fit: %v", who, got)
			}
		}
		h.setStatus(mine, scorecard.StatusSUBMITTED)
		if h.fit("manager") == nil {
			t.Error("it stays hidden from a manager whose card is in")
		}
		for policy, sees := range map[loop.RevealPolicy]bool{
			loop.RevealPolicyOWN_SUBMITTED: true, loop.RevealPolicyDEBRIEF_OPENED: false, loop.RevealPolicyALL_SUBMITTED: true,
		} {
			d.must(d.DB.Loop.UpdateOneID(h.loop).SetRevealPolicy(policy).Exec(d.system()))
			if got := h.fit("recruiter") != nil; got != sees {
				t.Errorf("under %s a recruiter sees a level fit: %v", policy, got)
			}
		}
	})
}

func TestCurrentLevelFitIsOfTheLatestLoopThatWasNotCancelled(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		current := func() *hiring.LevelFit {
			t.Helper()
			fits, err := d.CurrentLevelFits(d.as("recruiter"), []gid.ID{h.application})
			d.must(err)
			return fits[h.application]
		}
		if got := current(); got == nil || got.Interviewers != 3 {
			t.Fatalf("it is %+v", got)
		}
		later := *h
		first, err := d.DB.Loop.Get(d.system(), h.loop)
		d.must(err)
		later.cards = 0
		later.loop = d.storedLoop(h.application, func(c *db.LoopCreate) {
			c.SetRubricVersionID(*first.RubricVersionID).SetTargetLevelID(d.levels["em"]).SetCreatedAt(d.now.AddDate(0, 0, 1))
		}).ID
		later.report(said{by: "ana", ratings: h.all(2)})
		if got := current(); got.Interviewers != 1 {
			t.Errorf("it is of the first loop: %d interviewers", got.Interviewers)
		}
		d.must(d.DB.Loop.UpdateOneID(later.loop).SetStatus(loop.StatusCANCELLED).Exec(d.system()))
		if got := current(); got.Interviewers != 3 {
			t.Errorf("it is of a cancelled loop: %d interviewers", got.Interviewers)
		}
		d.must(d.DB.Loop.UpdateOneID(later.loop).SetStatus(loop.StatusACTIVE).ClearRubricVersionID().ClearTargetLevelID().Exec(d.system()))
		if got := current(); got != nil {
			t.Errorf("an imported loop has the level fit %+v", got)
		}
	})
}

func TestLevelFitReadsWhatCounts(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		before := h.fit("recruiter")
		h.report(said{by: "dee", ratings: h.all(1), shadow: true})
		h.report(said{by: "eli", ratings: h.all(1), status: scorecard.StatusVOID})
		h.report(said{by: "fay", ratings: h.all(1), status: scorecard.StatusDRAFT})
		if diff := cmp.Diff(before.Fit, h.fit("recruiter").Fit); diff != "" {
			t.Errorf("cards that do not count changed it: %s", diff)
		}
		card := h.report(said{by: "gil", ratings: h.all(3)})
		hash := h.fit("recruiter").InputsHash
		if hash == before.InputsHash {
			t.Error("another card left the inputs' hash")
		}
		d.must(d.DB.Scorecard.UpdateOneID(card).AddRevision(1).SetStatus(scorecard.StatusAMENDED).Exec(d.system()))
		if h.fit("recruiter").InputsHash == hash {
			t.Error("another revision left the inputs' hash")
		}
	})
}

func TestLevelsThatTheEditionDoesNotKnowAreNoneToHireAt(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		d.must(d.DB.Opening.UpdateOneID(h.opening.ID).AddAllowedLevelIDs(d.levels["designer"]).Exec(d.system()))
		h.threes(3, rubric.Yes)
		if got := h.fit("recruiter"); keyOf(got.Level) != "em" {
			t.Errorf("it suggests %s at %q", got.Outcome, keyOf(got.Level))
		}
	})
}

func TestStoredLoopThatRubricRefusesIsAnInternalError(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.report(said{by: "ana", ratings: map[string]int{"no_such_signal": 3}})
		_, err := d.LevelFits(d.as("recruiter"), []gid.ID{h.loop})
		if err == nil || refused(err) != fmt.Sprint(err) || !strings.Contains(err.Error(), h.loop.String()) {
			t.Errorf("it is %v", err)
		}
	})
}

// statements is how many statements fn takes.
func (d *desk) statements(who string, fn func(context.Context) error) int {
	d.t.Helper()
	ctx, counted := store.CountStatements(d.as(who))
	d.must(fn(ctx))
	return counted.Count()
}

func TestLevelFitsTakeAsManyStatementsForOneLoopAsForMany(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		var loops, applications []gid.ID
		var debriefs []*db.Debrief
		for range 6 {
			h := d.hear("em", "em", "senior_em")
			h.dispute()
			loops, applications = append(loops, h.loop), append(applications, h.application)
			h.settle([]string{"coaching_growth"})
			d.must(d.DB.Debrief.Update().SetClosedAt(d.now).Exec(d.system()))
			debriefs = append(debriefs, h.debriefed())
		}
		for what, read := range map[string]func(ctx context.Context, n int) (int, error){
			"level fits": func(ctx context.Context, n int) (int, error) {
				got, err := d.LevelFits(ctx, loops[:n])
				return len(got), err
			},
			"level fits of applications": func(ctx context.Context, n int) (int, error) {
				got, err := d.CurrentLevelFits(ctx, applications[:n])
				return len(got), err
			},
			"frozen packets": func(ctx context.Context, n int) (int, error) {
				got, err := d.FrozenPackets(ctx, debriefs[:n])
				return len(got), err
			},
			"packets": func(ctx context.Context, n int) (int, error) {
				got, err := d.DebriefPackets(ctx, loops[:n])
				return len(got), err
			},
		} {
			take := func(n int) int {
				return d.statements("recruiter", func(ctx context.Context) error {
					got, err := read(ctx, n)
					if got != n {
						t.Errorf("%s: found %d of %d", what, got, n)
					}
					return err
				})
			}
			if one, six := take(1), take(6); one != six {
				t.Errorf("%s: %d statements for one, %d for six", what, one, six)
			} else {
				t.Logf("%s: %d statements", what, one)
			}
		}
	})
}

// BenchmarkLevelFits reads the level fits of a board of 50 applications.
func BenchmarkLevelFits(b *testing.B) {
	for _, engine := range testdb.Engines() {
		b.Run(engine.Name, func(b *testing.B) {
			d := newDesk(b, engine.Open(b, stocked, store.Options{}))
			var loops []gid.ID
			for range 50 {
				h := d.hear("em", "em", "senior_em")
				h.threes(3, rubric.Yes)
				loops = append(loops, h.loop)
			}
			b.ReportAllocs()
			for b.Loop() {
				fits, err := d.LevelFits(d.as("recruiter"), loops)
				if err != nil || len(fits) != len(loops) {
					b.Fatal(len(fits), err)
				}
			}
		})
	}
}
