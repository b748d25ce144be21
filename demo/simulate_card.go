package demo

import (
	"slices"
	"time"

	"hireloop/funnel"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

// card is an interviewer's scorecard.
type card struct {
	id        gid.ID
	by        *member
	shadow    bool
	status    string
	void      string // why it does not count
	voided    time.Time
	due       time.Time
	submitted time.Time // zero while a draft
	revisions []revision
	flags     []flag
}

// revision is a card as it once stood.
type revision struct {
	at             time.Time
	reason         string
	afterReveal    bool
	recommendation string // "" for none
	summary        string
	ratings        []rating
}

// rating is a signal's rating, or why there is none.
type rating struct {
	signal      string
	value       int // 0 when not assessed
	notAssessed string
	evidence    string
	kind        string // of the evidence
	unplanned   bool
}

// flag is a red flag that was seen.
type flag struct {
	signal string
	redFlag
	evidence    string
	confirmed   time.Time // zero when it was not
	confirmedBy *member
}

const (
	neverHandsIn = .03
	missedGate   = .02 // chance not to come to a must-have: people see to those first
	missedOther  = .11 // chance not to come to another signal
	offPlan      = .05 // chance of a card to rate something that was not asked for
	amends       = .04
	sawOthers    = .25 // share of the amendments made after the reveal
	noAdvice     = .04
	begunDraft   = .30 // chance of a card that is due to have been begun
)

// fillIn adds the cards of an interview, which is also asked for signals that
// earlier ones left open. The answer is what is open after it.
func (p *panel) fillIn(r random, s *story, i *session, h funnel.History, asked []string, now time.Time) (left []string) {
	if i.status == "PLANNED" {
		return asked
	}
	var decided time.Time // about the onsite
	if stay, came := lastStay(s.stays, onsite); came {
		decided = stay.ExitedAt
	}
	for _, seat := range i.seats {
		c := card{by: seat.member, shadow: seat.shadow, status: "DRAFT", due: hiring.Norms{}.Due(i.ends)}
		// People hand in on working days.
		handsIn := hiring.Norms{ScorecardDue: r.lasting(9*time.Hour, 1.2)}.Due(i.ends)
		never := r.chance(neverHandsIn)
		if reminded := decided.Add(-time.Hour); reminded.After(i.ends) {
			handsIn = earlier(handsIn, reminded)
		}
		if s.underway {
			never = seat.member == p.owing
			handsIn = earlier(handsIn, now)
		}
		withdrawn := h.Status == funnel.StatusWithdrawn && handsIn.After(h.ClosedAt)
		switch {
		case i.status == "NO_SHOW":
			c.status, c.void, c.voided = "VOID", "NO_SHOW", i.ends
		case withdrawn:
			c.status, c.void, c.voided = "VOID", "CANDIDATE_WITHDREW", h.ClosedAt
		case i.status == "CANCELLED":
			c.status, c.void, c.voided = "VOID", "CANCELLED", i.called
		case i.status == "COMPLETED" && !never && !handsIn.After(now):
			c.status, c.submitted = "SUBMITTED", handsIn
			c.revisions = []revision{p.judge(r, s, i, seat.member, handsIn, asked)}
			if !seat.shadow {
				left, asked = append(left, c.revisions[0].leftOpen()...), nil
			}
			p.watch(r, s, i, &c, now)
			if r.chance(amends) {
				p.amend(r, &c, now)
			}
		case i.status == "COMPLETED" && r.chance(begunDraft):
			begun := p.judge(r, s, i, seat.member, i.ends.Add(10*time.Minute), nil)
			begun.ratings = begun.ratings[:1+r.IntN(len(begun.ratings))]
			begun.recommendation, begun.summary = "", ""
			if begun.at.Before(now) {
				c.revisions = []revision{begun}
			}
		}
		i.cards = append(i.cards, c)
	}
	left = append(left, asked...)
	slices.Sort(left)
	return slices.Compact(left)
}

// leftOpen are the signals that the card was to assess and did not.
func (rev *revision) leftOpen() (list []string) {
	for _, x := range rev.ratings {
		if x.value == 0 {
			list = append(list, x.signal)
		}
	}
	return list
}

// judge is what a member makes of a candidate in an interview, which is also
// asked for signals that earlier ones left open.
func (p *panel) judge(r random, s *story, i *session, by *member, at time.Time, asked []string) revision {
	rev := revision{at: at}
	impression := by.leniency + r.normal(0, haloSpread)
	sum, rated := 0, 0
	rate := func(signal string, unplanned bool) {
		x := rating{signal: signal, unplanned: unplanned}
		missed := missedOther
		if p.gates[signal] {
			missed = missedGate
		}
		if !unplanned && r.chance(missed) {
			x.notAssessed = [...]string{"NO_TIME", "NOT_ASKED", "NO_SIGNAL"}[r.weighted(.60, .25, .15)]
		} else {
			x.value = clampRating(s.talent.at(r, signal) + impression + r.normal(0, ratingSpread))
			x.evidence = p.evidence.of(r, signal, x.value)
			x.kind = [...]string{"OBSERVED", "CLAIMED", "ARTEFACT"}[r.weighted(.35, .60, .05)]
			sum, rated = sum+x.value, rated+1
		}
		rev.ratings = append(rev.ratings, x)
	}
	for _, signal := range i.signals {
		rate(signal, false)
	}
	for _, signal := range asked {
		if !i.asksFor(signal) {
			rate(signal, true)
		}
	}
	if r.chance(offPlan) && len(asked) == 0 {
		if extra := pick(r, p.signals); !i.asksFor(extra) {
			rate(extra, true)
		}
	}
	rev.summary = p.words.any(r, "summaries")
	if rated > 0 && !r.chance(noAdvice) {
		switch mean := float64(sum)/float64(rated) + r.normal(0, .3); {
		case mean < 1.8:
			rev.recommendation = "STRONG_NO"
		case mean < 2.5:
			rev.recommendation = "NO"
		case mean < 3.3:
			rev.recommendation = "YES"
		default:
			rev.recommendation = "STRONG_YES"
		}
	}
	return rev
}

// watch adds the red flags that the member saw.
func (p *panel) watch(r random, s *story, i *session, c *card, now time.Time) {
	for _, seen := range []struct {
		severity string
		chance   float64
	}{{"CAUTION", .04}, {"BLOCKING", .002}, {"NOTE", .02}} {
		if !r.chance(seen.chance) || seen.severity == "BLOCKING" && s.convinces() {
			continue
		}
		var possible []flag
		for _, signal := range i.signals {
			for _, f := range p.redFlags[signal] {
				if f.Severity == seen.severity {
					possible = append(possible, flag{signal: signal, redFlag: f})
				}
			}
		}
		if len(possible) == 0 {
			continue
		}
		f := pick(r, possible)
		f.evidence = p.evidence.of(r, f.signal, 1)
		if seen.severity == "BLOCKING" && r.chance(.5) {
			if at := r.office(c.submitted.Add(day), c.submitted); at.Before(now) {
				f.confirmed, f.confirmedBy = at, p.recruiter // who observes nobody
			}
		}
		c.flags = append(c.flags, f)
	}
}

// amend appends a revision that changes one rating.
func (p *panel) amend(r random, c *card, now time.Time) {
	at := r.office(c.submitted.Add(r.lasting(30*time.Hour, .6)), c.submitted)
	if at.After(now) {
		return
	}
	first := c.revisions[0]
	rev := revision{
		at: at, reason: p.words.any(r, "amendments"), afterReveal: r.chance(sawOthers),
		recommendation: first.recommendation, summary: first.summary,
		ratings: append([]rating{}, first.ratings...),
	}
	x := &rev.ratings[r.IntN(len(rev.ratings))]
	if x.value == 0 {
		x.notAssessed, x.value = "", 3
	} else if x.value += 1 - 2*r.IntN(2); x.value == 0 || x.value == 5 {
		x.value = min(3, max(2, x.value))
	}
	x.evidence = p.evidence.of(r, x.signal, x.value)
	x.kind = "CLAIMED"
	c.revisions, c.status = append(c.revisions, rev), "AMENDED"
}
