package graph_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hireloop/calibration"
	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/source"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
	"hireloop/rubric"
)

// witness gathers what interviewers did row by row, as one would look it up.
type witness struct {
	calibration.Input
	number map[string]int32
}

func (w *witness) of(list *[]string, key string) int32 {
	n, known := w.number[key]
	if !known {
		n = int32(len(*list))
		w.number[key] = n
		*list = append(*list, key)
	}
	return n
}

func (w *witness) interviewer(id gid.ID) int32 {
	i := slices.IndexFunc(w.Interviewers, func(one calibration.Interviewer) bool { return one.ID == id.String() })
	if i < 0 {
		i = len(w.Interviewers)
		w.Interviewers = append(w.Interviewers, calibration.Interviewer{ID: id.String()})
	}
	return int32(i)
}

// What calibration reads is the first version of every card of the interviews that
// took place, the last decision on each application, and every seat that was held;
// of an application for which the viewer owes a card, or whose candidate they
// referred, only that cards are in.
func TestCalibrationReadsWhatInterviewersDid(t *testing.T) {
	from, to := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			d := engine.Open(t, template, store.Options{})
			s, ctx := newService(d), access.System(t.Context())
			s.Now = func() time.Time { return to } // a month begins: then all are told as of the same moment
			for _, name := range []string{"admin", "interviewer"} {
				viewer := viewerOf(t, d, name)
				got, err := s.Calibration(access.WithViewer(t.Context(), viewer), hiring.CalibrationInput{Filter: &hiring.FunnelFilter{From: &from, To: &to}})
				if err != nil {
					t.Fatal(err)
				}
				w := &witness{number: map[string]int32{}}
				biased := map[gid.ID]bool{}
				for _, c := range s.DB.Scorecard.Query().Where(scorecard.InterviewerID(viewer.Member), scorecard.StatusEQ(scorecard.StatusDRAFT)).AllX(ctx) {
					biased[c.ApplicationID] = true
				}
				sourcing := s.DB.Source.Query().Where(source.KindEQ(source.KindSOURCED)).IDsX(ctx)
				for _, a := range s.DB.Application.Query().Where(application.CreditedMemberID(viewer.Member)).AllX(ctx) {
					if a.SourceID == nil || !slices.Contains(sourcing, *a.SourceID) {
						biased[a.ID] = true
					}
				}
				w.see(t, s.DB, from, to, biased)
				want, err := calibration.Calibrate(w.Input, calibration.Options{From: from, To: to, AsOf: to, Model: calibration.StandardModel()})
				if err != nil {
					t.Fatal(err)
				}
				if want.Units < 100 || want.Timeliness.Due < 50 || name == "interviewer" && len(biased) == 0 {
					t.Fatalf("%s: %d units, %d cards due, %d biased: too little to tell", name, want.Units, want.Timeliness.Due, len(biased))
				}
				if name != "admin" && !want.Agreement.Sufficient { // then others are not told how many
					want.Agreement = calibration.Agreement{Note: got.Agreement.Note}
				}
				if diff := cmp.Diff(want, got.Report, cmpopts.IgnoreFields(calibration.Figure{}, "Interval")); diff != "" {
					t.Errorf("%s: -looked up +calibrated\n%s", name, diff)
				}
			}
		})
	}
}

func (w *witness) see(t *testing.T, client *db.Client, from, to time.Time, biased map[gid.ID]bool) {
	t.Helper()
	ctx := access.System(t.Context())
	for _, m := range client.Member.Query().AllX(ctx) {
		if m.DeactivatedAt == nil && slices.Contains(m.Roles, string(access.Interviewer)) {
			w.Interviewers = append(w.Interviewers, calibration.Interviewer{ID: m.ID.String(), Eligible: true})
		}
	}
	held := client.Interview.Query().Where(interview.StatusEQ(interview.StatusCOMPLETED), interview.EndsAtGTE(from), interview.EndsAtLT(to), interview.EndsAtLTE(to)).AllX(ctx)
	for _, i := range held {
		l := client.Loop.GetX(ctx, i.LoopID)
		a := client.Application.GetX(ctx, l.ApplicationID)
		if o := client.Opening.GetX(ctx, a.OpeningID); o.IsConfidential {
			continue
		}
		edition := client.RubricVersion.GetX(ctx, *l.RubricVersionID)
		for _, seat := range i.QuerySeats().AllX(ctx) {
			if seat.MemberID != nil && !seat.IsShadow {
				w.Interviews = append(w.Interviews, calibration.Interview{Interviewer: w.interviewer(*seat.MemberID), EndedAt: *i.EndsAt})
			}
		}
		for _, c := range client.Scorecard.Query().Where(scorecard.InterviewID(i.ID), scorecard.StatusNEQ(scorecard.StatusVOID)).WithRevisions().AllX(ctx) {
			one := calibration.Card{
				Application: w.of(&w.Applications, a.ID.String()), Interviewer: w.interviewer(c.InterviewerID), Major: int32(edition.Semver[0] - '0'),
				Shadow: c.IsShadow, Status: rubric.ScorecardStatus(c.Status), EndedAt: *i.EndsAt, DueAt: *c.DueAt,
			}
			if c.SubmittedAt != nil {
				one.SubmittedAt = *c.SubmittedAt
			}
			if c.Status != scorecard.StatusDRAFT && !biased[a.ID] {
				first := slices.MinFunc(c.Edges.Revisions, func(a, b *db.ScorecardRevision) int { return a.Number - b.Number })
				if first.Recommendation != nil {
					one.Recommendation = rubric.Recommendation(*first.Recommendation)
				}
				for _, r := range first.QueryRatings().AllX(ctx) {
					if r.Rating != nil {
						w.Ratings = append(w.Ratings, calibration.Rating{Card: int32(len(w.Cards)), Signal: w.of(&w.Signals, r.Signal), Value: uint8(*r.Rating)})
					}
				}
			}
			w.Cards = append(w.Cards, one)
		}
		last := a.QueryDecisions().Where(decision.KindIn(decision.KindHIRE, decision.KindNO_HIRE)).Order(decision.ByDecidedAt()).AllX(ctx)
		n := w.of(&w.Applications, a.ID.String())
		known := slices.ContainsFunc(w.Decisions, func(one calibration.Decision) bool { return one.Application == n })
		if len(last) > 0 && !biased[a.ID] && !known {
			w.Decisions = append(w.Decisions, calibration.Decision{Application: n, Hire: last[len(last)-1].Kind == decision.KindHIRE})
		}
	}
}

// Two moments of a month tell others the same: what one card or decision changed is
// not theirs to know.
func TestCalibrationTellsOthersOnceAMonth(t *testing.T) {
	d := testdb.Engines()[0].Open(t, template, store.Options{})
	s := newService(d)
	for name, want := range map[string]time.Time{
		"admin": now, "recruiter": time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), "interviewer": time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC),
	} {
		for _, asked := range []*time.Time{nil, &now} {
			got, err := s.Calibration(access.WithViewer(t.Context(), viewerOf(t, d, name)), hiring.CalibrationInput{AsOf: asked})
			if err != nil {
				t.Fatal(err)
			}
			if !got.AsOf.Equal(want) {
				t.Errorf("the %s is told as of %s, want %s", name, got.AsOf, want)
			}
		}
	}
}
