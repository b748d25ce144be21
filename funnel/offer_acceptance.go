package funnel

import "time"

// OfferOutcome is what came of an offer.
type OfferOutcome string

const (
	OfferAccepted  OfferOutcome = "ACCEPTED"
	OfferDeclined  OfferOutcome = "DECLINED"
	OfferExpired   OfferOutcome = "EXPIRED"
	OfferRescinded OfferOutcome = "RESCINDED"
)

// Offer is what offer acceptance is told from. An offer that the candidate was
// never told of is none.
type Offer struct {
	ExtendedAt time.Time  // the candidate was told
	ResolvedAt *time.Time // nil while pending
	Outcome    OfferOutcome
}

// OfferAcceptance counts offers in a period.
type OfferAcceptance struct {
	Extended int // told in the period, whatever came of them and when

	// Resolved in the period, whenever they were told.
	Accepted, Declined, Expired int
	Rescinded                   int // taken back: the candidate's answer is not known, so no rate counts them

	Pending int // told and not resolved at the end of the period
}

// CountOffers counts the offers of a period, from inclusive to exclusive, as of
// a time: what happened later had not happened.
func CountOffers(offers []Offer, from, to, asOf time.Time) OfferAcceptance {
	var a OfferAcceptance
	happened := func(at time.Time) bool { return at.Before(to) && !at.After(asOf) }
	for _, o := range offers {
		if !happened(o.ExtendedAt) {
			continue
		}
		if !o.ExtendedAt.Before(from) {
			a.Extended++
		}
		switch {
		case o.ResolvedAt == nil || !happened(*o.ResolvedAt):
			a.Pending++
		case o.ResolvedAt.Before(from):
		case o.Outcome == OfferAccepted:
			a.Accepted++
		case o.Outcome == OfferDeclined:
			a.Declined++
		case o.Outcome == OfferExpired:
			a.Expired++
		case o.Outcome == OfferRescinded:
			a.Rescinded++
		}
	}
	return a
}

// Answered counts the offers whose candidates had their say.
func (a OfferAcceptance) Answered() int { return a.Accepted + a.Declined + a.Expired }

// AcceptanceRate is those who accepted of those who had their say; nil when
// nobody had.
func (a OfferAcceptance) AcceptanceRate() *float64 { return Share(a.Accepted, a.Answered()) }

// AcceptanceRateInterval is its 95 % Wilson interval.
func (a OfferAcceptance) AcceptanceRateInterval() *Interval { return Wilson(a.Accepted, a.Answered()) }

// Effort counts what a cohort of applications took.
type Effort struct {
	Interviews int // completed: nobody was interviewed who did not come
	Onsites    int // rounds of interviews of which one was completed, of however many each
	Offers     int // told to the candidate, one for each application
	Hires      int // that still stand
}

// InterviewsPerHire is nil without hires.
func (e Effort) InterviewsPerHire() *float64 { return Share(e.Interviews, e.Hires) }

// OnsitesPerOffer is nil without offers.
func (e Effort) OnsitesPerOffer() *float64 { return Share(e.Onsites, e.Offers) }
