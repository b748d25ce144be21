package hiring

import (
	"context"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/member"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/gid"
	"hireloop/relay"
	"hireloop/rubric"
)

// DebriefPacket is what a debrief has before it.
type DebriefPacket struct {
	LevelFit        *LevelFit
	Signals         []*SignalDisagreement
	Recommendations []*DebriefRecommendation
	Missing         []*MissingScorecard
	Coverage        []*LoopCoverage
	MissingReason   *string // why it was opened although cards were due; nil when none were
}

// SignalDisagreement is how far interviewers are apart about one signal.
type SignalDisagreement struct {
	Signal   string // key
	Votes    []*SignalVote
	Mean     rubric.Ratio
	Range    rubric.Ratio
	IsAtOdds bool
}

// SignalVote is what one interviewer says of one signal.
type SignalVote struct {
	Interviewer *db.Member
	Vote        rubric.Ratio
	IsOutlier   bool
}

// DebriefRecommendation is an interviewer's overall advice.
type DebriefRecommendation struct {
	Interviewer    *db.Member
	Recommendation *scorecard.Recommendation
}

// MissingScorecard is a card that is still due.
type MissingScorecard struct {
	Interviewer *db.Member
	Interview   string // as people call it
	DueAt       *time.Time
}

// DebriefPackets is what debriefs of these loops would have before them now, in a
// constant number of statements. Loops whose evidence is hidden from the viewer
// are left out, and so are imported ones.
func (s *Service) DebriefPackets(ctx context.Context, loopIDs []gid.ID) (map[gid.ID]*DebriefPacket, error) {
	weighed, err := s.weighed(ctx, loopIDs)
	if err != nil {
		return nil, err
	}
	packets, err := packetsOf(ctx, s.DB, weighed)
	if err != nil {
		return nil, err
	}
	byLoop := make(map[gid.ID]*edition, len(weighed))
	for id, a := range weighed {
		byLoop[id] = a.edition
	}
	return s.shown(ctx, packets, byLoop)
}

// FrozenPackets is what these debriefs had before them when they were opened, by
// their ids, in a constant number of statements; of imported ones there is none.
// Whoever sees a debrief may see it.
func (s *Service) FrozenPackets(ctx context.Context, debriefs []*db.Debrief) (map[gid.ID]*DebriefPacket, error) {
	loops := make([]gid.ID, len(debriefs))
	packets := make(map[gid.ID]*packet, len(debriefs))
	for i, d := range debriefs {
		loops[i] = d.LoopID
		p, err := frozenPacket(d)
		if err != nil {
			return nil, err
		}
		if p != nil {
			packets[d.ID] = p
		}
	}
	byLoop, err := s.editionsOf(ctx, loops)
	if err != nil {
		return nil, err
	}
	byDebrief := make(map[gid.ID]*edition, len(debriefs))
	for _, d := range debriefs {
		byDebrief[d.ID] = byLoop[d.LoopID]
	}
	return s.shown(ctx, packets, byDebrief)
}

// shown are packets with the rows that they name: the members of all of them are
// read at once. A packet without an edition is left out.
func (s *Service) shown(ctx context.Context, packets map[gid.ID]*packet, editions map[gid.ID]*edition) (map[gid.ID]*DebriefPacket, error) {
	if len(packets) == 0 {
		return nil, nil
	}
	var people []gid.ID
	for _, p := range packets {
		people = append(people, p.people()...)
	}
	rows, err := s.DB.Member.Query().Where(relay.IDs(member.FieldID, distinct(people))).All(ctx)
	if err != nil {
		return nil, err
	}
	members := make(map[string]*db.Member, len(rows))
	for _, m := range rows {
		members[m.ID.String()] = m
	}
	found := make(map[gid.ID]*DebriefPacket, len(packets))
	for id, p := range packets {
		if e := editions[id]; e != nil {
			if found[id], err = p.show(e, members); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// people are the members that the packet names.
func (p *packet) people() []gid.ID {
	var people []gid.ID
	add := func(text string) {
		// A place that nobody has yet is counted under a name that is no id.
		if id, err := gid.Parse(text); err == nil {
			people = append(people, id)
		}
	}
	for _, s := range p.Signals {
		for _, v := range s.Votes {
			add(v.Interviewer)
		}
	}
	for _, r := range p.Recommendations {
		people = append(people, r.Interviewer)
	}
	for _, m := range p.Missing {
		people = append(people, m.Interviewer)
	}
	for _, c := range p.Coverage {
		for _, i := range c.Issues {
			add(i.Interviewer)
		}
	}
	return people
}

// show is the packet with rows for the ids and keys that it names.
func (p *packet) show(e *edition, members map[string]*db.Member) (*DebriefPacket, error) {
	d := &DebriefPacket{
		Signals: []*SignalDisagreement{}, Recommendations: []*DebriefRecommendation{},
		Missing: []*MissingScorecard{}, Coverage: []*LoopCoverage{}, MissingReason: given(p.MissingReason),
	}
	var err error
	if d.LevelFit, err = newLevelFit(p.LevelFit, e); err != nil {
		return nil, err
	}
	for _, s := range p.Signals {
		signal := &SignalDisagreement{Signal: s.Signal, Mean: s.Mean, Range: s.Range, IsAtOdds: s.AtOdds}
		for _, v := range s.Votes {
			signal.Votes = append(signal.Votes, &SignalVote{
				Interviewer: members[v.Interviewer], Vote: v.Rating, IsOutlier: slices.Contains(s.Outliers, v.Interviewer),
			})
		}
		d.Signals = append(d.Signals, signal)
	}
	for _, r := range p.Recommendations {
		d.Recommendations = append(d.Recommendations, &DebriefRecommendation{
			Interviewer: members[r.Interviewer.String()], Recommendation: r.Recommendation,
		})
	}
	for _, m := range p.Missing {
		d.Missing = append(d.Missing, &MissingScorecard{
			Interviewer: members[m.Interviewer.String()], Interview: m.Name, DueAt: m.DueAt,
		})
	}
	for _, report := range p.Coverage {
		level, err := e.level(report.Level)
		if err != nil {
			return nil, err
		}
		d.Coverage = append(d.Coverage, newLoopCoverage(report, level, report.Level == p.LevelFit.Target, members))
	}
	return d, nil
}
