package hiring

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/opening"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// RightsOver is what the viewer may do to these openings, in one statement. It
// does not depend on whether the viewer sees them.
func (s *Service) RightsOver(ctx context.Context, openings []gid.ID) (map[gid.ID]access.Rights, error) {
	return rightsOver(ctx, s.DB, openings)
}

// RightsOverApplications is what the viewer may do to these applications, in one
// statement. It does not depend on whether the viewer sees them.
func (s *Service) RightsOverApplications(ctx context.Context, applications []gid.ID) (map[gid.ID]access.Rights, error) {
	return rightsOverApplications(ctx, s.DB, applications)
}

// standing is one thing to which a viewer has rights, and one of the roles by
// which they have them.
type standing struct {
	ID             gid.ID  `json:"id"`
	IsConfidential bool    `json:"is_confidential"`
	Role           *string `json:"role"`     // in the hiring team; nil when the viewer has none
	Referral       *gid.ID `json:"referral"` // the application, when the viewer referred its candidate
}

func rightsOver(ctx context.Context, client *db.Client, openings []gid.ID) (map[gid.ID]access.Rights, error) {
	viewer := access.ViewerOf(ctx)
	if viewer == nil {
		return nil, nil
	}
	var rows []standing
	err := client.Opening.Query().Where(relay.IDs(opening.FieldID, openings)).
		Modify(func(s *sql.Selector) {
			team := teamPlaces(s, viewer, s.C(opening.FieldID))
			s.Select(s.C(opening.FieldID), s.C(opening.FieldIsConfidential), team.C(hiringteammember.FieldRole))
		}).
		Scan(access.System(ctx), &rows)
	return rightsBy(viewer, rows), err
}

func rightsOverApplications(ctx context.Context, client *db.Client, applications []gid.ID) (map[gid.ID]access.Rights, error) {
	viewer := access.ViewerOf(ctx)
	if viewer == nil {
		return nil, nil
	}
	var rows []standing
	err := client.Application.Query().Where(relay.IDs(application.FieldID, applications)).
		Modify(func(s *sql.Selector) {
			o := sql.Table(opening.Table).As("o")
			s.Join(o).On(s.C(application.FieldOpeningID), o.C(opening.FieldID))
			team := teamPlaces(s, viewer, o.C(opening.FieldID))
			referred := sql.Dialect(s.Dialect()).Select(application.FieldID).From(sql.Table(application.Table))
			access.Referred(ctx)(referred)
			referral := referred.As("referral")
			s.LeftJoin(referral).On(s.C(application.FieldID), referral.C(application.FieldID))
			s.Select(s.C(application.FieldID), o.C(opening.FieldIsConfidential), team.C(hiringteammember.FieldRole),
				sql.As(referral.C(application.FieldID), "referral"))
		}).
		Scan(access.System(ctx), &rows)
	return rightsBy(viewer, rows), err
}

// teamPlaces joins the viewer's places in the hiring team of an opening.
func teamPlaces(s *sql.Selector, viewer *access.Viewer, openingID string) *sql.SelectTable {
	team := sql.Table(hiringteammember.Table).As("team")
	s.LeftJoin(team).OnP(sql.And(
		sql.ColumnsEQ(openingID, team.C(hiringteammember.FieldOpeningID)),
		sql.EQ(team.C(hiringteammember.FieldMemberID), viewer.Member)))
	return team
}

func rightsBy(viewer *access.Viewer, rows []standing) map[gid.ID]access.Rights {
	roles := map[gid.ID][]string{}
	for _, r := range rows {
		if r.Role != nil {
			roles[r.ID] = append(roles[r.ID], *r.Role)
		}
	}
	rights := make(map[gid.ID]access.Rights, len(rows))
	for _, r := range rows {
		over := viewer.Over(r.IsConfidential, roles[r.ID]...)
		if r.Referral != nil {
			over = over.OfReferral()
		}
		rights[r.ID] = over
	}
	return rights
}

// may refuses a viewer who has not a right over an opening, which verb names.
func (w *write) may(ctx context.Context, openingID gid.ID, right func(access.Rights) bool, verb string) error {
	rights, err := rightsOver(ctx, w.Client(), []gid.ID{openingID})
	return refuse(rights[openingID], err, right, verb)
}

// mayOf refuses a viewer who has not a right over an application, which verb
// names.
func (w *write) mayOf(ctx context.Context, applicationID gid.ID, right func(access.Rights) bool, verb string) error {
	rights, err := rightsOverApplications(ctx, w.Client(), []gid.ID{applicationID})
	return refuse(rights[applicationID], err, right, verb)
}

func refuse(rights access.Rights, err error, right func(access.Rights) bool, verb string) error {
	if err == nil && !right(rights) {
		err = fault.Deniedf("you may not %s", verb)
	}
	return err
}

// mayManage refuses a viewer who may not manage the opening.
func (w *write) mayManage(ctx context.Context, openingID gid.ID) error {
	return w.may(ctx, openingID, func(r access.Rights) bool { return r.Manage }, "manage this opening")
}

// mayFill refuses a viewer who may not give the opening applications.
func (w *write) mayFill(ctx context.Context, openingID gid.ID) error {
	return w.may(ctx, openingID, func(r access.Rights) bool { return r.Move }, "move the applications of this opening")
}

// mayLead refuses a viewer who may not say who leads the opening.
func (w *write) mayLead(ctx context.Context, openingID gid.ID) error {
	return w.may(ctx, openingID, func(r access.Rights) bool { return r.Lead }, "say who leads this opening, nor join its team: its leads and administrators do")
}

// mayMove refuses a viewer who may not move the application.
func (w *write) mayMove(ctx context.Context, applicationID gid.ID) error {
	return w.mayOf(ctx, applicationID, func(r access.Rights) bool { return r.Move }, "move this application")
}

// mayRun is mayMove for what assesses applications: loops, cards, decisions.
func (w *write) mayRun(ctx context.Context, applicationID gid.ID) error {
	return w.mayOf(ctx, applicationID, func(r access.Rights) bool { return r.Move }, "run this application")
}

// mayOffer refuses a viewer who may not handle the offers of the application.
func (w *write) mayOffer(ctx context.Context, applicationID gid.ID) error {
	return w.mayOf(ctx, applicationID, func(r access.Rights) bool { return r.Offer }, "handle the offers of this application")
}
