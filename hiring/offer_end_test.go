package hiring_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/event"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/rejectionreason"
	"hireloop/hiring"
)

// Terms can be accepted before they expire, and expire from that moment on.
func TestOffersExpireAtTheirTime(t *testing.T) {
	last := dayOf(110) // when terms expire
	eachDesk(t, func(t *testing.T, d *desk) {
		openingID := d.rising().OpeningID
		for _, c := range []struct {
			verb string
			from offer.Status
			at   time.Time
			want string
		}{
			{"extend", offer.StatusAPPROVED, last.Add(-time.Microsecond), "<nil>"},
			{"extend", offer.StatusAPPROVED, last, "INVALID_TRANSITION at offerId"},
			{"accept", offer.StatusEXTENDED, last.Add(-time.Microsecond), "<nil>"},
			{"accept", offer.StatusEXTENDED, last, "INVALID_TRANSITION at offerId"},
			{"expire", offer.StatusEXTENDED, last.Add(-time.Microsecond), "INVALID_TRANSITION at offerId"},
			{"expire", offer.StatusEXTENDED, last, "<nil>"},
			{"decline", offer.StatusEXTENDED, dayOf(200), "<nil>"},
			{"revise", offer.StatusEXTENDED, dayOf(200), "<nil>"},
			{"approve", offer.StatusDRAFT, dayOf(200), "<nil>"}, // extending it needs more time all the same
		} {
			d.now = dayOf(100)
			o := d.bargain(d.applicant(openingID), c.from)
			d.now = c.at
			err := d.verbsOfOffer(o)[c.verb]()
			if got := refused(err); got != c.want {
				t.Errorf("%s %s at %s: got %s, want %s", c.verb, c.from, c.at, got, c.want)
			}
		}

		d.now = dayOf(100)
		in := d.creating(d.applicant(openingID))
		in.Terms.ExpiresAt = nil
		id, err := d.CreateOffer(d.as("manager"), in)
		d.must(err)
		for _, verb := range []string{"approve", "extend"} {
			d.must(d.verbsOfOffer(d.offer(id))[verb]())
		}
		d.now = dayOf(9000)
		d.refuses(t, refusal{"what has no time never expires", "INVALID_TRANSITION at offerId", d.verbsOfOffer(d.offer(id))["expire"]})
		d.must(d.verbsOfOffer(d.offer(id))["accept"]())
	})
}

// An application that ends takes its open offer with it; what was settled stays.
func TestOffersEndWithTheirApplication(t *testing.T) {
	table := map[offer.Status][2]offer.Status{ // when the company ends it, and when the candidate does
		offer.StatusDRAFT:     {"RESCINDED", "RESCINDED"},
		offer.StatusAPPROVED:  {"RESCINDED", "RESCINDED"},
		offer.StatusEXTENDED:  {"RESCINDED", "DECLINED"},
		offer.StatusACCEPTED:  {"RESCINDED", "DECLINED"},
		offer.StatusDECLINED:  {"DECLINED", "DECLINED"},
		offer.StatusEXPIRED:   {"EXPIRED", "EXPIRED"},
		offer.StatusRESCINDED: {"RESCINDED", "RESCINDED"},
	}
	eachDesk(t, func(t *testing.T, d *desk) {
		us := d.DB.RejectionReason.Query().Where(rejectionreason.InitiatorEQ(rejectionreason.InitiatorUS)).FirstIDX(d.system())
		openingID := d.rising().OpeningID
		for _, state := range slices.Sorted(maps.Keys(table)) {
			for i, end := range []func(*db.Application) error{
				func(a *db.Application) error { // by one who may handle no offers
					_, err := d.RejectApplication(d.as("colleague"), hiring.RejectApplicationInput{ApplicationID: a.ID, ExpectedVersion: 1, ReasonID: us})
					return err
				},
				func(a *db.Application) error {
					_, err := d.WithdrawApplication(d.as("colleague"), hiring.WithdrawApplicationInput{ApplicationID: a.ID, ExpectedVersion: 1})
					return err
				},
			} {
				d.now = dayOf(100)
				a := d.applicant(openingID)
				o := d.bargain(a, state)
				d.now = dayOf(121)
				d.must(end(a))
				now, want := d.offer(o.ID), table[state][i]
				if now.Status != want || consistent(now) != "" {
					t.Errorf("%s became %s, want %s: %v", state, now.Status, want, now)
				}
				moved := want != state
				if got := now.Version - o.Version; got != 1 && moved || got != 0 && !moved || moved && !now.ResolvedAt.Equal(d.now) {
					t.Errorf("%s: v%d became v%d, resolved %v", state, o.Version, now.Version, now.ResolvedAt)
				}
				types := d.DB.Event.Query().Where(event.SubjectID(o.ID)).Order(event.ByID()).Select(event.FieldType).StringsX(d.system())
				if last := types[len(types)-1]; moved && last != "offer."+strings.ToLower(string(want)) {
					t.Errorf("%s: the last event is %s", state, last)
				}
			}
		}
	})
}
