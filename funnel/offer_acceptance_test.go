package funnel_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/funnel"
)

func TestOffersOfTheVectors(t *testing.T) {
	v, want := readVectors(t), readClockVectors(t).Offers
	offers, _ := v.lives(nil)
	got := funnel.CountOffers(offers, after(0), after(v.AsOf), after(v.AsOf))
	counts := funnel.OfferAcceptance{
		Extended: want.Extended, Accepted: want.Accepted, Declined: want.Declined,
		Expired: want.Expired, Rescinded: want.Rescinded, Pending: want.Pending,
	}
	if got != counts || !same(got.AcceptanceRate(), &want.AcceptanceRate) {
		t.Errorf("%+v, want %+v", got, counts)
	}
}

func TestCountOffers(t *testing.T) {
	resolved := func(told, at float64, how funnel.OfferOutcome) funnel.Offer {
		return funnel.Offer{ExtendedAt: after(told), ResolvedAt: on(at), Outcome: how}
	}
	for rule, c := range map[string]struct { // from day 10 to day 20, as of day 18
		offer funnel.Offer
		want  funnel.OfferAcceptance
	}{
		"accepted":  {resolved(11, 12, funnel.OfferAccepted), funnel.OfferAcceptance{Extended: 1, Accepted: 1}},
		"declined":  {resolved(11, 12, funnel.OfferDeclined), funnel.OfferAcceptance{Extended: 1, Declined: 1}},
		"expired":   {resolved(11, 12, funnel.OfferExpired), funnel.OfferAcceptance{Extended: 1, Expired: 1}},
		"rescinded": {resolved(11, 12, funnel.OfferRescinded), funnel.OfferAcceptance{Extended: 1, Rescinded: 1}},
		"pending":   {funnel.Offer{ExtendedAt: after(11)}, funnel.OfferAcceptance{Extended: 1, Pending: 1}},
		"told before counts where it is resolved": {resolved(5, 12, funnel.OfferAccepted), funnel.OfferAcceptance{Accepted: 1}},
		"and is pending until then":               {resolved(5, 19, funnel.OfferAccepted), funnel.OfferAcceptance{Pending: 1}},
		"resolved before is over":                 {resolved(5, 9, funnel.OfferDeclined), funnel.OfferAcceptance{}},
		"the first moment is in":                  {resolved(10, 10, funnel.OfferDeclined), funnel.OfferAcceptance{Extended: 1, Declined: 1}},
		"now is in":                               {resolved(18, 18, funnel.OfferAccepted), funnel.OfferAcceptance{Extended: 1, Accepted: 1}},
		"what is told later is not told yet":      {resolved(19, 19, funnel.OfferAccepted), funnel.OfferAcceptance{}},
	} {
		t.Run(rule, func(t *testing.T) {
			if diff := cmp.Diff(c.want, funnel.CountOffers([]funnel.Offer{c.offer}, after(10), after(20), after(18))); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := funnel.CountOffers([]funnel.Offer{resolved(11, 20, funnel.OfferAccepted)}, after(10), after(20), after(30)); got.Pending != 1 || got.Accepted != 0 {
		t.Errorf("the last moment is in: %+v", got)
	}
}

// Offers of two periods that meet are those of both together, each resolved once.
func TestOffersAddUpOverPeriods(t *testing.T) {
	outcomes := []funnel.OfferOutcome{funnel.OfferAccepted, funnel.OfferDeclined, funnel.OfferExpired, funnel.OfferRescinded}
	rapid.Check(t, func(t *rapid.T) {
		offers := rapid.SliceOf(rapid.Custom(func(t *rapid.T) funnel.Offer {
			told := rapid.IntRange(0, 40).Draw(t, "told")
			o := funnel.Offer{ExtendedAt: after(float64(told))}
			if rapid.Bool().Draw(t, "resolved") {
				o.ResolvedAt = on(float64(told + rapid.IntRange(0, 20).Draw(t, "after")))
				o.Outcome = rapid.SampledFrom(outcomes).Draw(t, "outcome")
			}
			return o
		})).Draw(t, "offers")
		cut, asOf := rapid.IntRange(0, 60).Draw(t, "cut"), after(float64(rapid.IntRange(0, 60).Draw(t, "as of")))
		first := funnel.CountOffers(offers, after(0), after(float64(cut)), asOf)
		second := funnel.CountOffers(offers, after(float64(cut)), after(61), asOf)
		both := funnel.CountOffers(offers, after(0), after(61), asOf)
		sum := funnel.OfferAcceptance{
			Extended: first.Extended + second.Extended, Accepted: first.Accepted + second.Accepted, Declined: first.Declined + second.Declined,
			Expired: first.Expired + second.Expired, Rescinded: first.Rescinded + second.Rescinded, Pending: second.Pending,
		}
		if both != sum {
			t.Fatalf("%+v and %+v are not %+v", first, second, both)
		}
		if both.Extended != both.Answered()+both.Rescinded+both.Pending {
			t.Fatalf("an offer is lost or counted twice: %+v", both)
		}
	})
}

func TestRatesOfNothingAreNone(t *testing.T) {
	var none funnel.OfferAcceptance
	if none.AcceptanceRate() != nil || none.AcceptanceRateInterval() != nil {
		t.Error("of no answer there is no rate")
	}
	taken := funnel.OfferAcceptance{Rescinded: 3, Pending: 2}
	if taken.AcceptanceRate() != nil {
		t.Error("what was taken back or is pending is no answer")
	}
	some := funnel.OfferAcceptance{Accepted: 3, Declined: 1, Expired: 1, Rescinded: 5}
	if r, i := some.AcceptanceRate(), some.AcceptanceRateInterval(); *r != .6 || *i != *funnel.Wilson(3, 5) {
		t.Errorf("rate %v, interval %v", *r, *i)
	}
	if e := (funnel.Effort{Interviews: 12, Onsites: 6}); e.InterviewsPerHire() != nil || e.OnsitesPerOffer() != nil {
		t.Error("nothing comes of nobody")
	}
	if e := (funnel.Effort{Interviews: 12, Onsites: 6, Offers: 4, Hires: 3}); *e.InterviewsPerHire() != 4 || *e.OnsitesPerOffer() != 1.5 {
		t.Errorf("%v interviews a hire, %v onsites an offer", *e.InterviewsPerHire(), *e.OnsitesPerOffer())
	}
}
