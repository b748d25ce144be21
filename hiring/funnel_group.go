package hiring

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/source"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// FunnelGroup is what the applications of a group have in common, and when they
// were. ID and Name are nil for who has none, and when all are together.
type FunnelGroup struct {
	ID       *gid.ID
	Name     *string
	From, To time.Time // days, at midnight UTC
}

// grouper collects what openings are grouped by.
type grouper struct {
	of    [][]gid.ID // of each opening: Nil for none
	names map[gid.ID]string
}

func (g *grouper) put(opening int, id gid.ID, name string) {
	g.of[opening] = append(g.of[opening], id)
	g.names[id] = name
}

// group puts a selection into groups, in the order of their names; who has none
// comes last. The answer are the groups, by number.
func (s *Service) group(ctx context.Context, c *scope, by FunnelDimension, selection *funnel.Selection) ([]FunnelGroup, error) {
	if by == GroupBySource {
		return s.groupBySource(ctx, c, selection)
	}
	found, err := s.DB.Opening.Query().Where(relay.IDs(opening.FieldID, c.openings)).
		Select(opening.FieldID, opening.FieldTitle, opening.FieldDepartmentID, opening.FieldTargetLevelID).All(access.System(ctx)) // they are seen: see scope
	if err != nil {
		return nil, err
	}
	byID := make(map[gid.ID]*db.Opening, len(found))
	for _, o := range found {
		byID[o.ID] = o
	}
	g := grouper{of: make([][]gid.ID, len(c.openings)), names: map[gid.ID]string{}}
	for i, id := range c.openings {
		if o := byID[id]; o != nil {
			if err := g.read(ctx, i, o, by); err != nil {
				return nil, err
			}
		}
		if len(g.of[i]) == 0 {
			g.put(i, gid.Nil, "")
		}
	}
	list, number := g.ordered()
	selection.Groups = max(1, len(list))
	selection.OfPipeline = make([][]int, len(c.openings))
	for i, ids := range g.of {
		for _, id := range distinct(ids) {
			selection.OfPipeline[i] = append(selection.OfPipeline[i], number[id])
		}
	}
	return list, nil
}

// read reads what one opening is grouped by, with the first one for all.
func (g *grouper) read(ctx context.Context, i int, o *db.Opening, by FunnelDimension) error {
	switch by {
	case GroupByOpening:
		g.put(i, o.ID, o.Title)
	case GroupByDepartment:
		d, err := o.Department(ctx)
		if err != nil || d == nil {
			return err
		}
		g.put(i, d.ID, d.Name)
	case GroupByTargetLevel:
		l, err := o.TargetLevel(ctx)
		if err != nil || l == nil {
			return err
		}
		g.put(i, l.ID, l.Name)
	case GroupByLocation:
		places, err := o.Locations(ctx)
		if err != nil {
			return err
		}
		for _, l := range places {
			g.put(i, l.ID, l.Name)
		}
	case GroupByRecruiter:
		team, err := o.HiringTeam(ctx)
		if err != nil {
			return err
		}
		for _, m := range team {
			if m.Role != hiringteammember.RoleRECRUITER {
				continue
			}
			who, err := m.Member(ctx)
			if err != nil || who == nil {
				return err
			}
			g.put(i, who.ID, who.Name)
		}
	}
	return nil
}

// ordered are the groups by name, and the number of each.
func (g *grouper) ordered() ([]FunnelGroup, map[gid.ID]int) {
	ids := make([]gid.ID, 0, len(g.names))
	for id := range g.names {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b gid.ID) int {
		if a.IsNil() != b.IsNil() {
			return map[bool]int{true: 1, false: -1}[a.IsNil()]
		}
		return cmp.Or(strings.Compare(g.names[a], g.names[b]), strings.Compare(a.UUID(), b.UUID()))
	})
	list, number := make([]FunnelGroup, len(ids)), map[gid.ID]int{}
	for n, id := range ids {
		number[id] = n
		if !id.IsNil() {
			name := g.names[id]
			list[n].ID, list[n].Name = &id, &name
		}
	}
	return list, number
}

// groupBySource groups by where applications came from. All sources that any
// application came from have a group, so that what the selection leaves out
// shows as none.
func (s *Service) groupBySource(ctx context.Context, c *scope, selection *funnel.Selection) ([]FunnelGroup, error) {
	found, err := s.DB.Source.Query().Where(relay.IDs(source.FieldID, c.pipelines.sourceIDs)).All(ctx)
	if err != nil {
		return nil, err
	}
	g := grouper{names: map[gid.ID]string{gid.Nil: ""}}
	for _, src := range found {
		if n := c.pipelines.sourceNumbers[src.ID]; c.sources == nil || c.sources[n] {
			g.names[src.ID] = src.Name
		}
	}
	if c.sources != nil {
		delete(g.names, gid.Nil)
	}
	list, number := g.ordered()
	selection.Groups, selection.OfSource = max(1, len(list)), map[int32]int{noSource: number[gid.Nil]}
	for id, n := range number {
		if !id.IsNil() {
			selection.OfSource[c.pipelines.sourceNumbers[id]] = n
		}
	}
	return list, nil
}
