package demo

import (
	"encoding/json"
	"strings"
	"time"

	"hireloop/funnel"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

// writeApplication simulates what hangs on a story and writes all of it.
func (w *writer) writeApplication(r random, o *liveOpening, s *story, people *people) error {
	h, err := s.history()
	if err != nil {
		return err
	}
	first, last := s.log[0], s.log[len(s.log)-1]
	created := first.recorded
	p := people.applicant(r, o.number, s.from, created)
	if p.id.IsNil() {
		w.writeCandidate(p, created)
	}
	id := w.ids.At(gid.Application, created)
	if h.Status == funnel.StatusHired {
		o.filledBy[s] = id
	}
	switch s.from {
	case referral:
		s.credited = pick(r, o.panel.all)
	case sourced:
		s.credited = o.recruiter
	}
	loop := o.panel.loop(r, s, h, w.now)
	active := first.At
	for _, e := range s.log {
		active = later(active, e.At)
	}
	if loop != nil {
		active = later(active, loop.handedIn())
	}
	var credited any
	if s.credited != nil {
		credited = s.credited.id
	}
	level := o.level
	if len(o.levels) > 1 && r.chance(.15) {
		level = o.levels[0]
	}
	var why any
	if c := s.lastCause(); c != noCause && h.Status != funnel.StatusActive {
		why = w.reasons[c]
	}
	w.add(&w.applications, id, created, later(created, last.recorded), p.id, o.id,
		w.sourceOf(r, s.from), credited, o.stages[h.Stage], string(h.Status),
		h.Visits[0].EnteredAt, h.EnteredAt, active, moment(h.ClosedAt), why, w.levels[level], len(s.log))
	w.writeHistory(r, o, id, s, h)
	w.writeDemographics(id, p.id, created)
	if loop != nil {
		loop.identify(w.ids)
		decision, err := o.panel.decide(r, s, loop, h, o.levels)
		if err != nil {
			return err
		}
		w.writeLoop(o, id, loop)
		if decision != nil {
			if err := w.writeDecision(id, loop, decision); err != nil {
				return err
			}
		}
		w.writeOffers(o, id, o.panel.offers(r, s, h, decision, o.level, o.pays, w.now))
	}
	if h.Stage > applied && r.chance(.08) {
		at := r.within(created, w.now)
		w.add(&w.notes, w.ids.At(gid.Note, at), at, at, p.id, id, o.recruiter.id,
			[...]string{"TEAM", "PRIVATE", "ADMIN"}[r.weighted(.80, .15, .05)], w.words.any(r, "notes"))
	}
	return nil
}

// sourceOf is a source of the kind, most often the first.
func (w *writer) sourceOf(r random, from origin) gid.ID {
	all := w.sources[from.habits().kind]
	if r.chance(.6) {
		return all[0]
	}
	return pick(r, all)
}

// lastCause is why the application ended, as far as the log is right: mended
// entries stand right before their corrections.
func (s *story) lastCause() cause {
	for i := len(s.log) - 1; i >= 0; i-- {
		if s.log[i].Corrects == 0 {
			return s.log[i].why
		}
		i = s.log[i].Corrects - 1
	}
	return noCause
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func (w *writer) writeCandidate(p *person, created time.Time) {
	p.id = w.ids.At(gid.Candidate, created)
	tags := "[]"
	if len(p.tags) > 0 {
		tags = `["` + strings.Join(p.tags, `","`) + `"]`
	}
	w.add(&w.candidates, p.id, created, created, p.name, text(p.headline), text(p.company), text(p.city),
		p.links, json.RawMessage(tags), p.private,
		hiring.SearchText(p.name, p.headline, p.tags), 1)
	w.add(&w.contacts, w.ids.At(gid.CandidateContact, created), p.id, "EMAIL", 0,
		p.email, hiring.NormalizeEmail(p.email))
	if p.phone != "" {
		w.add(&w.contacts, w.ids.At(gid.CandidateContact, created), p.id, "PHONE", 0,
			p.phone, hiring.NormalizePhone(p.phone))
	}
}

// writeHistory writes the log and the visits that it implies.
func (w *writer) writeHistory(r random, o *liveOpening, application gid.ID, s *story, h funnel.History) {
	ids := make([]gid.ID, len(s.log))
	for i, e := range s.log {
		ids[i] = w.ids.At(gid.StageEvent, e.recorded)
		kind, corrected := string(e.Kind), any(nil)
		var stage, by, reason, why, corrects any
		if e.Kind == funnel.Enter || e.Kind == funnel.Reopen {
			stage = o.stages[e.Stage]
		}
		if e.Corrects > 0 {
			corrects = ids[e.Corrects-1]
			if !e.Void {
				corrected = kind
			}
			kind = "CORRECT"
		}
		switch e.by {
		case recruiter:
			by = o.recruiter.id
		case manager:
			by = o.manager.id
		}
		if e.note != "" {
			reason = w.words.any(r, e.note)
		}
		if e.why != noCause {
			why = w.reasons[e.why]
		}
		w.add(&w.events, ids[i], application, e.Sequence, kind, stage, e.At, e.recorded, by, reason, why,
			corrects, corrected, string(e.Quality))
	}
	for i, v := range h.Visits {
		skipped := "[]"
		if len(v.Skipped) > 0 {
			var quoted []string
			for _, stage := range v.Skipped {
				quoted = append(quoted, `"`+o.stages[stage].String()+`"`)
			}
			skipped = "[" + strings.Join(quoted, ",") + "]"
		}
		w.add(&w.visits, w.ids.At(gid.Visit, v.EnteredAt), application, o.stages[v.Stage], i+1,
			v.EnteredAt, moment(v.ExitedAt), text(string(v.Outcome)), json.RawMessage(skipped), string(v.Quality))
	}
}
