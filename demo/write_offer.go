package demo

import "hireloop/internal/gid"

// writeOffers writes offers with their terms. The recruiter writes terms, the
// hiring manager approves them.
func (w *writer) writeOffers(o *liveOpening, application gid.ID, offers []offer) {
	for _, f := range offers {
		id := w.ids.At(gid.Offer, f.created)
		var by any
		if !f.approved.IsZero() {
			by = o.manager.id
		}
		changed := later(later(f.terms[len(f.terms)-1].at, f.approved), later(f.extended, f.resolved))
		w.add(&w.offers, id, f.created, changed, application, f.status, text(f.undecided), by, moment(f.approved),
			moment(f.extended), moment(f.resolved), text(f.why), f.version)
		for n, t := range f.terms {
			w.add(&w.offerVersions, w.ids.At(gid.OfferVersion, t.at), id, n+1, w.levels[t.level], t.salary,
				o.pays.currency, t.starts, moment(t.expires), text(t.reason), o.recruiter.id, t.at)
		}
	}
}
