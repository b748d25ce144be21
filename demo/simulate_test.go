package demo

import (
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"hireloop/funnel"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

func storyEnd() time.Time { return time.Date(2026, 3, 4, 15, 30, 0, 0, time.UTC) }

// near fails unless got is within so much of want.
func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within || math.IsNaN(got) {
		t.Errorf("%s = %.4f, want %.4f ± %.4f", what, got, want, within)
	}
}

func share(n, of int) float64 { return float64(n) / float64(of) }

// TestApplicationsConvertAsInPublicFigures tells 200,000 stories, so that the
// rarest figure, hires, is known to some percent. The wanted figures per origin
// are themselves known to a fifth only.
func TestApplicationsConvertAsInPublicFigures(t *testing.T) {
	const all = 200_000
	r, began := newRandom(1, 1), storyEnd().Add(-600*day)
	var from, hires [6]int
	var entered, passed, rejected, withdrawn [6]int
	var toHire []float64
	back, again, referrals, jumped := 0, 0, 0, 0
	for range all {
		origin := arrivingFrom(r, course{})
		s := tell(r, origin, began, em, false)
		h, err := s.history()
		if err != nil {
			t.Fatal(err)
		}
		from[origin]++
		if origin == referral && len(h.Visits) > 1 {
			referrals++
			jumped += len(h.Visits[1].Skipped)
		}
		furthest := 0
		for _, v := range h.Visits {
			furthest = max(furthest, v.Stage)
			if v.Outcome == funnel.MovedBack {
				back++
			}
		}
		for stage := 0; stage <= furthest; stage++ {
			entered[stage]++
			if stage < furthest {
				passed[stage]++
			}
		}
		switch h.Status {
		case funnel.StatusHired:
			hires[origin]++
			toHire = append(toHire, h.ClosedAt.Sub(began).Hours()/24)
		case funnel.StatusRejected:
			rejected[h.Stage]++
		case funnel.StatusWithdrawn:
			withdrawn[h.Stage]++
		default:
			t.Fatalf("a story told to its end is %s", h.Status)
		}
		if slices.ContainsFunc(s.log, func(e happening) bool { return e.Kind == funnel.Reopen }) {
			again++
		}
	}
	for origin, want := range []float64{.68, .14, .06, .085, .025, .01} {
		near(t, origins()[origin].habits().kind+" share", share(from[origin], all), want, .005)
	}
	hired := 0
	for _, n := range hires {
		hired += n
	}
	near(t, "applications per hire", all/float64(hired), 147, 12)
	near(t, "inbound hires", share(hires[inbound], from[inbound]), .0033, .0005)
	near(t, "referral hires", share(hires[referral], from[referral]), .023, .005)
	near(t, "sourced hires", share(hires[sourced], from[sourced]), .022, .004)
	near(t, "organic applications", share(from[inbound]+from[jobBoard], all), .82, .01)
	near(t, "organic hires", share(hires[inbound]+hires[jobBoard], hired), .37, .05)
	for stage, want := range []float64{.20, .43, .40, .27, .80} {
		near(t, []string{"applied", "recruiter screen", "manager screen", "onsite", "offer"}[stage]+" conversion",
			share(passed[stage], entered[stage]), want, .02)
	}
	for stage, want := range []float64{.10, .15, .18, .15, .95} {
		near(t, "withdrawals among exits", share(withdrawn[stage], withdrawn[stage]+rejected[stage]), want, .025)
	}
	slices.Sort(toHire)
	near(t, "median days to hire", toHire[len(toHire)/2], 40, 4)
	near(t, "p90 days to hire", toHire[len(toHire)*9/10], 64, 8)
	near(t, "moved back, of those at a screen or beyond", share(back, passed[recruiterScreen]), movedBack*1.4, .006)
	near(t, "reopened", share(again, all), reopened, .002)
	near(t, "referrals that jump", share(jumped, referrals), jumps, .01)
}

// pureContent is the built-in content without a database.
func pureContent(t testing.TB) *content {
	t.Helper()
	builtin, err := rubric.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	c := &content{builtin: builtin, redFlags: map[string][]redFlag{}, plans: map[string]interviewPlan{}}
	if c.words, err = readWords(); err != nil {
		t.Fatal(err)
	}
	if c.evidence, err = readEvidence(c.words); err != nil {
		t.Fatal(err)
	}
	for _, s := range builtin.Edition.Signals {
		c.signals = append(c.signals, s.Key)
		for _, f := range s.RedFlags {
			c.redFlags[s.Key] = append(c.redFlags[s.Key], redFlag{f.Key, string(f.Severity)})
		}
	}
	for _, p := range builtin.Plans {
		var sessions []plannedSession
		for _, s := range p.Sessions {
			sessions = append(sessions, plannedSession{s.Key, s.Name, s.Minutes, s.Seats, s.FocusSignals})
		}
		c.plans[p.Level] = interviewPlan{sessions: sessions}
	}
	return c
}

func pureIDs() *gid.Generator { return gid.NewGenerator(storyEnd, randomBytes(1)) }

// purePanel is everybody of a small company, for one level.
func purePanel(t testing.TB, r random, level string) *panel {
	t.Helper()
	names, err := newNamer()
	if err != nil {
		t.Fatal(err)
	}
	company := found(r, names, 1, storyEnd().Add(-600*day))
	ids := pureIDs()
	for _, m := range company.members {
		m.id = ids.At(gid.Member, m.joined)
	}
	k := company.circles[0]
	c := pureContent(t)
	return &panel{
		plan: c.plans[level].sessions, manager: k.managers[0], recruiter: k.recruiters[0],
		bySeat: k.bySeat, all: k.all, gates: c.gates(level), content: c,
	}
}

func TestScorecardsRateAsInterviewersDo(t *testing.T) {
	var ratings [5]int
	var cards, onTime, never, amended, cautions, silent, interviews, missed int
	for seed := range uint64(12) { // as many companies, since its two dozen people differ
		r := newRandom(1+seed, 1)
		p := purePanel(t, r, em)
		for n := 0; n < 250; {
			s := tell(r, inbound, storyEnd().Add(-590*day), em, false)
			h, err := s.history()
			if err != nil {
				t.Fatal(err)
			}
			if s.stays = h.Visits; h.Stage < onsite || h.Status == funnel.StatusWithdrawn {
				continue
			}
			n++
			for _, i := range p.loop(r, s, h, storyEnd()).sessions {
				interviews++
				if i.status == "NO_SHOW" {
					missed++
					continue
				}
				for _, c := range i.cards {
					cards++
					if c.submitted.IsZero() {
						never++
						continue
					}
					if !c.submitted.After(c.due) {
						onTime++
					}
					if len(c.revisions) > 1 {
						amended++
					}
					if c.revisions[0].recommendation == "" {
						silent++
					}
					if slices.ContainsFunc(c.flags, func(f flag) bool { return f.Severity == "CAUTION" }) {
						cautions++
					}
					for _, x := range c.revisions[0].ratings {
						ratings[x.value]++
					}
				}
			}
		}
	}
	rated := ratings[1] + ratings[2] + ratings[3] + ratings[4]
	for value, want := range []float64{0, .10, .34, .40, .17} {
		if value > 0 {
			near(t, "share of a rating", share(ratings[value], rated), want, .035)
		}
	}
	near(t, "mean rating", share(ratings[1]+2*ratings[2]+3*ratings[3]+4*ratings[4], rated), 2.63, .1)
	near(t, "not assessed", share(ratings[0], rated+ratings[0]), .06, .01)
	near(t, "on time", share(onTime, cards-never), .79, .03)
	near(t, "never handed in", share(never, cards), .03, .01)
	near(t, "amended", share(amended, cards), .04, .01)
	near(t, "without advice", share(silent, cards), .04, .01)
	near(t, "with a caution", share(cautions, cards), .035, .01) // not every interview has such a flag
	near(t, "no-shows", share(missed, interviews), noShow, .004)
}

// Whom the company hires is better than whom it lets go, in the same ratings, and
// most decisions are what the level fit suggests.
func TestDecisionsFollowTheEvidence(t *testing.T) {
	r, ids := newRandom(1, 1), pureIDs()
	p := purePanel(t, r, seniorEM)
	levels := []string{em, seniorEM}
	means := map[string][]int{}
	all, down, overrides, debriefs := 0, 0, 0, 0
	offers := map[string]int{}
	for range 4000 {
		s := tell(r, internal, storyEnd().Add(-590*day), seniorEM, false)
		h, err := s.history()
		if err != nil {
			t.Fatal(err)
		}
		s.stays = h.Visits
		l := p.loop(r, s, h, storyEnd())
		if l == nil {
			continue
		}
		l.identify(ids)
		d, err := p.decide(r, s, l, h, levels)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range p.offers(r, s, h, d, seniorEM, pay{10_000_000, 13_000_000, "EUR"}, storyEnd()) {
			offers[f.status]++
		}
		if d == nil {
			continue
		}
		all++
		if len(d.makers) < 2 {
			t.Fatalf("%d people decided", len(d.makers))
		}
		sum := 0
		list := l.means(d.at, p.signals)
		for _, m := range list {
			sum += m.hundredths
		}
		means[d.kind] = append(means[d.kind], sum/len(list))
		if d.level == em {
			down++
		}
		if d.override != "" {
			overrides++
		}
		if d.debrief != nil {
			debriefs++
		}
	}
	average := func(kind string) float64 {
		sum := 0
		for _, m := range means[kind] {
			sum += m
		}
		return share(sum, len(means[kind])*100)
	}
	if len(means) != 2 || average("HIRE") < average("NO_HIRE")+.4 {
		t.Errorf("means %.2f hired, %.2f not, of %v", average("HIRE"), average("NO_HIRE"), slices.Sorted(maps.Keys(means)))
	}
	near(t, "hired at the lower level", share(down, len(means["HIRE"])), .27, .08)
	near(t, "overrides", share(overrides, all), .40, .08)
	near(t, "debriefs", share(debriefs, all), .90, .07)
	made := offers["ACCEPTED"] + offers["DECLINED"] + offers["EXPIRED"] + offers["RESCINDED"]
	for state, want := range map[string]float64{"ACCEPTED": .80, "DECLINED": .16, "EXPIRED": .03, "RESCINDED": .01} {
		near(t, state+" offers", share(offers[state], made), want, .06)
		if offers[state] == 0 {
			t.Errorf("no offer is %s", state)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	r, ids := newRandom(1, 1), pureIDs()
	p := purePanel(b, r, seniorEM)
	w := &writer{content: p.content, ids: ids}
	w.tables = newTables()
	var s *story
	var l *loop
	var h funnel.History
	for l == nil {
		s = tell(r, internal, storyEnd().Add(-590*day), seniorEM, true)
		h, _ = s.history()
		s.stays = h.Visits
		l = p.loop(r, s, h, storyEnd())
	}
	l.identify(ids)
	b.ReportAllocs()
	for b.Loop() {
		d, err := p.decide(r, s, l, h, []string{em, seniorEM})
		if err != nil {
			b.Fatal(err)
		}
		if err := w.writeDecision(l.id, l, d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTell(b *testing.B) {
	r, began := newRandom(1, 1), storyEnd().Add(-400*day)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tell(r, arrivingFrom(r, course{}), began, em, false).history(); err != nil {
			b.Fatal(err)
		}
	}
}
