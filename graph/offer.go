package graph

import "hireloop/ent/db"

// presentTerms are the last of all terms of an offer, which are in their order;
// nil when the viewer may read none.
func presentTerms(all []*db.OfferVersion, err error) (*db.OfferVersion, error) {
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[len(all)-1], nil
}
