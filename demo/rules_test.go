package demo_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"hireloop/demo"
	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/seat"
	"hireloop/ent/db/signalrating"
	"hireloop/ent/db/stage"
	"hireloop/ent/db/stageevent"
	"hireloop/ent/db/visit"
	"hireloop/funnel"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// The end of the default story.
var end = time.Date(2026, 3, 4, 15, 30, 0, 0, time.UTC)

// eachWorld runs fn in the default world on both engines; the program itself
// asks, and sees everything.
func eachWorld(t *testing.T, fn func(t *testing.T, ctx context.Context, c *db.Client)) {
	testdb.EachFrom(t, populated(), func(t *testing.T, d *store.DB) {
		fn(t, access.System(context.Background()), db.NewClient(db.Driver(d.Driver())))
	})
}

func TestTheNamedOpeningsAreAsTheirStoriesSay(t *testing.T) {
	testdb.EachFrom(t, stocked(), func(t *testing.T, d *store.DB) {
		ctx := access.System(context.Background())
		world, err := demo.Load(ctx, d, demo.Options{Seed: 7, Applications: 20}) // even in a tiny world
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		c := db.NewClient(db.Driver(d.Driver()))
		for key, id := range world.Openings {
			o := c.Opening.Query().Where(opening.ID(id)).WithSeats().OnlyX(ctx)
			filled := 0
			for _, s := range o.Edges.Seats {
				if s.Status == seat.StatusFILLED {
					filled++
				}
			}
			got[key] = fmt.Sprintf("%s %d/%d", o.Status, filled, len(o.Edges.Seats))
			if o.IsConfidential {
				got[key] += " confidential"
			}
		}
		want := map[string]string{
			"growth": "FILLED 1/1", "platform_reliability": "OPEN 1/2", "mobile": "PAUSED 1/2",
			"ecosystem_integrations": "OPEN 1/2", "executive_reporting": "OPEN 0/1", "in_app_experience": "OPEN 0/1",
			"payments_succession": "OPEN 0/1 confidential",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestTheMembersOfTheWorldHaveTheirRoles(t *testing.T) {
	testdb.EachFrom(t, stocked(), func(t *testing.T, d *store.DB) {
		ctx := access.System(context.Background())
		world, err := demo.Load(ctx, d, demo.Options{})
		if err != nil {
			t.Fatal(err)
		}
		c := db.NewClient(db.Driver(d.Driver()))
		for role, id := range map[access.Role]gid.ID{
			access.Admin: world.Admin, access.Recruiter: world.Recruiter, access.HiringManager: world.HiringManager,
			access.Interviewer: world.Interviewer, access.Analyst: world.Analyst,
		} {
			m := c.Member.GetX(ctx, id)
			if !slices.Contains(m.Roles, string(role)) || m.DeactivatedAt != nil {
				t.Errorf("%s has the roles %v, left: %v", role, m.Roles, m.DeactivatedAt)
			}
		}
		owed := c.Scorecard.Query().Where(scorecard.InterviewerID(world.Interviewer), scorecard.StatusEQ(scorecard.StatusDRAFT),
			scorecard.HasInterviewWith(interview.StatusEQ(interview.StatusCOMPLETED))).CountX(ctx)
		if owed == 0 {
			t.Error("the interviewer owes no scorecard")
		}
	})
}

// What is stored is what hiring would derive from the stored log.
func TestStoredHistoriesAreWhatReplayMakesOfTheLog(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, c *db.Client) {
		corrections := 0
		for _, o := range c.Opening.Query().AllX(ctx) {
			stages := c.Stage.Query().Where(stage.OpeningID(o.ID)).Order(stage.ByPosition()).AllX(ctx)
			position := map[gid.ID]int{}
			for i, s := range stages {
				position[s.ID] = i
			}
			for _, a := range c.Application.Query().Where(application.OpeningID(o.ID)).AllX(ctx) {
				log := c.StageEvent.Query().Where(stageevent.ApplicationID(a.ID)).Order(stageevent.BySequence()).AllX(ctx)
				var entries []funnel.Entry
				sequence := map[gid.ID]int{}
				for i, e := range log {
					if e.Sequence != i+1 || e.RecordedAt.Before(e.OccurredAt) || i > 0 && e.RecordedAt.Before(log[i-1].RecordedAt) {
						t.Errorf("%s: event %d has sequence %d, happened %s, was recorded %s", a.ID, i+1, e.Sequence, e.OccurredAt, e.RecordedAt)
					}
					sequence[e.ID] = e.Sequence
					entry := funnel.Entry{Sequence: e.Sequence, Event: funnel.Event{
						Kind: funnel.EventKind(e.Kind), At: e.OccurredAt, Quality: funnel.Quality(e.Quality)}}
					if e.StageID != nil {
						entry.Stage = position[*e.StageID]
					}
					if e.Kind == stageevent.KindCORRECT {
						corrections++
						entry.Corrects, entry.Void = sequence[*e.CorrectsID], e.CorrectedKind == nil
					}
					entries = append(entries, entry)
				}
				h, err := funnel.Replay(funnel.Corrected(entries), len(stages)-1)
				if err != nil {
					t.Fatalf("%s: %v", a.ID, err)
				}
				if position[a.StageID] != h.Stage || string(a.Status) != string(h.Status) || !a.StageEnteredAt.Equal(h.EnteredAt) ||
					!a.AppliedAt.Equal(h.Visits[0].EnteredAt) || (a.ClosedAt == nil) != h.ClosedAt.IsZero() ||
					a.ClosedAt != nil && !a.ClosedAt.Equal(h.ClosedAt) || a.Version != len(log) {
					t.Errorf("%s is stored as %+v, its history says %+v", a.ID, a, h)
				}
				if reason := a.RejectionReasonID != nil; reason != (a.Status == application.StatusREJECTED || a.Status == application.StatusWITHDRAWN) {
					t.Errorf("%s is %s, with a reason: %v", a.ID, a.Status, reason)
				}
				visits := c.Visit.Query().Where(visit.ApplicationID(a.ID)).Order(visit.BySequence()).AllX(ctx)
				if diff := cmp.Diff(implied(stages, h), stored(visits)); diff != "" {
					t.Errorf("visits of %s (-implied +stored):\n%s", a.ID, diff)
				}
			}
		}
		if corrections == 0 {
			t.Error("no history was ever mended")
		}
	})
}

func implied(stages []*db.Stage, h funnel.History) (list []string) {
	for i, v := range h.Visits {
		skipped := []gid.ID{}
		for _, s := range v.Skipped {
			skipped = append(skipped, stages[s].ID)
		}
		list = append(list, fmt.Sprint(i+1, stages[v.Stage].ID, v.EnteredAt.UTC(), v.ExitedAt.UTC(), v.Outcome, skipped, v.Quality))
	}
	return list
}

func stored(visits []*db.Visit) (list []string) {
	for _, v := range visits {
		exited, outcome := time.Time{}, visit.Outcome("")
		if v.ExitedAt != nil {
			exited, outcome = *v.ExitedAt, *v.Outcome
		}
		list = append(list, fmt.Sprint(v.Sequence, v.StageID, v.EnteredAt.UTC(), exited.UTC(), outcome, v.SkippedStageIds, v.Quality))
	}
	return list
}

func TestSeatsAreFilledByThoseWhoWereHired(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, c *db.Client) {
		filled := map[gid.ID]bool{}
		for _, s := range c.Seat.Query().WithApplication().WithOpening().AllX(ctx) {
			a := s.Edges.Application
			if (s.Status == seat.StatusFILLED) != (a != nil) {
				t.Errorf("seat %s is %s, with an application: %v", s.ID, s.Status, a != nil)
			}
			if a == nil {
				continue
			}
			filled[a.ID] = true
			if a.Status != application.StatusHIRED || a.OpeningID != s.OpeningID || !s.FilledAt.Equal(*a.ClosedAt) {
				t.Errorf("seat %s of %s was filled %s by %+v", s.ID, s.OpeningID, s.FilledAt, a)
			}
		}
		if hired := c.Application.Query().Where(application.StatusEQ(application.StatusHIRED)).CountX(ctx); hired != len(filled) || hired == 0 {
			t.Errorf("%d were hired, %d seats are filled", hired, len(filled))
		}
		for _, o := range c.Opening.Query().WithSeats().AllX(ctx) {
			free := slices.ContainsFunc(o.Edges.Seats, func(s *db.Seat) bool { return s.Status == seat.StatusOPEN })
			if want := o.Status != opening.StatusFILLED && o.Status != opening.StatusCANCELLED; free != want {
				t.Errorf("%s is %s, with a free seat: %v", o.Title, o.Status, free)
			}
			active := c.Application.Query().Where(application.OpeningID(o.ID), application.StatusEQ(application.StatusACTIVE)).CountX(ctx)
			if (o.Status == opening.StatusOPEN || o.Status == opening.StatusPAUSED) && active == 0 {
				t.Errorf("nobody is under consideration for %s", o.Title)
			}
		}
	})
}

// One card per interviewer and interview; handed-in cards
// answer every focus signal, with evidence; drafts are due.
func TestScorecardsKeepTheirRules(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, c *db.Client) {
		states := map[string]int{}
		for _, i := range c.Interview.Query().WithScorecards().WithSeats().AllX(ctx) {
			cards := map[gid.ID]bool{}
			for _, card := range i.Edges.Scorecards {
				cards[card.InterviewerID] = true
			}
			seated := map[gid.ID]bool{}
			for _, s := range i.Edges.Seats {
				seated[*s.MemberID] = true
			}
			if i.Status != interview.StatusPLANNED && !cmp.Equal(cards, seated) {
				t.Errorf("interview %s (%s) has cards of %d people, %d sit in it", i.ID, i.Status, len(cards), len(seated))
			}
			if (i.StartsAt == nil) != (i.Status == interview.StatusPLANNED) {
				t.Errorf("interview %s is %s, begins %v", i.ID, i.Status, i.StartsAt)
			}
			for _, card := range i.Edges.Scorecards {
				states[string(i.Status)+" "+string(card.Status)]++
				checkCard(ctx, t, c, i, card)
			}
		}
		for _, want := range []string{"COMPLETED SUBMITTED", "COMPLETED AMENDED", "COMPLETED DRAFT", "SCHEDULED DRAFT", "CANCELLED VOID", "NO_SHOW VOID"} {
			if states[want] == 0 {
				t.Errorf("there is no card that is %s; there are %v", want, states)
			}
			delete(states, want)
		}
		delete(states, "COMPLETED VOID") // the candidate withdrew before it was handed in
		if len(states) > 0 {
			t.Errorf("impossible cards: %v", states)
		}
	})
}

func checkCard(ctx context.Context, t *testing.T, c *db.Client, i *db.Interview, card *db.Scorecard) {
	handedIn := card.Status == scorecard.StatusSUBMITTED || card.Status == scorecard.StatusAMENDED
	if handedIn != (card.SubmittedAt != nil) || handedIn != (card.IsOnTime != nil) || (card.Revision == 0) != (card.CurrentRevisionID == nil) ||
		(card.Status == scorecard.StatusVOID) != (card.VoidReason != nil) || (card.Status == scorecard.StatusAMENDED) != (card.Revision > 1) {
		t.Errorf("card %+v contradicts itself", card)
	}
	if card.CurrentRevisionID == nil {
		return
	}
	current := c.ScorecardRevision.GetX(ctx, *card.CurrentRevisionID)
	if current.Number != card.Revision || !sameText(current.Recommendation, card.Recommendation) {
		t.Errorf("card %s is at revision %d %v, its revision says %d %v", card.ID, card.Revision, card.Recommendation, current.Number, current.Recommendation)
	}
	answered := map[string]bool{}
	for _, x := range c.SignalRating.Query().Where(signalrating.RevisionID(current.ID)).AllX(ctx) {
		answered[x.Signal] = true
		least := 0
		if x.Rating != nil {
			if least = 40; *x.Rating == 1 || *x.Rating == 4 {
				least = 80
			}
		}
		if utf8.RuneCountInString(x.Evidence) < least || (x.Rating != nil) != (x.EvidenceKind != nil) {
			t.Errorf("rating %v of %s has the evidence %q, %v", x.Rating, x.Signal, x.Evidence, x.EvidenceKind)
		}
		if slices.Contains(i.FocusSignals, x.Signal) == x.IsUnplanned {
			t.Errorf("rating of %s in %s is unplanned: %v", x.Signal, i.Key, x.IsUnplanned)
		}
	}
	for _, signal := range i.FocusSignals {
		if handedIn && !answered[signal] {
			t.Errorf("card %s was handed in without %s", card.ID, signal)
		}
	}
}

func sameText[T ~string, U ~string](a *T, b *U) bool {
	return a == nil && b == nil || a != nil && b != nil && string(*a) == string(*b)
}

// Cards are due when hiring would say so.
func TestScorecardsAreDueByWorkingDays(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, c *db.Client) {
		weekends := 0
		for _, card := range c.Scorecard.Query().WithInterview().AllX(ctx) {
			ends := card.Edges.Interview.EndsAt.UTC()
			if want := (hiring.Norms{}).Due(ends); !card.DueAt.Equal(want) {
				t.Errorf("card %s of an interview until %s is due %s, want %s", card.ID, ends, card.DueAt, want)
			}
			if card.DueAt.Sub(ends) > 24*time.Hour {
				weekends++
			}
		}
		if weekends == 0 {
			t.Error("no card waits for Monday")
		}
	})
}

// What blindness is for can be seen at once: the interviewer owes a card where
// others have reported.
func TestTheInterviewerOwesWhereOthersHaveReported(t *testing.T) {
	testdb.EachFrom(t, stocked(), func(t *testing.T, d *store.DB) {
		ctx := access.System(context.Background())
		for _, now := range []time.Time{
			end, // a Wednesday afternoon
			time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC),   // a Sunday
			time.Date(2026, 3, 9, 6, 0, 0, 0, time.UTC),   // a Monday morning
			time.Date(2026, 3, 13, 23, 0, 0, 0, time.UTC), // a Friday night
		} {
			d := testdb.Engines()[0].Open(t, stocked(), store.Options{})
			world, err := demo.Load(ctx, d, demo.Options{Applications: 20, Now: now})
			if err != nil {
				t.Fatal(err)
			}
			checkOwing(ctx, t, db.NewClient(db.Driver(d.Driver())), world)
		}
		world, err := demo.Load(ctx, d, demo.Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkOwing(ctx, t, db.NewClient(db.Driver(d.Driver())), world)
	})
}

func checkOwing(ctx context.Context, t *testing.T, c *db.Client, world *demo.World) {
	t.Helper()
	leaders := map[gid.ID]bool{}
	for _, id := range world.Owing {
		l := c.Loop.Query().Where(loop.ID(id)).WithApplication().OnlyX(ctx)
		leaders[l.Edges.Application.OpeningID] = true
		if l.Status != loop.StatusACTIVE || l.Edges.Application.Status != application.StatusACTIVE {
			t.Errorf("%s: loop %s is %s, its application %s", world.Now, l.ID, l.Status, l.Edges.Application.Status)
		}
		over := interview.StatusEQ(interview.StatusCOMPLETED)
		owed := c.Scorecard.Query().Where(scorecard.LoopID(id), scorecard.InterviewerID(world.Interviewer),
			scorecard.StatusEQ(scorecard.StatusDRAFT), scorecard.HasInterviewWith(over)).CountX(ctx)
		others := c.Scorecard.Query().Where(scorecard.LoopID(id), scorecard.InterviewerIDNEQ(world.Interviewer),
			scorecard.StatusIn(scorecard.StatusSUBMITTED, scorecard.StatusAMENDED), scorecard.IsShadow(false)).CountX(ctx)
		toCome := c.Interview.Query().Where(interview.LoopID(id), interview.StatusIn(interview.StatusSCHEDULED, interview.StatusPLANNED)).CountX(ctx)
		if owed != 1 || others < 2 || toCome == 0 {
			t.Errorf("%s: in loop %s the interviewer owes %d cards, %d of others are in, %d interviews are to come", world.Now, l.ID, owed, others, toCome)
		}
	}
	if !leaders[world.Openings["executive_reporting"]] || !leaders[world.Openings["in_app_experience"]] {
		t.Errorf("%s: loops %v are not of the two openings that show it", world.Now, world.Owing)
	}
}

// Nothing is known of the future but what is planned.
func TestNothingHappensAfterTheEnd(t *testing.T) {
	planned := []string{
		"interviews.starts_at", "interviews.ends_at", "scorecards.due_at",
		"offer_versions.start_on", "offer_versions.expires_at", "seats.target_start_on",
	}
	testdb.EachFrom(t, populated(), func(t *testing.T, d *store.DB) {
		tables := []string{
			"departments", "locations", "members", "openings", "candidates", "applications", "stage_events", "visits", "loops",
			"interviews", "scorecards", "scorecard_revisions", "red_flag_observations", "debriefs", "debrief_resolutions", "decisions", "offers", "offer_versions", "notes", "seats",
		}
		times := 0
		for _, table := range tables {
			scan(t, d, `SELECT * FROM "`+table+`"`, func(row map[string]any) {
				created, _ := row["created_at"].(time.Time)
				for column, v := range row {
					at, ok := v.(time.Time)
					if !ok || slices.Contains(planned, table+"."+column) {
						continue
					}
					times++
					if at.After(end) || at.Before(end.Add(-1400*24*time.Hour)) {
						t.Errorf("%s.%s = %s", table, column, at)
					}
					if column == "updated_at" && at.Before(created) {
						t.Errorf("%s was updated %s, created %s", table, at, created)
					}
				}
			})
		}
		if times < 5000 {
			t.Errorf("only %d times were looked at", times)
		}
	})
}

func TestEveryReferenceLeadsSomewhere(t *testing.T) {
	for _, many := range []bool{false, true} {
		d := testdb.Engines()[0].Open(t, stocked(), store.Options{})
		if _, err := demo.LoadVia(context.Background(), d, demo.Options{Applications: 200}, many); err != nil {
			t.Fatal(err)
		}
		scan(t, d, "PRAGMA foreign_key_check", func(row map[string]any) { t.Errorf("%v", row) })
	} // PostgreSQL checks its keys whenever there are any, and shape shows that there are
}

func TestSearchFindsCandidatesOfTheDemo(t *testing.T) {
	testdb.EachFrom(t, stocked(), func(t *testing.T, d *store.DB) {
		if _, err := demo.LoadVia(context.Background(), d, demo.Options{Applications: 100}, true); err != nil {
			t.Fatal(err)
		}
		query := `SELECT count(*) AS n FROM candidate_contacts_normalized WHERE normalized MATCH '"example"'`
		if d.Dialect() == "postgres" {
			query = "SELECT count(*) AS n FROM candidate_contacts WHERE normalized LIKE '%example%'"
		}
		scan(t, d, query, func(row map[string]any) {
			if n := row["n"].(int64); n < 90 {
				t.Errorf("%d candidates are found, want nearly a hundred", n)
			}
		})
	})
}

func BenchmarkLoad(b *testing.B) {
	for _, size := range []int{600, 20_000} {
		for _, e := range testdb.Engines() {
			b.Run(fmt.Sprintf("%s/%d", e.Name, size), func(b *testing.B) {
				rows, applications := 0, 0
				for b.Loop() {
					b.StopTimer()
					d := e.Open(b, stocked(), store.Options{})
					b.StartTimer()
					world, err := demo.Load(context.Background(), d, demo.Options{Applications: size})
					if err != nil {
						b.Fatal(err)
					}
					applications += world.Rows["applications"]
					for _, n := range world.Rows {
						rows += n
					}
				}
				b.ReportMetric(float64(applications)/b.Elapsed().Seconds(), "applications/s")
				b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}
