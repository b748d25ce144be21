package hiring

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// packet is what a debrief has before it, as the database keeps it.
type packet struct {
	LevelFit        rubric.Fit                  `json:"levelFit"`
	Signals         []rubric.SignalDisagreement `json:"signals"`
	Recommendations []advice                    `json:"recommendations"`
	Missing         []dueCard                   `json:"missing"`
	MissingReason   string                      `json:"missingReason"` // why it was opened although cards were due
	Coverage        []rubric.CoverageReport     `json:"coverage"`      // of the target level first
}

// advice is the overall advice of one card.
type advice struct {
	Scorecard      gid.ID                    `json:"scorecardId"`
	Interviewer    gid.ID                    `json:"interviewerId"`
	Recommendation *scorecard.Recommendation `json:"recommendation"`
}

// dueCard is a card that is to be handed in.
type dueCard struct {
	Interviewer gid.ID     `json:"interviewerId"`
	Interview   gid.ID     `json:"interviewId"`
	Name        string     `json:"interview"` // as people called it
	DueAt       *time.Time `json:"dueAt"`
}

// packetsOf are the packets of loops as the evidence stands, whoever asks.
func packetsOf(ctx context.Context, client *db.Client, weighed map[gid.ID]*assessment) (map[gid.ID]*packet, error) {
	if len(weighed) == 0 {
		return nil, nil
	}
	ctx = access.System(ctx)
	var ids, openings []gid.ID
	for id, a := range weighed {
		ids = append(ids, id)
		openings = append(openings, a.opening.ID)
	}
	planned, err := interviewsOf(ctx, client, ids)
	if err != nil {
		return nil, err
	}
	managers, err := managersOf(ctx, client, openings)
	if err != nil {
		return nil, err
	}
	packets := make(map[gid.ID]*packet, len(weighed))
	for id, a := range weighed {
		if packets[id], err = a.packet(planned[id], managers[a.opening.ID]); err != nil {
			return nil, err
		}
	}
	return packets, nil
}

// packet is what a debrief has before it, with these interviews of the loop and
// this hiring manager.
func (a *assessment) packet(planned []*db.Interview, manager gid.ID) (*packet, error) {
	p := &packet{Recommendations: []advice{}, Missing: []dueCard{}, Coverage: []rubric.CoverageReport{}}
	var err error
	if p.LevelFit, err = a.fit(); err != nil {
		return nil, err
	}
	if p.Signals, err = a.disagreement(); err != nil {
		return nil, err
	}
	for _, row := range a.counted() {
		p.Recommendations = append(p.Recommendations, advice{row.ID, row.InterviewerID, row.Recommendation})
	}
	names := make(map[gid.ID]string, len(planned))
	for _, i := range planned {
		names[i.ID] = i.Name
	}
	for _, row := range a.due() {
		card := dueCard{Interviewer: row.InterviewerID, Interview: row.InterviewID, Name: names[row.InterviewID]}
		if row.DueAt != nil {
			due := row.DueAt.UTC()
			card.DueAt = &due
		}
		p.Missing = append(p.Missing, card)
	}
	for _, l := range a.edition.aims(*a.loop.TargetLevelID, a.opening.Edges.AllowedLevels) {
		p.Coverage = append(p.Coverage, a.edition.coverage(l, planned, manager))
	}
	return p, nil
}

// disagreement is how far the cards that count are apart; see fit.
func (a *assessment) disagreement() ([]rubric.SignalDisagreement, error) {
	apart, err := rubric.Disagreement(a.edition.content, a.input.Cards)
	if err != nil {
		return nil, fmt.Errorf("disagreement in %s: %s", a.loop.ID, err.Error())
	}
	return apart, nil
}

// freeze is the packet of a loop as JSON, with its hash.
func (w *write) freeze(ctx context.Context, a *assessment, missingReason string) (json.RawMessage, string, error) {
	packets, err := packetsOf(ctx, w.Client(), map[gid.ID]*assessment{a.loop.ID: a})
	if err != nil {
		return nil, "", err
	}
	p := packets[a.loop.ID]
	p.MissingReason = missingReason
	text, err := json.Marshal(p)
	if err != nil {
		return nil, "", err
	}
	hash, err := rubric.Hash(p)
	return text, hash, err
}

// frozenPacket reads the packet of a debrief; nil when what was stored is none.
func frozenPacket(d *db.Debrief) (*packet, error) {
	var head struct {
		LevelFit json.RawMessage `json:"levelFit"`
	}
	if json.Unmarshal(d.Packet, &head) != nil {
		return nil, nil //nolint:nilerr // it is none
	}
	if fit, err := frozenFit(d.ID, head.LevelFit); fit == nil {
		return nil, err
	}
	var p packet
	if err := json.Unmarshal(d.Packet, &p); err != nil {
		return nil, fmt.Errorf("packet of %s: %w", d.ID, err)
	}
	return &p, nil
}
