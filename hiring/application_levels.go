package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/level"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/offerversion"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// ApplicationLevels are the levels on an application's way; nil where there is
// none that the viewer may see.
type ApplicationLevels struct {
	Applied  *db.Level
	Assessed *db.Level
	Offered  *db.Level
	Accepted *db.Level
}

// LevelsOf are the levels on the way of applications, by their ids, in a constant
// number of statements.
func (s *Service) LevelsOf(ctx context.Context, applications []*db.Application) (map[gid.ID]*ApplicationLevels, error) {
	ids := make([]gid.ID, len(applications))
	for i, a := range applications {
		ids[i] = a.ID
	}
	assessed, err := s.assessedLevels(ctx, ids)
	if err != nil {
		return nil, err
	}
	offered, accepted, err := s.offeredLevels(ctx, ids)
	if err != nil {
		return nil, err
	}
	var named []gid.ID
	name := func(id gid.ID) gid.ID { named = append(named, id); return id }
	for _, a := range applications {
		if a.AppliedLevelID != nil {
			name(*a.AppliedLevelID)
		}
		name(assessed[a.ID])
		name(offered[a.ID])
		name(accepted[a.ID])
	}
	levels, err := s.levels(ctx, named)
	if err != nil {
		return nil, err
	}
	found := make(map[gid.ID]*ApplicationLevels, len(applications))
	for _, a := range applications {
		f := &ApplicationLevels{
			Assessed: levels[assessed[a.ID]], Offered: levels[offered[a.ID]], Accepted: levels[accepted[a.ID]],
		}
		if a.AppliedLevelID != nil {
			f.Applied = levels[*a.AppliedLevelID]
		}
		found[a.ID] = f
	}
	return found, nil
}

// assessedLevels are those of the last decisions to hire that the viewer sees.
func (s *Service) assessedLevels(ctx context.Context, applicationIDs []gid.ID) (map[gid.ID]gid.ID, error) {
	decisions, err := s.DB.Decision.Query().
		Where(relay.IDs(decision.FieldApplicationID, applicationIDs), decision.KindEQ(decision.KindHIRE)).
		Order(decision.ByDecidedAt(), decision.ByID()).
		Select(decision.FieldID, decision.FieldApplicationID, decision.FieldLevelID).All(ctx)
	levels := map[gid.ID]gid.ID{}
	for _, d := range decisions {
		if d.LevelID != nil {
			levels[d.ApplicationID] = *d.LevelID
		}
	}
	return levels, err
}

// offeredLevels are those of the last offers, and of the accepted ones, as their
// terms stand, where the viewer sees them.
func (s *Service) offeredLevels(ctx context.Context, applicationIDs []gid.ID) (offered, accepted map[gid.ID]gid.ID, err error) {
	offers, err := s.DB.Offer.Query().Where(relay.IDs(offer.FieldApplicationID, applicationIDs)).
		Order(offer.ByCreatedAt(), offer.ByID()).Select(offer.FieldID, offer.FieldApplicationID, offer.FieldStatus).All(ctx)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]gid.ID, len(offers))
	for i, o := range offers {
		ids[i] = o.ID
	}
	versions, err := s.DB.OfferVersion.Query().Where(relay.IDs(offerversion.FieldOfferID, ids)).
		Order(offerversion.ByNumber(), offerversion.ByID()).
		Select(offerversion.FieldID, offerversion.FieldOfferID, offerversion.FieldLevelID).All(ctx)
	if err != nil {
		return nil, nil, err
	}
	terms := map[gid.ID]gid.ID{}
	for _, v := range versions {
		terms[v.OfferID] = gid.Nil
		if v.LevelID != nil {
			terms[v.OfferID] = *v.LevelID
		}
	}
	offered, accepted = map[gid.ID]gid.ID{}, map[gid.ID]gid.ID{}
	for _, o := range offers {
		offered[o.ApplicationID] = terms[o.ID]
		if o.Status == offer.StatusACCEPTED {
			accepted[o.ApplicationID] = terms[o.ID]
		}
	}
	return offered, accepted, nil
}

// levels reads levels by their ids; Nil is none.
func (s *Service) levels(ctx context.Context, ids []gid.ID) (map[gid.ID]*db.Level, error) {
	rows, err := s.DB.Level.Query().Where(relay.IDs(level.FieldID, distinct(ids))).All(ctx)
	levels := make(map[gid.ID]*db.Level, len(rows))
	for _, l := range rows {
		levels[l.ID] = l
	}
	return levels, err
}
