package demo

import (
	"fmt"
	"time"

	"hireloop/funnel"
)

// The stages of the default pipeline, by position.
const (
	applied = iota
	recruiterScreen
	managerScreen
	onsite
	offered
	hired
)

// origin is where an application came from.
type origin int

const (
	inbound origin = iota
	jobBoard
	referral
	sourced
	agency
	internal
)

// habits are what tells applications of one origin from those of another.
type habits struct {
	kind  string  // of its source
	share float64 // of all applications
	first int     // stage in which it begins
	read  float64 // chance to get from applied to the recruiter's screen
	odds  float64 // multiplies the odds to pass every later stage
}

func (o origin) habits() habits {
	return [...]habits{
		inbound:  {"INBOUND", .68, applied, .075, 1},
		jobBoard: {"JOB_BOARD", .14, applied, .045, .85},
		referral: {"REFERRAL", .06, applied, .40, 1.25},
		sourced:  {"SOURCED", .085, recruiterScreen, 1, .75},
		agency:   {"AGENCY", .025, recruiterScreen, 1, .75},
		internal: {"INTERNAL", .01, recruiterScreen, 1, 1.10},
	}[o]
}

// origins are all of them, in order.
func origins() []origin { return []origin{inbound, jobBoard, referral, sourced, agency, internal} }

// custom is what usually happens in a stage.
type custom struct {
	pass     float64       // chance to get further, before the origin's odds
	withdraw float64       // share of the candidates among those who end it
	median   time.Duration // of a stay that leads further
	sigma    float64
}

func customs(stage int) custom {
	return [...]custom{
		applied:         {0, .10, 4 * day, .9},
		recruiterScreen: {.45, .15, 6 * day, .7},
		managerScreen:   {.42, .18, 7 * day, .7},
		onsite:          {.28, .15, 13 * day, .5},
		offered:         {.80, .95, 5 * day, .6}, // declined .16, expired .03, rescinded .01
	}[stage]
}

const (
	slowNo     = 1.25 // a no takes that much longer than a yes
	movedBack  = .03  // chance at each screen to have come too early
	reopened   = .02  // chance of an ended application to be taken up again
	jumps      = .05  // chance of a referral to jump over the recruiter's screen
	forgotten  = .012 // chance of a stay to be forgotten …
	neglect    = 8    // … and to last that much longer
	enteredOff = .012 // chance of an application to have a wrong entry, mended
	lateEntry  = .04  // chance of an event to be entered later than it happened
)

// cause is why an application ended.
type cause int

const (
	noCause cause = iota
	lacksSkills
	otherLevel
	lacksExperience
	otherCause
	seatsGone
	tookOther
	wantsMore
	tooFar
	lostInterest
	noAnswer
	rescinded
)

// actor is who did something.
type actor int

const (
	nobody actor = iota
	recruiter
	manager
)

// happening is an entry in an application's log.
type happening struct {
	funnel.Entry
	recorded time.Time
	by       actor
	why      cause
	note     string // name of a list of words to take the reason from
}

// story is what happens to one application.
type story struct {
	from   origin
	talent talent
	log    []happening
	stays  []funnel.Visit // as they would be if the story went on to its end

	credited *member // with having brought the candidate in; nil for nobody
	underway bool    // with a part of the onsite over and the rest to come
}

// arrived is when it began.
func (s *story) arrived() time.Time { return s.log[0].At }

// tell simulates one application to its end, however far in the future. surely
// means that the candidate is hired, without detours.
func tell(r random, from origin, at time.Time, level string, surely bool) *story {
	habits := from.habits()
	s := &story{from: from, talent: newTalent(r, level, surely)}
	stage := habits.first
	by := recruiter
	if stage == applied {
		by = nobody
	}
	s.add(happening{Entry: entering(stage, at), by: by})
	jumping := from == referral && !surely && r.chance(jumps)
	var wasBack, wasReopened bool
	for stage < hired {
		usual := customs(stage)
		stay := usual.median
		if !surely {
			stay = r.lasting(usual.median, usual.sigma)
			if r.chance(forgotten) {
				stay *= neglect
			}
		}
		if surely || s.passes(r, stage, habits) {
			next, note := stage+1, ""
			if jumping && next == recruiterScreen {
				next, note = managerScreen, "skips"
			}
			at = r.office(at.Add(stay), at)
			s.add(happening{Entry: entering(next, at), by: recruiter, note: note})
			if (next == managerScreen || next == onsite) && !wasBack && !surely && r.chance(movedBack) {
				wasBack = true
				at = s.detour(r, next, at)
			}
			stage = next
			continue
		}
		at = r.office(at.Add(time.Duration(float64(stay)*slowNo)), at)
		s.add(ending(r, stage, at, usual))
		if wasReopened || stage == offered || !r.chance(reopened) {
			break
		}
		wasReopened = true
		at = r.office(at.Add(r.lasting(20*day, .6)), at)
		s.add(happening{
			Entry: funnel.Entry{Event: funnel.Event{Kind: funnel.Reopen, Stage: stage, At: at}},
			by:    recruiter, note: "reopenings",
		})
	}
	return s
}

// passes decides whether the stage is passed. Interviews look at the talent:
// the better, the likelier, while the share that passes is the custom's.
func (s *story) passes(r random, stage int, h habits) bool {
	if stage == applied {
		return r.chance(h.read)
	}
	p := customs(stage).pass
	odds := p / (1 - p) * h.odds
	p = odds / (1 + odds)
	switch stage {
	case managerScreen:
		return s.talent.screened(r, p)
	case onsite:
		return s.talent.chosen(r, p)
	}
	return r.chance(p)
}

// detour moves the application back by a stage and forward again.
func (s *story) detour(r random, stage int, at time.Time) time.Time {
	at = r.office(at.Add(r.lasting(2*day, .5)), at)
	s.add(happening{Entry: entering(stage-1, at), by: recruiter, note: "returns"})
	at = r.office(at.Add(r.lasting(customs(stage-1).median, .5)), at)
	s.add(happening{Entry: entering(stage, at), by: recruiter})
	return at
}

func entering(stage int, at time.Time) funnel.Entry {
	return funnel.Entry{Event: funnel.Event{Kind: funnel.Enter, Stage: stage, At: at}}
}

// ending ends an application without a hire.
func ending(r random, stage int, at time.Time, usual custom) happening {
	h := happening{Entry: funnel.Entry{Event: funnel.Event{Kind: funnel.Reject, At: at}}, by: recruiter}
	switch {
	case stage == offered && !r.chance(usual.withdraw):
		h.by, h.why = manager, rescinded
	case stage == offered:
		h.Kind = funnel.Withdraw
		h.why = [...]cause{tookOther, wantsMore, lostInterest, noAnswer}[r.weighted(.45, .30, .09, .16)]
	case r.chance(usual.withdraw):
		h.Kind = funnel.Withdraw
		h.why = [...]cause{tookOther, wantsMore, tooFar, lostInterest, noAnswer}[r.weighted(.40, .10, .10, .25, .15)]
	default:
		h.why = [...]cause{lacksSkills, otherLevel, lacksExperience, otherCause}[r.weighted(.45, .20, .20, .15)]
		if stage >= managerScreen {
			h.by = manager
		}
	}
	return h
}

func (s *story) add(h happening) {
	h.Quality = funnel.Recorded
	h.Sequence = len(s.log) + 1
	h.recorded = h.At
	s.log = append(s.log, h)
}

// convinces reports whether the onsite ends with an offer.
func (s *story) convinces() bool {
	stay, came := lastStay(s.stays, onsite)
	return came && (stay.Outcome == funnel.Advanced || stay.Outcome == funnel.Hired)
}

// tellPresent is a story that stands in a stage now, the onsite or the one after:
// it came there some days ago, and would go on to a hire.
func tellPresent(r random, at, now time.Time, level string, in int) *story {
	s := &story{from: inbound, talent: newTalent(r, level, true), underway: in == onsite}
	s.add(happening{Entry: entering(applied, at)})
	days := [...]time.Duration{recruiterScreen: -17, managerScreen: -12, onsite: -6, offered: 9, hired: 15} // from now
	if in == offered {
		days = [...]time.Duration{recruiterScreen: -32, managerScreen: -26, onsite: -18, offered: -4, hired: 8}
	}
	for stage, days := range days {
		if stage > applied {
			at = r.office(now.Add(days*day), at)
			s.add(happening{Entry: entering(stage, at), by: recruiter})
		}
	}
	return s
}

// hiredAt is when the story ends in a hire, zero when it does not.
func (s *story) hiredAt() time.Time {
	if last := s.log[len(s.log)-1]; last.Kind == funnel.Enter && last.Stage == hired {
		return last.At
	}
	return time.Time{}
}

// cut keeps what has happened until now, and remembers the stays of the whole.
func (s *story) cut(now time.Time) error {
	whole, err := s.history()
	if err != nil {
		return err
	}
	s.stays = whole.Visits
	for i, h := range s.log {
		if h.At.After(now) {
			s.log = s.log[:i]
			break
		}
	}
	return nil
}

// entryErrors makes a few events late to be entered, and a few entered wrongly
// and mended, all by now.
func (s *story) entryErrors(r random, now time.Time) {
	for i := range s.log {
		if s.log[i].by == nobody || !r.chance(lateEntry) {
			continue
		}
		limit := now
		if i+1 < len(s.log) {
			limit = s.log[i+1].At
		}
		if late := s.log[i].At.Add(r.lasting(14*time.Hour, .8)); late.Before(limit) {
			s.log[i].recorded = late
		}
	}
	if r.chance(enteredOff) {
		s.mend(r, now)
	}
}

// mend adds an entry that was wrong, and its correction, behind a random one.
func (s *story) mend(r random, now time.Time) {
	i := r.IntN(len(s.log))
	before, limit := s.log[i], now
	if i+1 < len(s.log) {
		limit = s.log[i+1].At
	}
	if before.Kind != funnel.Enter && before.Kind != funnel.Reopen || before.Stage == hired ||
		limit.Sub(before.recorded) < 3*day {
		return
	}
	at := r.within(before.recorded.Add(time.Hour), limit.Add(-2*day))
	wrong := happening{
		Entry:    funnel.Entry{Event: funnel.Event{Kind: funnel.Reject, At: at}},
		recorded: at, by: recruiter, why: otherCause,
	}
	mended := happening{ // did not happen at all
		Entry:    funnel.Entry{Event: funnel.Event{Kind: funnel.Reject, At: at}, Void: true},
		recorded: at.Add(40 * time.Minute), by: recruiter, note: "mistakes",
	}
	wrong.Quality, mended.Quality = funnel.Recorded, funnel.Recorded
	after := append([]happening{}, s.log[i+1:]...)
	s.log = append(append(s.log[:i+1], wrong, mended), after...)
	for n := range s.log {
		s.log[n].Sequence = n + 1
	}
	s.log[i+2].Corrects = i + 2 // the sequence of wrong
}

// decline turns the hire at the end of the story into a declined offer.
func (s *story) decline(r random) {
	last := &s.log[len(s.log)-1]
	last.Event = funnel.Event{Kind: funnel.Withdraw, At: last.At, Quality: last.Quality}
	last.why = [...]cause{tookOther, wantsMore}[r.IntN(2)]
}

// history is what the log says, by the rules that hold for every application.
func (s *story) history() (funnel.History, error) {
	entries := make([]funnel.Entry, len(s.log))
	for i, h := range s.log {
		entries[i] = h.Entry
	}
	h, err := funnel.Replay(funnel.Corrected(entries), hired)
	if err != nil {
		return h, fmt.Errorf("an impossible story: %w", err)
	}
	return h, nil
}
