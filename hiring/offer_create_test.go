package hiring_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rejectionreason"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

func TestOfferNeedsADecisionOrAReason(t *testing.T) {
	type decisions [][2]string // kind, level
	eachDesk(t, func(t *testing.T, d *desk) {
		openingID := d.rising().OpeningID
		for rule, c := range map[string]struct {
			decided decisions
			reason  string
			why     string // of the terms
			want    string // refusal, or the reason that is stored
		}{
			"no decision, no reason":                        {nil, "", "", "REASON_REQUIRED at withoutDecisionReason"},
			"a reason that shows nothing":                   {nil, " \u200b", "", "REASON_REQUIRED at withoutDecisionReason"},
			"no decision, but a reason":                     {nil, "They must know by Friday", "", "They must know by Friday"},
			"a decision at the level":                       {decisions{{"HIRE", "senior_em"}}, "", "", ""},
			"then nobody asks why without":                  {decisions{{"HIRE", "senior_em"}}, "Because", "", ""},
			"a decision at another level":                   {decisions{{"HIRE", "em"}}, "", "", "REASON_REQUIRED at terms.reason"},
			"a decision at another level, and why not":      {decisions{{"HIRE", "em"}}, "", "Shown since then", ""},
			"the last decision counts":                      {decisions{{"HIRE", "em"}, {"HIRE", "senior_em"}}, "", "", ""},
			"a decision that was taken back":                {decisions{{"HIRE", "senior_em"}, {"NO_HIRE", ""}}, "", "", "INVALID_TRANSITION at applicationId"},
			"a decision not to hire, whatever one says":     {decisions{{"NO_HIRE", ""}}, "Because", "Because", "INVALID_TRANSITION at applicationId"},
			"a decision to hire after all":                  {decisions{{"NO_HIRE", ""}, {"HIRE", "senior_em"}}, "", "", ""},
			"a decision to ask for more":                    {decisions{{"MORE_EVIDENCE", ""}}, "", "", "REASON_REQUIRED at withoutDecisionReason"},
			"a decision of old records that names no level": {decisions{{"HIRE", ""}}, "", "", ""},
		} {
			t.Run(rule, func(t *testing.T) {
				d.t = t
				a := d.applicant(openingID)
				for _, made := range c.decided {
					d.now = d.now.Add(time.Minute)
					d.storedDecision(a.ID, decision.Kind(made[0]), d.at(made[1]))
				}
				in := hiring.CreateOfferInput{ApplicationID: a.ID, Terms: d.terms("senior_em")}
				if c.reason != "" {
					in.WithoutDecisionReason = &c.reason
				}
				if c.why != "" {
					in.Terms.Reason = &c.why
				}
				id, err := d.CreateOffer(d.as("manager"), in)
				got := refused(err)
				if err == nil {
					got = ""
					if o := d.offer(id); o.WithoutDecisionReason != nil {
						got = *o.WithoutDecisionReason
					}
				}
				if got != c.want {
					t.Errorf("got %q, want %q", got, c.want)
				}
			})
		}
	})
}

func TestCreateOfferRefuses(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		a := d.rising()
		d.storedDecision(a.ID, decision.KindHIRE, d.at("senior_em"))
		create := func(who string, change func(*hiring.CreateOfferInput)) func() error {
			in := hiring.CreateOfferInput{ApplicationID: a.ID, Terms: d.terms("senior_em")}
			change(&in)
			return func() error {
				_, err := d.CreateOffer(d.as(who), in)
				return err
			}
		}
		type in = *hiring.CreateOfferInput
		as := func(who string) func() error { return create(who, func(in) {}) }
		d.refuses(t,
			refusal{"nobody", "FORBIDDEN at ", as("nobody")},
			refusal{"a recruiter outside the team", "FORBIDDEN at ", as("colleague")},
			refusal{"an interviewer, who sees no such application", "NOT_FOUND at applicationId", as("interviewer")},
			refusal{"an analyst", "NOT_FOUND at applicationId", as("analyst")},
			refusal{"an unknown application", "NOT_FOUND at applicationId", create("manager", func(c in) { c.ApplicationID = d.id(gid.Application) })},
			refusal{"something that is none", "NOT_FOUND at applicationId", create("manager", func(c in) { c.ApplicationID = a.OpeningID })},
			refusal{"an unknown level", "NOT_FOUND at terms.levelId", create("manager", func(c in) { c.Terms.LevelID = d.id(gid.Level) })},
			refusal{"something that is no level", "NOT_FOUND at terms.levelId", create("manager", func(c in) { c.Terms.LevelID = a.ID })},
			refusal{"a level that the opening does not allow", "LEVEL_NOT_ALLOWED at terms.levelId",
				create("manager", func(c in) { c.Terms.LevelID = d.levels["designer"] })},
			refusal{"a negative salary", "INVALID at terms.salary.amount", create("manager", func(c in) { c.Terms.Salary.Amount = -1 })},
			refusal{"no salary", "INVALID at terms.salary.amount", create("manager", func(c in) { c.Terms.Salary.Amount = 0 })},
			refusal{"no currency", "INVALID at terms.salary.currency", create("manager", func(c in) { c.Terms.Salary.Currency = "" })},
			refusal{"an unknown currency", "INVALID at terms.salary.currency", create("manager", func(c in) { c.Terms.Salary.Currency = "EURO" })},
			refusal{"expired before it is told", "INVALID at terms.expiresAt", create("manager", func(c in) { c.Terms.ExpiresAt = to(dayOf(99)) })},
			refusal{"expired as it is written", "INVALID at terms.expiresAt", create("manager", func(c in) { c.Terms.ExpiresAt = to(d.now.Add(999 * time.Nanosecond)) })},
			refusal{"a reason beyond measure", "INVALID at terms.reason", create("manager", func(c in) { c.Terms.Reason = to(strings.Repeat("x", 2001)) })},
			refusal{"everything at once", "INVALID at withoutDecisionReason, LEVEL_NOT_ALLOWED at terms.levelId, INVALID at terms.salary.amount," +
				" INVALID at terms.salary.currency, INVALID at terms.expiresAt, INVALID at terms.reason",
				create("manager", func(c in) {
					c.WithoutDecisionReason = to("\x00")
					c.Terms = hiring.OfferTermsInput{LevelID: d.levels["designer"], ExpiresAt: to(dayOf(1)), Reason: to("\xff")}
				})},
		)

		for _, state := range slices.Sorted(maps.Keys(wayTo)) {
			d.now = dayOf(100)
			other := d.applicant(a.OpeningID)
			d.bargain(other, state)
			d.now = dayOf(100)
			another := func() error {
				_, err := d.CreateOffer(d.as("admin"), d.creating(other))
				return err
			}
			switch state {
			case offer.StatusDRAFT, offer.StatusAPPROVED, offer.StatusEXTENDED, offer.StatusACCEPTED:
				d.refuses(t, refusal{"beside one that is " + string(state), "DUPLICATE at applicationId", another})
			default:
				if err := another(); err != nil {
					t.Errorf("after one that is %s: %v", state, err)
				}
			}
		}

		us := d.DB.RejectionReason.Query().Where(rejectionreason.InitiatorEQ(rejectionreason.InitiatorUS)).FirstIDX(d.system())
		over := d.applicant(a.OpeningID)
		_, err := d.RejectApplication(d.as("manager"), hiring.RejectApplicationInput{ApplicationID: over.ID, ExpectedVersion: 1, ReasonID: us})
		d.must(err)
		d.refuses(t, refusal{"an application that has ended", "INVALID_TRANSITION at applicationId", create("manager", func(c in) { c.ApplicationID = over.ID })})
		for _, state := range []opening.Status{opening.StatusFILLED, opening.StatusCANCELLED} {
			d.setOpening(d.opening(a.OpeningID), state)
			d.refuses(t, refusal{"an opening that is " + string(state), "INVALID_TRANSITION at applicationId", as("manager")})
		}
		d.setOpening(d.opening(a.OpeningID), opening.StatusPAUSED)
		d.must(as("manager")())
	})
}

// Whether people decided to hire, and at which level, shows in what an offer is
// refused for. Who owes a card about the candidate does not come so far, whatever
// was decided, and is told of no offer.
func TestWhoOwesACardDraftsNoOffer(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		openingID := d.rising().OpeningID
		for _, decided := range []string{"", "em", "senior_em"} {
			a := d.applicant(openingID)
			o := d.bargain(d.applicant(openingID), offer.StatusDRAFT)
			for _, id := range []gid.ID{a.ID, o.ApplicationID} {
				d.owe(d.application(id), "manager")
				if decided != "" {
					d.storedDecision(id, decision.KindHIRE, d.at(decided))
				}
			}
			d.refuses(t,
				refusal{"to draft one, decided: " + decided, "INVALID_TRANSITION at applicationId", func() error {
					_, err := d.CreateOffer(d.as("manager"), hiring.CreateOfferInput{ApplicationID: a.ID, Terms: hiring.OfferTermsInput{LevelID: d.levels["em"]}})
					return err
				}},
				refusal{"to draft another one, decided: " + decided, "INVALID_TRANSITION at applicationId", func() error {
					_, err := d.CreateOffer(d.as("manager"), d.creating(d.application(o.ApplicationID)))
					return err
				}},
				refusal{"to hire, decided: " + decided, "INVALID_TRANSITION at applicationId", func() error {
					_, err := d.HireApplication(d.as("manager"), hiring.HireApplicationInput{
						ApplicationID: o.ApplicationID, ExpectedVersion: 1, WithoutOfferReason: to("as agreed"),
					})
					return err
				}},
			)
			for verb, do := range d.verbsOfOffer(o, "manager") {
				d.refuses(t, refusal{"to " + verb + " one, decided: " + decided, "NOT_FOUND at offerId", do})
			}
			in := d.creating(a)
			in.Terms.Reason = to("as agreed")
			if _, err := d.CreateOffer(d.as("recruiter"), in); err != nil {
				t.Errorf("somebody else: %v", err)
			}
		}
	})
}

// Who is kept from what a loop found by its policy is kept from what was decided
// on it: they neither draft an offer nor change its terms, whatever that was.
func TestWhoIsBlindDraftsNoOffer(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		openingID := d.rising().OpeningID
		for _, policy := range []loop.RevealPolicy{loop.RevealPolicyALL_SUBMITTED, loop.RevealPolicyDEBRIEF_OPENED} {
			for _, kind := range []decision.Kind{"", decision.KindHIRE, decision.KindNO_HIRE} {
				told := map[string]bool{}
				fresh, offered := d.applicant(openingID), d.applicant(openingID)
				o := d.bargain(offered, offer.StatusDRAFT)
				for _, a := range []*db.Application{fresh, offered} {
					d.owe(a, "interviewer")
					d.must(d.DB.Loop.Update().Where(loop.ApplicationID(a.ID)).SetRevealPolicy(policy).Exec(d.system()))
					if kind != "" {
						d.storedDecision(a.ID, kind)
					}
				}
				create := func(who string) error { _, err := d.CreateOffer(d.as(who), d.creating(fresh)); return err }
				d.refuses(t,
					refusal{fmt.Sprintf("to draft one, %s, decided %s", policy, kind), "INVALID_TRANSITION at applicationId", func() error {
						err := create("manager")
						told[strings.TrimPrefix(fmt.Sprint(err), "applicationId: ")] = true
						return err
					}},
					refusal{fmt.Sprintf("to change one, %s, decided %s", policy, kind), "INVALID_TRANSITION at offerId", func() error {
						err := d.verbsOfOffer(o)["revise"]()
						told[strings.TrimPrefix(fmt.Sprint(err), "offerId: ")] = true
						return err
					}},
				)
				if len(told) != 1 {
					t.Errorf("%s, decided %s: refused for %v", policy, kind, told)
				}
				// Once a loop is given up it hides nothing.
				d.must(d.DB.Loop.Update().Where(loop.ApplicationID(fresh.ID)).SetStatus(loop.StatusCANCELLED).Exec(d.system()))
				if err := create("manager"); (err == nil) != (kind != decision.KindNO_HIRE) {
					t.Errorf("%s, decided %s: %v", policy, kind, err)
				}
			}
		}
	})
}

// owe has somebody owe a card about a candidate.
func (d *desk) owe(a *db.Application, who string) {
	d.t.Helper()
	d.storedCard(d.storedInterview(d.storedLoop(a.ID).ID), who)
}
