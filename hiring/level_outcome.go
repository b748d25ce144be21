package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/level"
	"hireloop/ent/db/member"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// LevelOutcomes are at which levels applications were seen and hired.
type LevelOutcomes struct {
	report[*LevelOutcome]
	service *Service
	facts   *hireFacts
	decided []decided
	ladders *ladders
}

// LevelOutcomes compares levels that people applied for, were assessed at and were
// hired at, of the applications that were decided on for good in a time, in the
// openings that the viewer counts. An application counts by the last decision.
func (s *Service) LevelOutcomes(ctx context.Context, filter *FunnelFilter, view *FunnelView) (*LevelOutcomes, error) {
	c, err := s.count(ctx, filter, view.byKind())
	if err != nil {
		return nil, err
	}
	l := &LevelOutcomes{service: s}
	if l.facts, err = s.facts(ctx, c); err != nil {
		return nil, err
	}
	levels, err := s.DB.Level.Query().Order(level.ByLadderID(), level.ByRank(), level.ByKey()).All(ctx)
	if err != nil {
		return nil, err
	}
	l.ladders = newLadders(levels)
	rows, err := l.facts.decisions(ctx, s)
	if err != nil {
		return nil, err
	}
	l.decided = l.facts.decided(c.whole, rows, l.ladders)
	l.report = newReport(c, l.outcomes, func(o *LevelOutcome) bool { return o.Decisions == 0 })
	return l, nil
}

// ApplicationsWithheld counts the applications that are left out, as the viewer
// owes a scorecard for them.
func (l *LevelOutcomes) ApplicationsWithheld() int { return len(l.facts.withheld) }

// Interviewers are by who sat in the interviews that took place, in the order of
// their names: an application counts for each of them. Administrators only.
func (l *LevelOutcomes) Interviewers(ctx context.Context) ([]*LevelOutcome, error) {
	if !access.ViewerOf(ctx).Is(access.Admin) {
		return nil, fault.Deniedf("only administrators compare interviewers")
	}
	in := map[gid.ID]*decided{}
	ids := []gid.ID{}
	for i := range l.decided {
		if d := &l.decided[i]; l.whole.PeriodOf(d.at) >= 0 {
			in[d.id], ids = d, append(ids, d.id)
		}
	}
	sat, err := l.facts.reader.sitters(ctx, ids, l.facts.until, l.facts.known)
	if err != nil {
		return nil, err
	}
	of := map[gid.ID][]decided{}
	var who []gid.ID
	for _, s := range sat {
		if of[s.member] == nil {
			who = append(who, s.member)
		}
		of[s.member] = append(of[s.member], *in[s.application])
	}
	members, err := l.service.DB.Member.Query().Where(relay.IDs(member.FieldID, who)).Order(member.ByName(), member.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	out := []*LevelOutcome{}
	for _, m := range members {
		g := l.everybody()
		g.ID, g.Name = &m.ID, &m.Name
		out = append(out, l.outcome(g, of[m.ID]))
	}
	return out, nil
}

// LevelOutcome is at which levels the applications of one group were seen and
// hired that were decided on in one period.
type LevelOutcome struct {
	Group     *FunnelGroup
	Decisions int
	Hires     int
	Rows      []*LevelOutcomeRow
	Assessed  *funnel.LevelShift
	Hired     *funnel.LevelShift
}

// LevelOutcomeRow is how many applications had the same outcome; levels are nil
// for none.
type LevelOutcomeRow struct {
	Applied, Assessed, Hired *db.Level
	Count                    int
}

func (l *LevelOutcomes) outcomes(s funnel.Selection, group naming) []*LevelOutcome {
	periods := len(s.Boundaries) - 1
	cells := make([][]decided, s.Groups*periods)
	for _, d := range l.decided {
		period := s.PeriodOf(d.at)
		if period < 0 {
			continue
		}
		for _, g := range s.GroupsOf(d.Journey) {
			cells[g*periods+period] = append(cells[g*periods+period], d)
		}
	}
	out := make([]*LevelOutcome, len(cells))
	for i, all := range cells {
		out[i] = l.outcome(group(i/periods, i%periods), all)
	}
	return out
}

func (l *LevelOutcomes) outcome(g *FunnelGroup, all []decided) *LevelOutcome {
	o := &LevelOutcome{Group: g, Decisions: len(all), Rows: []*LevelOutcomeRow{}}
	levels := make([]funnel.LevelOutcome, len(all))
	for i, d := range all {
		levels[i] = d.levels
		if d.HiredAt != nil {
			o.Hires++
		}
	}
	counts, assessed, hired := funnel.CountLevels(levels)
	o.Assessed, o.Hired = &assessed, &hired
	for _, c := range counts {
		o.Rows = append(o.Rows, &LevelOutcomeRow{l.ladders.at(c.Applied), l.ladders.at(c.Assessed), l.ladders.at(c.Hired), c.Count})
	}
	return o
}

// ladders are all levels, numbered through by ladder and rank.
type ladders struct {
	levels []*db.Level
	number map[gid.ID]int
	ladder map[gid.ID]int // the number of the first level of each ladder stands for it
}

// newLadders numbers levels that are ordered by ladder and rank.
func newLadders(levels []*db.Level) *ladders {
	l := &ladders{levels: levels, number: map[gid.ID]int{}, ladder: map[gid.ID]int{}}
	for i, one := range levels {
		l.number[one.ID] = i
		if _, known := l.ladder[one.LadderID]; !known {
			l.ladder[one.LadderID] = i
		}
	}
	return l
}

func (l *ladders) at(number *int) *db.Level {
	if number == nil {
		return nil
	}
	return l.levels[*number]
}

// rung is the place of the first of these levels that is given; nil for none.
func (l *ladders) rung(ids ...*gid.ID) *funnel.Rung {
	for _, id := range ids {
		if id == nil {
			continue
		}
		if n, known := l.number[*id]; known {
			return &funnel.Rung{Level: n, Ladder: l.ladder[l.levels[n].LadderID], Rank: l.levels[n].Rank}
		}
	}
	return nil
}

// called is the level with this key on the ladder of another one; nil for none.
func (l *ladders) called(key string, like *funnel.Rung) *gid.ID {
	if like == nil || key == "" {
		return nil
	}
	of := l.levels[like.Level].LadderID
	i := slices.IndexFunc(l.levels, func(one *db.Level) bool { return one.LadderID == of && one.Key == key })
	if i < 0 {
		return nil
	}
	return &l.levels[i].ID
}
