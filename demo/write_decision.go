package demo

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"hireloop/internal/gid"
	"hireloop/rubric"
)

// writeDecision writes a decision, and before it the debrief that it follows.
func (w *writer) writeDecision(application gid.ID, l *loop, d *decision) error {
	frozen, err := rubric.Canonical(d.fit)
	if err != nil {
		return err
	}
	var debriefID any
	if d.debrief != nil {
		before := frozen
		if len(d.resolved) > 0 {
			if before, err = rubric.Canonical(d.debrief.fit); err != nil {
				return err
			}
		}
		if debriefID, err = w.writeDebrief(application, l, d.debrief, before); err != nil {
			return err
		}
	}
	hash, err := w.basis(d, frozen)
	if err != nil {
		return err
	}
	id := w.ids.At(gid.Decision, d.at)
	var level any
	if d.level != "" {
		level = w.levels[d.level]
	}
	w.add(&w.decisions, id, d.at, d.at, application, l.id, debriefID, d.kind, level, d.rationale, d.dissent,
		d.override != "", text(d.override), json.RawMessage(frozen), hash, d.at)
	for _, m := range d.makers {
		w.add(&w.makers, w.ids.At(gid.DecisionMaker, d.at), id, m.id, m == d.dissenter)
	}
	return nil
}

// basis identifies what a decision rests on, as decisions that are recorded do.
func (w *writer) basis(d *decision, fit json.RawMessage) (string, error) {
	type card struct {
		ID        string   `json:"id"`
		Revision  int      `json:"revision"`
		Confirmed []string `json:"confirmedRedFlags"`
	}
	cards := make([]card, len(d.cards))
	for i, c := range d.cards {
		cards[i] = card{ID: c.ID, Revision: c.Revision, Confirmed: []string{}}
		for _, f := range c.RedFlags {
			if f.ConfirmedBy != "" {
				cards[i].Confirmed = append(cards[i].Confirmed, f.RedFlag+" "+f.ConfirmedBy)
			}
		}
	}
	slices.SortFunc(cards, func(a, b card) int { return cmp.Compare(a.ID, b.ID) })
	return rubric.Hash(struct {
		Cards       []card          `json:"cards"`
		Content     string          `json:"contentHash"`
		LevelFit    json.RawMessage `json:"levelFit"`
		Resolutions []string        `json:"resolvedSignals"`
		Rubric      gid.ID          `json:"rubricVersionId"`
	}{cards, w.hash, fit, d.resolved, w.rubric})
}

// packetAdvice is the overall advice of one card.
type packetAdvice struct {
	Scorecard      gid.ID  `json:"scorecardId"`
	Interviewer    gid.ID  `json:"interviewerId"`
	Recommendation *string `json:"recommendation"`
}

// packetDue is a card that was to be handed in.
type packetDue struct {
	Interviewer gid.ID    `json:"interviewerId"`
	Interview   gid.ID    `json:"interviewId"`
	Name        string    `json:"interview"`
	DueAt       time.Time `json:"dueAt"`
}

// packet is what the debrief had before it, as debriefs keep it, and its hash.
func (b *debrief) packet(fit json.RawMessage) (json.RawMessage, string, error) {
	said, missing := []packetAdvice{}, []packetDue{}
	for _, a := range b.advice {
		one := packetAdvice{Scorecard: a.card.id, Interviewer: a.card.by.id}
		if a.text != "" {
			one.Recommendation = &a.text
		}
		said = append(said, one)
	}
	for _, due := range b.due {
		missing = append(missing, packetDue{due.card.by.id, due.session.id, due.session.name, due.card.due})
	}
	text, err := rubric.Canonical(struct {
		Coverage        []rubric.CoverageReport     `json:"coverage"`
		LevelFit        json.RawMessage             `json:"levelFit"`
		Missing         []packetDue                 `json:"missing"`
		MissingReason   string                      `json:"missingReason"`
		Recommendations []packetAdvice              `json:"recommendations"`
		Signals         []rubric.SignalDisagreement `json:"signals"`
	}{b.coverage, fit, missing, b.lateReason, said, b.apart})
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(text)
	return text, hex.EncodeToString(sum[:]), nil
}

// writeDebrief writes a debrief, which had this level fit before it.
func (w *writer) writeDebrief(application gid.ID, l *loop, b *debrief, fit json.RawMessage) (gid.ID, error) {
	frozen, hash, err := b.packet(fit)
	if err != nil {
		return gid.Nil, err
	}
	id := w.ids.At(gid.Debrief, b.opened)
	w.add(&w.debriefs, id, b.opened, b.closed, l.id, application, b.by.id, b.opened, b.closed, b.summary,
		frozen, hash, 2+len(b.settled))
	for _, s := range b.settled {
		w.add(&w.resolutions, w.ids.At(gid.DebriefResolution, s.at), id, s.signal, s.text, b.by.id, s.at)
	}
	return id, nil
}
