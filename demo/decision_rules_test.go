package demo_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"hireloop/demo"
	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/scorecardrevision"
	"hireloop/internal/access"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
	"hireloop/rubric"
)

// What a decision froze is what the rubric makes of the cards as they stood then,
// and it departs from that as it says.
func TestDecisionsRestOnTheCardsOfTheirTime(t *testing.T) {
	builtin, err := rubric.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	eachWorld(t, func(t *testing.T, ctx context.Context, c *db.Client) {
		seen := map[string]int{}
		for _, d := range c.Decision.Query().WithLoop().WithDebrief(func(q *db.DebriefQuery) { q.WithResolutions() }).
			WithLevel().WithMakers().WithApplication(func(q *db.ApplicationQuery) {
			q.WithOpening(func(q *db.OpeningQuery) { q.WithTargetLevel().WithAllowedLevels() })
		}).AllX(ctx) {
			in := rubric.FitInput{Ladder: builtin.Ladder, Edition: builtin.Edition, Target: d.Edges.Application.Edges.Opening.Edges.TargetLevel.Key}
			for _, l := range d.Edges.Application.Edges.Opening.Edges.AllowedLevels {
				in.Allowed = append(in.Allowed, l.Key)
			}
			for _, card := range c.Scorecard.Query().Where(scorecard.LoopID(*d.LoopID)).WithRedFlags().AllX(ctx) {
				in.Cards = append(in.Cards, asOf(ctx, c, card, d.DecidedAt))
			}
			before, err := rubric.LevelFit(in)
			if err != nil {
				t.Fatal(err)
			}
			debrief := d.Edges.Debrief
			if before.RequiresDebrief != (debrief != nil) {
				t.Errorf("decision %s, to which belong %v, has a debrief: %v", d.ID, before.Attention, debrief != nil)
			}
			if debrief != nil {
				checkDebrief(t, debrief, before, d.DecidedAt)
				last := c.ScorecardRevision.Query().Where(scorecardrevision.RecordedAtLTE(d.DecidedAt), scorecardrevision.HasScorecardWith(
					scorecard.LoopID(*d.LoopID), scorecard.IsShadow(false), scorecard.SubmittedAtLTE(d.DecidedAt))).
					Order(db.Desc(scorecardrevision.FieldRecordedAt)).FirstX(ctx)
				if debrief.OpenedAt.Before(last.RecordedAt) {
					t.Errorf("debrief %s is of %s, what was decided on of %s", debrief.ID, debrief.OpenedAt, last.RecordedAt)
				}
				seen["debriefs"]++
				for _, r := range debrief.Edges.Resolutions {
					in.Resolved = append(in.Resolved, r.Signal)
					seen["resolutions"]++
				}
			}
			want, err := rubric.LevelFit(in)
			if err != nil {
				t.Fatal(err)
			}
			var frozen rubric.Fit
			if err := json.Unmarshal(d.LevelFit, &frozen); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(canonical(t, want), canonical(t, frozen)); diff != "" {
				t.Errorf("level fit of %s (-of the cards +frozen):\n%s", d.ID, diff)
			}
			checkVerdict(t, d, frozen)
			seen[fmt.Sprintf("%s, override: %v", d.Kind, d.IsOverride)]++
		}
		for _, want := range []string{"HIRE, override: false", "HIRE, override: true", "NO_HIRE, override: false", "NO_HIRE, override: true", "debriefs", "resolutions"} {
			if seen[want] == 0 {
				t.Errorf("there is no %s; there are %v", want, seen)
			}
		}
	})
}

func canonical(t *testing.T, v any) string {
	t.Helper()
	text, err := rubric.Canonical(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// asOf is a card as it stood then, from its rows.
func asOf(ctx context.Context, c *db.Client, row *db.Scorecard, then time.Time) rubric.Scorecard {
	card := rubric.Scorecard{ID: row.ID.String(), Interviewer: row.InterviewerID.String(), Shadow: row.IsShadow, Status: rubric.ScorecardDraft}
	if row.SubmittedAt == nil || row.SubmittedAt.After(then) {
		return card
	}
	card.Status = rubric.ScorecardSubmitted
	rev := c.ScorecardRevision.Query().Where(scorecardrevision.ScorecardID(row.ID), scorecardrevision.RecordedAtLTE(then)).
		WithRatings().Order(db.Desc(scorecardrevision.FieldNumber)).FirstX(ctx)
	card.Revision = rev.Number
	if rev.Recommendation != nil {
		card.Recommendation = rubric.Recommendation(*rev.Recommendation)
	}
	for _, x := range rev.Edges.Ratings {
		rating := rubric.Rating{Signal: x.Signal, Rating: x.Rating}
		if x.NotAssessed != nil {
			rating.NotAssessed = string(*x.NotAssessed)
		}
		card.Ratings = append(card.Ratings, rating)
	}
	for _, f := range row.Edges.RedFlags {
		o := rubric.Observation{RedFlag: f.RedFlag, Signal: f.Signal, Severity: rubric.Severity(f.Severity)}
		if f.ConfirmedAt != nil && !f.ConfirmedAt.After(then) {
			o.ConfirmedBy = f.ConfirmedByID.String()
		}
		card.RedFlags = append(card.RedFlags, o)
	}
	return card
}

// checkDebrief holds a debrief against the rules by which one is held.
func checkDebrief(t *testing.T, b *db.Debrief, fit rubric.Fit, decided time.Time) {
	t.Helper()
	if b.ClosedAt == nil || b.ClosedAt.Before(b.OpenedAt) || b.ClosedAt.After(decided) || b.Version != 2+len(b.Edges.Resolutions) {
		t.Errorf("debrief %s, of a decision of %s: %v", b.ID, decided, b)
	}
	var packet struct {
		LevelFit      rubric.Fit
		Signals       []rubric.SignalDisagreement
		Missing       []any
		MissingReason string
		Coverage      []rubric.CoverageReport
	}
	if err := json.Unmarshal(b.Packet, &packet); err != nil {
		t.Fatal(err)
	}
	if hash, err := rubric.Hash(b.Packet); err != nil || hash != b.PacketHash {
		t.Errorf("packet of %s has the hash %s (%v), not %s", b.ID, hash, err, b.PacketHash)
	}
	if diff := cmp.Diff(canonical(t, fit), canonical(t, packet.LevelFit)); diff != "" {
		t.Errorf("level fit before %s (-of the cards +frozen):\n%s", b.ID, diff)
	}
	if (len(packet.Missing) > 0) != (packet.MissingReason != "") || len(packet.Coverage) == 0 || packet.Coverage[0].Level != fit.Target {
		t.Errorf("packet of %s: %d missing for the reason %q, coverage of %v", b.ID, len(packet.Missing), packet.MissingReason, packet.Coverage)
	}
	for _, r := range b.Edges.Resolutions {
		disputed := func(s rubric.SignalDisagreement) bool { return s.Signal == r.Signal && s.AtOdds }
		if !slices.ContainsFunc(packet.Signals, disputed) || r.RecordedAt.Before(b.OpenedAt) || r.RecordedAt.After(*b.ClosedAt) || tooShort(r.Resolution) {
			t.Errorf("debrief %s settled %v", b.ID, r)
		}
	}
}

func tooShort(text string) bool { return utf8.RuneCountInString(text) < 30 }

// checkVerdict holds a decision against the rules by which one is recorded.
func checkVerdict(t *testing.T, d *db.Decision, fit rubric.Fit) {
	t.Helper()
	departs := fit.Outcome != rubric.NoHire
	if d.Kind == decision.KindHIRE {
		departs = d.Edges.Level.Key != fit.Level
		if !slices.ContainsFunc(d.Edges.Application.Edges.Opening.Edges.AllowedLevels, func(l *db.Level) bool { return l.ID == d.Edges.Level.ID }) {
			t.Errorf("decision %s is to hire at %s", d.ID, d.Edges.Level.Key)
		}
	}
	if d.IsOverride != departs || departs != (d.OverrideReason != nil) || departs && tooShort(*d.OverrideReason) {
		t.Errorf("decision %s, %s, departs from %s %q: %v; it says %v, because %v", d.ID, d.Kind, fit.Outcome, fit.Level, departs, d.IsOverride, d.OverrideReason)
	}
	if slices.Contains(fit.Attention, rubric.UnconfirmedFlag) {
		t.Errorf("decision %s was made while a blocking red flag waited", d.ID)
	}
	standing := 0
	for _, m := range d.Edges.Makers {
		if credited := d.Edges.Application.CreditedMemberID; credited != nil && *credited == m.MemberID {
			t.Errorf("%s decided about whom they brought in, in %s", m.MemberID, d.ID)
		}
		if !m.IsDissenting {
			standing++
		}
	}
	if standing < 2 || tooShort(d.Rationale) || (d.Dissent != "") != (standing < len(d.Edges.Makers)) || len(d.BasisHash) != 64 {
		t.Errorf("decision %s by %d of %d: %v", d.ID, standing, len(d.Edges.Makers), d)
	}
}

// Nobody interviews whom they brought in.
func TestInterviewersDoNotKnowTheCandidate(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, c *db.Client) {
		credited := 0
		for _, card := range c.Scorecard.Query().WithApplication().AllX(ctx) {
			by := card.Edges.Application.CreditedMemberID
			if by == nil {
				continue
			}
			credited++
			if *by == card.InterviewerID {
				t.Errorf("card %s is by who brought the candidate in", card.ID)
			}
		}
		if credited == 0 {
			t.Error("nobody is credited with anybody who was interviewed")
		}
	})
}

// Offers are as the verbs of offers leave them.
func TestOffersKeepTheirRules(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, c *db.Client) {
		if seen := checkOffers(t, ctx, c); seen[offer.StatusEXTENDED] == 0 || seen[offer.StatusACCEPTED] == 0 {
			t.Errorf("there are offers that are %v", seen)
		}
	})
	d := testdb.Engines()[0].Open(t, stocked(), store.Options{})
	if _, err := demo.Load(t.Context(), d, demo.Options{Applications: 12_000}); err != nil {
		t.Fatal(err)
	}
	seen := checkOffers(t, access.System(t.Context()), db.NewClient(db.Driver(d.Driver())))
	for _, state := range []offer.Status{offer.StatusEXTENDED, offer.StatusACCEPTED, offer.StatusDECLINED, offer.StatusEXPIRED} {
		if seen[state] == 0 {
			t.Errorf("of many offers none is %s: %v", state, seen)
		}
	}
}

// checkOffers counts the offers of each state.
func checkOffers(t *testing.T, ctx context.Context, c *db.Client) map[offer.Status]int {
	t.Helper()
	ended := []application.Status{application.StatusREJECTED, application.StatusWITHDRAWN}
	open := []offer.Status{offer.StatusDRAFT, offer.StatusAPPROVED, offer.StatusEXTENDED}
	answered := []offer.Status{offer.StatusACCEPTED, offer.StatusDECLINED, offer.StatusEXPIRED}
	states, revised := map[offer.Status]int{}, 0
	standing := map[string]int{}
	for _, o := range c.Offer.Query().WithVersions().WithApplication(func(q *db.ApplicationQuery) { q.WithDecisions() }).Order(offer.ByID()).AllX(ctx) {
		states[o.Status]++
		a, versions := o.Edges.Application, o.Edges.Versions
		slices.SortFunc(versions, func(a, b *db.OfferVersion) int { return a.Number - b.Number })
		present := versions[len(versions)-1]
		if len(versions) > 1 {
			revised++
		}
		approved, told, settled := o.ApprovedAt != nil, o.ExtendedAt != nil, o.ResolvedAt != nil
		switch {
		case approved != (o.ApprovedByID != nil), told && !approved, settled == slices.Contains(open, o.Status),
			o.Status == offer.StatusDRAFT && approved,
			o.Status == offer.StatusAPPROVED && (!approved || told),
			(o.Status == offer.StatusEXTENDED || slices.Contains(answered, o.Status)) && !told:
			t.Errorf("offer %s contradicts itself: %v", o.ID, o)
			continue
		}
		if approved && (*o.ApprovedByID == *present.AuthorID || o.ApprovedAt.Before(present.RecordedAt)) {
			t.Errorf("offer %s, by %s at %s, was approved by %s at %s", o.ID, *present.AuthorID, present.RecordedAt, *o.ApprovedByID, o.ApprovedAt)
		}
		if told && (o.ExtendedAt.Before(*o.ApprovedAt) || settled && o.ResolvedAt.Before(*o.ExtendedAt) || !present.ExpiresAt.After(*o.ExtendedAt)) {
			t.Errorf("offer %s has its times in no order: %v, until %s", o.ID, o, present.ExpiresAt)
		}
		if o.Status == offer.StatusACCEPTED && !present.ExpiresAt.After(*o.ResolvedAt) || o.Status == offer.StatusEXPIRED && present.ExpiresAt.After(*o.ResolvedAt) {
			t.Errorf("offer %s, until %s, was %s at %s", o.ID, present.ExpiresAt, o.Status, o.ResolvedAt)
		}
		if why := o.Status == offer.StatusDECLINED || o.Status == offer.StatusRESCINDED; why != (o.ResolutionReason != nil) {
			t.Errorf("offer %s is %s, for a reason: %v", o.ID, o.Status, o.ResolutionReason != nil)
		}
		if slices.Contains(ended, a.Status) && (!settled || o.Status == offer.StatusACCEPTED) {
			t.Errorf("offer %s is %s, its application %s", o.ID, o.Status, a.Status)
		}
		if (o.Status == offer.StatusACCEPTED) != (a.Status == application.StatusHIRED) {
			t.Errorf("offer %s is %s, its application %s", o.ID, o.Status, a.Status)
		}
		checkOffered(t, o, present)
		if !settled || o.Status == offer.StatusACCEPTED {
			standing[a.ID.String()]++
		}
	}
	if most := slices.Max(slices.Collect(maps.Values(standing))); most > 1 {
		t.Errorf("an application has %d offers that are open or accepted", most)
	}
	if revised == 0 {
		t.Error("no terms were ever changed")
	}
	hired := c.Application.Query().Where(application.StatusEQ(application.StatusHIRED)).CountX(ctx)
	if states[offer.StatusACCEPTED] != hired {
		t.Errorf("%d offers were accepted, %d people hired", states[offer.StatusACCEPTED], hired)
	}
	return states
}

// checkOffered holds the level of an offer against what was decided before it.
func checkOffered(t *testing.T, o *db.Offer, present *db.OfferVersion) {
	t.Helper()
	var decided *db.Decision
	for _, d := range o.Edges.Application.Edges.Decisions {
		if !d.DecidedAt.After(o.CreatedAt) && (decided == nil || d.DecidedAt.After(decided.DecidedAt)) {
			decided = d
		}
	}
	toHire := decided != nil && decided.Kind == decision.KindHIRE
	if toHire == (o.WithoutDecisionReason != nil) {
		t.Errorf("offer %s, after a decision to hire: %v, was made without one because %v", o.ID, toHire, o.WithoutDecisionReason)
	}
	if toHire && *decided.LevelID != *present.LevelID && present.Reason == nil {
		t.Errorf("offer %s is at another level than decided, for no reason", o.ID)
	}
}
