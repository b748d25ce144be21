package hiring

import (
	"context"

	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/location"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/stage"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// scope is which openings a viewer counts, with their columns.
type scope struct {
	pipelines *pipelines
	openings  []gid.ID
	columns   []*pipeline // of each opening
	sources   map[int32]bool
	leftOut   int
	stop      <-chan struct{} // closed when who asked has gone
}

// scope finds the openings that the viewer may count and that the filter lets
// through.
func (s *Service) scope(ctx context.Context, filter FunnelFilter) (*scope, error) {
	viewer := access.ViewerOf(ctx)
	if !viewer.MayReadFunnels() {
		return nil, fault.Deniedf("you may not read what openings add up to")
	}
	ctx = access.WithViewer(ctx, viewer.Counting())
	c := &scope{stop: ctx.Done()}
	var err error
	if c.pipelines, err = s.pipelines(ctx); err != nil {
		return nil, err
	}
	query := s.DB.Opening.Query()
	if filter.OpeningIDs != nil {
		query.Where(relay.IDs(opening.FieldID, filter.OpeningIDs))
	}
	if filter.DepartmentIDs != nil {
		query.Where(relay.IDs(opening.FieldDepartmentID, filter.DepartmentIDs))
	}
	if filter.TargetLevelIDs != nil {
		query.Where(relay.IDs(opening.FieldTargetLevelID, filter.TargetLevelIDs))
	}
	if filter.LocationIDs != nil {
		query.Where(opening.HasLocationsWith(relay.IDs(location.FieldID, filter.LocationIDs)))
	}
	if filter.RecruiterIDs != nil {
		query.Where(opening.HasHiringTeamWith(
			hiringteammember.RoleEQ(hiringteammember.RoleRECRUITER), relay.IDs(hiringteammember.FieldMemberID, filter.RecruiterIDs)))
	}
	found, err := query.IDs(ctx)
	if err != nil {
		return nil, err
	}
	if filter.OpeningIDs != nil {
		if c.leftOut, err = s.leftOut(ctx, filter.OpeningIDs); err != nil {
			return nil, err
		}
	}
	for _, id := range found {
		// One that was made a moment ago may not be in the columns yet.
		if p := c.pipelines.of[id]; p != nil {
			c.openings, c.columns = append(c.openings, id), append(c.columns, p)
		}
	}
	if filter.SourceIDs != nil {
		c.sources = map[int32]bool{}
		for _, id := range filter.SourceIDs {
			if n, used := c.pipelines.sourceNumbers[id]; used {
				c.sources[n] = true
			}
		}
	}
	return c, nil
}

// event is the newest one of the openings that are counted: those of others would
// tell when something happens that the viewer does not see.
func (c *scope) event() (newest int64) {
	for _, p := range c.columns {
		newest = max(newest, p.event)
	}
	return newest
}

// leftOut counts the openings asked for that the viewer does not see.
func (s *Service) leftOut(ctx context.Context, ids []gid.ID) (int, error) {
	ids = distinct(ids)
	seen, err := s.DB.Opening.Query().Where(relay.IDs(opening.FieldID, ids)).Count(ctx)
	return len(ids) - seen, err
}

// selection is what funnel counts.
func (c *scope) selection(b FunnelBasis) funnel.Selection {
	out := funnel.Selection{
		Pipelines: make([]*funnel.Pipeline, len(c.columns)),
		Moment:    funnel.Moment{At: b.AsOf, Known: b.KnownAt},
		ByKind:    b.Stages != OwnStages,
		Skips:     b.Skips,
		Sources:   c.sources,
		Groups:    1,
		Stop:      c.stop,
	}
	for i, p := range c.columns {
		out.Pipelines[i] = p.Pipeline
	}
	return out
}

// stageNames are what the stages of a selection are called, by number.
func (s *Service) stageNames(ctx context.Context, c *scope, b FunnelBasis) ([]*FunnelStage, error) {
	if b.Stages != OwnStages {
		names := make([]*FunnelStage, len(funnel.Kinds))
		for i, kind := range funnel.Kinds {
			names[i] = &FunnelStage{Kind: stage.Kind(kind), Position: i}
		}
		return names, nil
	}
	if len(c.openings) != 1 {
		return nil, fault.Invalidf("view.stages", "OWN tells the stages of exactly one opening apart, not of %d", len(c.openings)).
			WithHint("name one in filterBy.openingIds")
	}
	stages, err := s.stages(c.openings).All(ctx)
	names := make([]*FunnelStage, len(stages))
	for _, st := range stages {
		names[st.Position] = &FunnelStage{Kind: st.Kind, Name: &st.Name, Position: st.Position}
	}
	return names, err
}
