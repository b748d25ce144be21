package hiring

import (
	"context"
	"time"

	"hireloop/ent/db/application"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/opening"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/relay"
)

// hireFacts are what came of the applications that a viewer counts, beside their
// stages: read as System, without the applications for which the viewer owes a
// scorecard.
//
// As far as the tables keep it they are of the moment of the basis. What they do
// not keep: an offer remembers when the candidate was told last and what came of
// it in the end, so one that was accepted and then declined or rescinded was never
// accepted; and one that is revised is not told of until it is extended anew. Of
// what an import brought it is known when it happened, and only of its stages when
// that was recorded.
type hireFacts struct {
	*scope
	reader   columnReader
	until    time.Time // what happened or was recorded later had not happened
	known    time.Time
	withheld map[gid.ID]bool
	offers   map[gid.ID][]offerRow // of each application, the oldest first

	// Terms of offers, when somebody starts and at which level, are what those read
	// who lead an opening; of all openings together only administrators.
	seesTerms bool
}

// offerRow is an offer that a candidate was told of, or has accepted.
type offerRow struct {
	status     offer.Status
	extendedAt *time.Time
	resolvedAt *time.Time
	startOn    *time.Time // of its last terms
	level      *gid.ID    // of its last terms
}

// facts reads what came of the applications that are counted.
func (s *Service) facts(ctx context.Context, c *counted) (*hireFacts, error) {
	f := &hireFacts{scope: c.scope, reader: columnReader{s.Store}, until: c.basis.AsOf, known: c.basis.KnownAt}
	if f.known.Before(f.until) {
		f.until = f.known
	}
	owed, err := s.DB.Application.Query().
		Where(relay.IDs(application.FieldOpeningID, f.openings), access.Biased(ctx)).IDs(access.System(ctx)) // the rule is in the condition
	if err != nil {
		return nil, err
	}
	f.withheld = make(map[gid.ID]bool, len(owed))
	for _, id := range owed {
		f.withheld[id] = true
	}
	f.seesTerms = access.ViewerOf(ctx).Is(access.Admin)
	f.offers, err = f.reader.offersOf(ctx, f.openings, f.known)
	if !f.seesTerms {
		for _, offers := range f.offers {
			for i := range offers {
				offers[i].startOn, offers[i].level = nil, nil
			}
		}
	}
	return f, err
}

// offersOf reads the offers of openings.
func (r columnReader) offersOf(ctx context.Context, openings []gid.ID, known time.Time) (map[gid.ID][]offerRow, error) {
	offers := map[gid.ID][]offerRow{}
	return offers, store.Query(access.System(ctx), r.SQL(), `SELECT f.application_id, f.status, f.extended_at, f.resolved_at, v.start_on, v.level_id
		FROM offers f JOIN applications a ON a.id = f.application_id
		LEFT JOIN offer_versions v ON v.offer_id = f.id AND v.number = (
			SELECT max(n.number) FROM offer_versions n WHERE n.offer_id = f.id AND n.recorded_at <= $2)
		WHERE `+r.AmongIDs("a.opening_id", 1)+` AND f.created_at <= $2 AND (f.extended_at IS NOT NULL OR f.status = 'ACCEPTED')
		ORDER BY f.created_at, f.id`, r.IDs(openings), known.UTC()).Each(func(row store.Row) error {
		var application gid.ID
		var o offerRow
		err := row.Scan(&application, &o.status, &o.extendedAt, &o.resolvedAt, &o.startOn, &o.level)
		offers[application] = append(offers[application], o)
		return err
	})
}

// seesOffers reports whether the viewer may see the offers of all openings that
// are counted.
func (f *hireFacts) seesOffers(ctx context.Context, s *Service) (bool, error) {
	ctx = access.WithViewer(ctx, access.ViewerOf(ctx).Offering())
	seen, err := s.DB.Opening.Query().Where(relay.IDs(opening.FieldID, f.openings)).Count(ctx)
	return seen == len(f.openings), err
}

// passage is the way of one application with what came of it.
type passage struct {
	funnel.Journey
	id     gid.ID
	offers []offerRow

	// Of who is hired: the offer that was accepted, nil when none is on record, and
	// when it was; without one, when they were hired.
	accepted   *offerRow
	acceptedAt *time.Time
}

// passages follow the applications of a selection that are hired, had offers or
// are wanted.
func (f *hireFacts) passages(s funnel.Selection, wanted func(gid.ID) bool) []passage {
	found := funnel.Journeys(s, func(pipeline, application int) bool {
		id := f.columns[pipeline].applications[application]
		return f.offers[id] != nil || wanted != nil && wanted(id)
	})
	out := make([]passage, 0, len(found))
	for _, j := range found {
		p := passage{Journey: j, id: f.columns[j.Pipeline].applications[j.Application]}
		if f.withheld[p.id] {
			continue
		}
		p.offers = f.offers[p.id]
		p.settle(f.until)
		out = append(out, p)
	}
	return out
}

func (p *passage) settle(until time.Time) {
	if p.HiredAt == nil {
		return
	}
	p.acceptedAt = p.HiredAt
	for i, o := range p.offers {
		if o.status == offer.StatusACCEPTED && o.resolvedAt != nil && !o.resolvedAt.After(until) {
			p.accepted, p.acceptedAt = &p.offers[i], o.resolvedAt
		}
	}
}

// candidacy is the passage as clocks read it.
func (p *passage) candidacy() funnel.Candidacy {
	c := funnel.Candidacy{FirstEventAt: p.BeganAt, AcceptedAt: p.acceptedAt, IsHired: p.HiredAt != nil}
	for i, o := range p.offers {
		if o.extendedAt != nil && (c.OfferedAt == nil || o.extendedAt.Before(*c.OfferedAt)) {
			c.OfferedAt = p.offers[i].extendedAt
		}
	}
	for i, at := range p.ReopenedAt {
		if p.acceptedAt != nil && !at.After(*p.acceptedAt) {
			c.ReopenedAt = &p.ReopenedAt[i]
		}
	}
	return c
}
