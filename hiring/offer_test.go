package hiring_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/offer"
	"hireloop/hiring"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// salary is what the offers of these tests are over: no other number is like it.
const salary = 98_765_432

// rising opens an opening for a senior manager, who may also be hired as a
// manager, and has somebody apply.
func (d *desk) rising() *db.Application {
	d.t.Helper()
	id, err := d.CreateOpening(d.as("recruiter"), hiring.CreateOpeningInput{
		Title: "Senior Engineering Manager", TargetLevelID: to(d.levels["senior_em"]),
		AllowedLevelIDs: []gid.ID{d.levels["em"]}, SeatCount: to(20),
		HiringTeam: []*hiring.HiringTeamMemberInput{
			{MemberID: d.members["manager"], Role: hiringteammember.RoleHIRING_MANAGER},
			{MemberID: d.members["recruiter"], Role: hiringteammember.RoleRECRUITER},
		},
	})
	d.must(err)
	_, err = d.OpenOpening(d.as("recruiter"), hiring.OpenOpeningInput{OpeningID: id, ExpectedVersion: 1})
	d.must(err)
	return d.applicant(id)
}

// terms are at the level, to be accepted before day 110.
func (d *desk) terms(level string) hiring.OfferTermsInput {
	return hiring.OfferTermsInput{
		LevelID: d.levels[level], Salary: hiring.MoneyInput{Amount: salary, Currency: "EUR"}, ExpiresAt: to(dayOf(110)),
	}
}

func (d *desk) creating(a *db.Application) hiring.CreateOfferInput {
	return hiring.CreateOfferInput{ApplicationID: a.ID, Terms: d.terms("senior_em"), WithoutDecisionReason: to("the loop is next week")}
}

func (d *desk) offer(id gid.ID) *db.Offer {
	d.t.Helper()
	o, err := d.DB.Offer.Get(d.system(), id)
	d.must(err)
	return o
}

// verbsOfOffer are all that people do to an offer, each in its plainest form.
// Unless it is said who does it, who approves is not who wrote.
func (d *desk) verbsOfOffer(o *db.Offer, who ...string) map[string]func() error {
	id, version := o.ID, o.Version
	as := func(usual string) context.Context { return d.as(append(who, usual)[0]) }
	err := func(_ gid.ID, err error) error { return err }
	return map[string]func() error{
		"revise": func() error {
			in := hiring.ReviseOfferInput{OfferID: id, ExpectedVersion: version, Terms: d.terms("senior_em")}
			in.Terms.ExpiresAt = to(d.now.Add(10 * 24 * time.Hour))
			return err(d.ReviseOffer(as("manager"), in))
		},
		"approve": func() error {
			return err(d.ApproveOffer(as("admin"), hiring.ApproveOfferInput{OfferID: id, ExpectedVersion: version}))
		},
		"extend": func() error {
			return err(d.ExtendOffer(as("recruiter"), hiring.ExtendOfferInput{OfferID: id, ExpectedVersion: version}))
		},
		"accept": func() error {
			return err(d.AcceptOffer(as("recruiter"), hiring.AcceptOfferInput{OfferID: id, ExpectedVersion: version}))
		},
		"decline": func() error {
			return err(d.DeclineOffer(as("recruiter"), hiring.DeclineOfferInput{OfferID: id, ExpectedVersion: version, Reason: to("too far")}))
		},
		"expire": func() error {
			return err(d.ExpireOffer(as("recruiter"), hiring.ExpireOfferInput{OfferID: id, ExpectedVersion: version}))
		},
		"rescind": func() error {
			return err(d.RescindOffer(as("manager"), hiring.RescindOfferInput{OfferID: id, ExpectedVersion: version, Reason: "no budget"}))
		},
	}
}

// wayTo are the verbs that bring a new offer into a state.
var wayTo = map[offer.Status][]string{
	offer.StatusDRAFT:     nil,
	offer.StatusAPPROVED:  {"approve"},
	offer.StatusEXTENDED:  {"approve", "extend"},
	offer.StatusACCEPTED:  {"approve", "extend", "accept"},
	offer.StatusDECLINED:  {"approve", "extend", "decline"},
	offer.StatusEXPIRED:   {"approve", "extend", "expire"},
	offer.StatusRESCINDED: {"rescind"},
}

// bargain brings a new offer on an application into a state. The clock moves
// beyond day 110 when it is to expire.
func (d *desk) bargain(a *db.Application, state offer.Status) *db.Offer {
	d.t.Helper()
	id, err := d.CreateOffer(d.as("manager"), d.creating(a))
	d.must(err)
	o := d.offer(id)
	for _, verb := range wayTo[state] {
		if verb == "expire" {
			d.now = dayOf(120)
		}
		d.must(d.verbsOfOffer(o)[verb]())
		o = d.offer(id)
	}
	return o
}

// consistent tells what contradicts itself in an offer; nothing should.
func consistent(o *db.Offer) string {
	approved := o.ApprovedByID != nil
	switch {
	case approved != (o.ApprovedAt != nil):
		return "half approved"
	case o.ExtendedAt != nil && !approved:
		return "told without approval"
	case o.Status == offer.StatusDRAFT && (approved || o.ResolvedAt != nil):
		return "a draft that is more"
	case o.Status == offer.StatusAPPROVED && (!approved || o.ExtendedAt != nil || o.ResolvedAt != nil):
		return "approved, but not so"
	case o.Status == offer.StatusEXTENDED && (o.ExtendedAt == nil || o.ResolvedAt != nil):
		return "extended, but not so"
	case slices.Contains([]offer.Status{offer.StatusACCEPTED, offer.StatusDECLINED, offer.StatusEXPIRED}, o.Status) &&
		(o.ExtendedAt == nil || o.ResolvedAt == nil):
		return "answered without a question"
	case o.Status == offer.StatusRESCINDED && o.ResolvedAt == nil:
		return "rescinded at no time"
	}
	return ""
}

// The state machine: which verb leads where from which state. Everything else is
// refused by name, and leaves no trace.
func TestStatesOfAnOffer(t *testing.T) {
	const refused = offer.Status("INVALID_TRANSITION at offerId")
	verbs := []string{"revise", "approve", "extend", "accept", "decline", "expire", "rescind"}
	table := map[offer.Status][]offer.Status{
		//                        revise, approve, extend, accept, decline, expire, rescind
		offer.StatusDRAFT:     {"DRAFT", "APPROVED", refused, refused, refused, refused, "RESCINDED"},
		offer.StatusAPPROVED:  {"DRAFT", refused, "EXTENDED", refused, refused, refused, "RESCINDED"},
		offer.StatusEXTENDED:  {"DRAFT", refused, refused, "ACCEPTED", "DECLINED", "EXPIRED", "RESCINDED"},
		offer.StatusACCEPTED:  {refused, refused, refused, refused, "DECLINED", refused, "RESCINDED"},
		offer.StatusDECLINED:  {refused, refused, refused, refused, refused, refused, refused},
		offer.StatusEXPIRED:   {refused, refused, refused, refused, refused, refused, refused},
		offer.StatusRESCINDED: {refused, refused, refused, refused, refused, refused, refused},
	}
	eachDesk(t, func(t *testing.T, d *desk) {
		openingID := d.rising().OpeningID
		for _, state := range slices.Sorted(maps.Keys(table)) {
			for i, want := range table[state] {
				verb := verbs[i]
				t.Run(string(state)+" "+verb, func(t *testing.T) {
					d.t, d.now = t, dayOf(100)
					o := d.bargain(d.applicant(openingID), state)
					if verb == "expire" {
						d.now = dayOf(120)
					}
					do := d.verbsOfOffer(o)[verb]
					if want == refused {
						d.refuses(t, refusal{"is refused", string(refused), func() error {
							err := do()
							if text := fmt.Sprint(err); !strings.Contains(text, "offer is "+string(state)+": cannot "+verb) {
								t.Errorf("%q does not name the state", text)
							}
							return err
						}})
						return
					}
					d.must(do())
					now := d.offer(o.ID)
					if now.Status != want || now.Version != o.Version+1 || !now.UpdatedAt.Equal(d.now) {
						t.Errorf("got %s v%d of %s, want %s v%d", now.Status, now.Version, now.UpdatedAt, want, o.Version+1)
					}
					if wrong := consistent(now); wrong != "" {
						t.Errorf("it is %s: %v", wrong, now)
					}
				})
			}
		}
	})
}

// Who may not read terms may do nothing to an offer, and who changes one must
// know how it is.
func TestEveryVerbOfAnOfferAsksWhoAndWhich(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.bargain(d.rising(), offer.StatusEXTENDED)
		stale, strange, unknown := *o, *o, *o
		stale.Version = 2
		strange.ID = o.ApplicationID
		unknown.ID = d.id(gid.Offer)
		var all []refusal
		for _, verb := range slices.Sorted(maps.Keys(d.verbsOfOffer(o))) {
			all = append(all,
				refusal{verb + " by nobody", "FORBIDDEN at ", d.verbsOfOffer(o, "nobody")[verb]},
				refusal{verb + " by a recruiter outside the team, who sees that it is there", "FORBIDDEN at ", d.verbsOfOffer(o, "colleague")[verb]},
				refusal{verb + " by an interviewer", "NOT_FOUND at offerId", d.verbsOfOffer(o, "interviewer")[verb]},
				refusal{verb + " by an analyst", "NOT_FOUND at offerId", d.verbsOfOffer(o, "analyst")[verb]},
				refusal{verb + " by who read a former version", "CONFLICT at expectedVersion", d.verbsOfOffer(&stale)[verb]},
				refusal{verb + " what is no offer", "NOT_FOUND at offerId", d.verbsOfOffer(&strange)[verb]},
				refusal{verb + " what is not there", "NOT_FOUND at offerId", d.verbsOfOffer(&unknown)[verb]},
			)
		}
		d.refuses(t, all...)
		d.refuses(t,
			refusal{"new terms that are wrong", "INVALID at terms.salary.amount", func() error {
				in := hiring.ReviseOfferInput{OfferID: o.ID, ExpectedVersion: o.Version, Terms: d.terms("em")}
				in.Terms.Salary.Amount = 0
				_, err := d.ReviseOffer(d.as("manager"), in)
				return err
			}},
			refusal{"rescinding without a reason", "REASON_REQUIRED at reason", func() error {
				_, err := d.RescindOffer(d.as("manager"), hiring.RescindOfferInput{OfferID: o.ID, ExpectedVersion: o.Version, Reason: " "})
				return err
			}},
			refusal{"declining for a reason that is damaged", "INVALID at reason", func() error {
				_, err := d.DeclineOffer(d.as("manager"), hiring.DeclineOfferInput{OfferID: o.ID, ExpectedVersion: o.Version, Reason: to("\xff")})
				return err
			}},
		)
	})
}

// Refusals say what to do instead.
func TestARefusedOfferNamesWhatToDo(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.bargain(d.rising(), offer.StatusEXTENDED)
		d.now = dayOf(111)
		for verb, words := range map[string][]string{
			"accept": {"has expired", "2026-04-21", "reviseOffer"},
		} {
			err := d.verbsOfOffer(o)[verb]()
			for _, word := range words {
				if text := fmt.Sprint(err); !strings.Contains(text, word) {
					t.Errorf("%s: %q does not say %q", verb, text, word)
				}
			}
		}
		_, err := d.CreateOffer(d.as("manager"), d.creating(d.application(o.ApplicationID)))
		if told := fault.All(err); len(told) != 1 || !strings.Contains(told[0].Hint, "rescindOffer") {
			t.Errorf("%v", err)
		}
	})
}
