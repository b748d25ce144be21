package hiring_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/event"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/offerversion"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/scorecard"
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

func (d *desk) applicant(openingID gid.ID) *db.Application {
	d.t.Helper()
	person, err := d.CreateCandidate(d.as("recruiter"), hiring.CreateCandidateInput{Name: "Ada"})
	d.must(err)
	id, err := d.CreateApplication(d.as("recruiter"), hiring.CreateApplicationInput{CandidateID: person, OpeningID: openingID})
	d.must(err)
	return d.application(id)
}

func (d *desk) application(id gid.ID) *db.Application {
	d.t.Helper()
	a, err := d.DB.Application.Get(d.system(), id)
	d.must(err)
	return a
}

// decide records what people decided about an application.
func (d *desk) decide(a *db.Application, kind decision.Kind, level string) {
	d.t.Helper()
	create := d.DB.Decision.Create().SetID(d.id(gid.Decision)).SetApplicationID(a.ID).SetKind(kind).
		SetRationale("as discussed").SetLevelFit([]byte(`{}`)).SetInputsHash("").
		SetDecidedAt(d.now).SetCreatedAt(d.now).SetUpdatedAt(d.now)
	if level != "" {
		create.SetLevelID(d.levels[level])
	}
	d.must(create.Exec(d.system()))
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

// refusesOffers is refuses, and looks at the offers as well.
func (d *desk) refusesOffers(t *testing.T, all ...refusal) {
	t.Helper()
	for i, r := range all {
		do := r.do
		all[i].do = func() error {
			before := d.offers()
			err := do()
			if diff := cmp.Diff(before, d.offers()); diff != "" {
				d.t.Errorf("the offers changed: %s", diff)
			}
			return err
		}
	}
	d.refuses(t, all...)
}

// offers is all that is stored of them.
func (d *desk) offers() []string {
	var lines []string
	for _, o := range d.DB.Offer.Query().Order(offer.ByID()).AllX(d.system()) {
		lines = append(lines, o.String())
	}
	for _, v := range d.DB.OfferVersion.Query().Order(offerversion.ByID()).AllX(d.system()) {
		lines = append(lines, v.String())
	}
	return lines
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
		offer.StatusACCEPTED:  {refused, refused, refused, refused, refused, refused, "RESCINDED"},
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
						d.refusesOffers(t, refusal{"is refused", string(refused), func() error {
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

// An offer from its draft to the hire, and back.
func TestAnOfferUntilTheHire(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		a := d.rising()
		d.decide(a, decision.KindHIRE, "em")
		in := hiring.CreateOfferInput{ApplicationID: a.ID, Terms: d.terms("em"), WithoutDecisionReason: to("there is a decision: nobody needs to know")}
		in.Terms.StartOn = to(time.Date(2026, 9, 1, 15, 0, 0, 0, time.UTC))
		in.Terms.Salary.Currency = "eur"
		id, err := d.CreateOffer(d.as("manager"), in)
		if err != nil {
			t.Fatal(err)
		}
		o := d.offer(id)
		if o.Status != offer.StatusDRAFT || o.Version != 1 || o.WithoutDecisionReason != nil || !o.CreatedAt.Equal(d.now) || consistent(o) != "" {
			t.Errorf("drafted %v", o)
		}
		if got, want := d.traces(), "createOffer by manager of offer, offer.created"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}

		do := func(verb string) {
			t.Helper()
			if err := d.verbsOfOffer(o)[verb](); err != nil {
				t.Fatalf("%s: %v", verb, err)
			}
			o = d.offer(id)
		}
		do("approve")
		if *o.ApprovedByID != d.members["admin"] || !o.ApprovedAt.Equal(d.now) {
			t.Errorf("approved %v", o)
		}
		do("extend")
		if !o.ExtendedAt.Equal(d.now) {
			t.Errorf("extended %v", o)
		}

		d.now = dayOf(101)
		better := hiring.ReviseOfferInput{OfferID: id, ExpectedVersion: o.Version, Terms: d.terms("senior_em")}
		better.Terms.Reason = to("They have another offer at this level.")
		if _, err := d.ReviseOffer(d.as("admin"), better); err != nil {
			t.Fatal(err)
		}
		if o = d.offer(id); o.Status != offer.StatusDRAFT || o.ApprovedByID != nil || o.ApprovedAt != nil || o.ExtendedAt != nil {
			t.Errorf("revised %v", o)
		}
		var terms []string
		for _, v := range d.DB.OfferVersion.Query().Order(offerversion.ByNumber()).WithLevel().WithAuthor().AllX(d.system()) {
			line := fmt.Sprintf("%d %s %d %s by %s on %s", v.Number, v.Edges.Level.Key, v.Salary, v.Currency, v.Edges.Author.Name, v.RecordedAt.UTC().Format(time.DateOnly))
			if v.StartOn != nil {
				line += " from " + v.StartOn.UTC().Format(time.RFC3339)
			}
			if v.Reason != nil {
				line += ": " + *v.Reason
			}
			terms = append(terms, line)
		}
		if diff := cmp.Diff([]string{
			"1 em 98765432 EUR by manager on 2026-04-11 from 2026-09-01T00:00:00Z",
			"2 senior_em 98765432 EUR by admin on 2026-04-12: They have another offer at this level.",
		}, terms); diff != "" {
			t.Error(diff)
		}

		// Who wrote the present terms does not approve them; who wrote former ones may.
		approve := func(who string) error {
			_, err := d.ApproveOffer(d.as(who), hiring.ApproveOfferInput{OfferID: id, ExpectedVersion: o.Version})
			return err
		}
		d.refusesOffers(t, refusal{"approving one's own terms", "INVALID_TRANSITION at offerId", func() error { return approve("admin") }})
		if err := approve("manager"); err != nil {
			t.Fatal(err)
		}
		o = d.offer(id)
		do("extend")
		do("accept")
		if !o.ResolvedAt.Equal(d.now) || o.ResolutionReason != nil {
			t.Errorf("accepted %v", o)
		}

		if _, err := d.HireApplication(d.as("recruiter"), hiring.HireApplicationInput{ApplicationID: a.ID, ExpectedVersion: 1}); err != nil {
			t.Fatalf("an accepted offer is reason enough to hire: %v", err)
		}
		d.refusesOffers(t, refusal{"rescinding what a hire stands on", "INVALID_TRANSITION at offerId", d.verbsOfOffer(o)["rescind"]})
		_, err = d.UndoHire(d.as("recruiter"), hiring.UndoHireInput{ApplicationID: a.ID, ExpectedVersion: 2, Reason: "took another job",
			ToStageID: &a.StageID})
		d.must(err)
		if o = d.offer(id); o.Status != offer.StatusACCEPTED {
			t.Errorf("undoing the hire made the offer %s", o.Status)
		}
		do("rescind")
		if *o.ResolutionReason != "no budget" || consistent(o) != "" {
			t.Errorf("rescinded %v", o)
		}
		var happened []string
		for _, e := range d.DB.Event.Query().Where(event.SubjectID(id)).Order(event.ByID()).AllX(d.system()) {
			if *e.OpeningID != a.OpeningID || *e.ApplicationID != a.ID {
				t.Errorf("event %v", e)
			}
			happened = append(happened, e.Type)
		}
		if diff := cmp.Diff([]string{
			"offer.created", "offer.approved", "offer.extended", "offer.revised", "offer.approved", "offer.extended", "offer.accepted", "offer.rescinded",
		}, happened); diff != "" {
			t.Error(diff)
		}
	})
}

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
			"a decision that was taken back":                {decisions{{"HIRE", "senior_em"}, {"NO_HIRE", ""}}, "", "", "REASON_REQUIRED at withoutDecisionReason"},
			"a decision to ask for more":                    {decisions{{"MORE_EVIDENCE", ""}}, "", "", "REASON_REQUIRED at withoutDecisionReason"},
			"a decision of old records that names no level": {decisions{{"HIRE", ""}}, "", "", ""},
		} {
			t.Run(rule, func(t *testing.T) {
				d.t = t
				a := d.applicant(openingID)
				for _, made := range c.decided {
					d.now = d.now.Add(time.Minute)
					d.decide(a, decision.Kind(made[0]), made[1])
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
		d.decide(a, decision.KindHIRE, "senior_em")
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
		d.refusesOffers(t,
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
				d.refusesOffers(t, refusal{"beside one that is " + string(state), "DUPLICATE at applicationId", another})
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
		d.refusesOffers(t, refusal{"an application that has ended", "INVALID_TRANSITION at applicationId", create("manager", func(c in) { c.ApplicationID = over.ID })})
		for _, state := range []opening.Status{opening.StatusFILLED, opening.StatusCANCELLED} {
			d.setOpening(d.opening(a.OpeningID), state)
			d.refusesOffers(t, refusal{"an opening that is " + string(state), "INVALID_TRANSITION at applicationId", as("manager")})
		}
		d.setOpening(d.opening(a.OpeningID), opening.StatusPAUSED)
		d.must(as("manager")())
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
		d.refusesOffers(t, all...)
		d.refusesOffers(t,
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

// Whether people decided to hire, and at which level, shows in what an offer is
// refused for. Who owes a card about the candidate does not come so far, whatever
// was decided.
func TestWhoOwesACardDraftsNoOffer(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		openingID := d.rising().OpeningID
		for _, decided := range []string{"", "em", "senior_em"} {
			a := d.applicant(openingID)
			o := d.bargain(d.applicant(openingID), offer.StatusDRAFT)
			for _, id := range []gid.ID{a.ID, o.ApplicationID} {
				d.owe(d.application(id), "manager")
				if decided != "" {
					d.decide(d.application(id), decision.KindHIRE, decided)
				}
			}
			d.refusesOffers(t,
				refusal{"to draft one, decided: " + decided, "INVALID_TRANSITION at applicationId", func() error {
					_, err := d.CreateOffer(d.as("manager"), hiring.CreateOfferInput{ApplicationID: a.ID, Terms: hiring.OfferTermsInput{LevelID: d.levels["em"]}})
					return err
				}},
				refusal{"to change one, decided: " + decided, "INVALID_TRANSITION at offerId", func() error {
					_, err := d.ReviseOffer(d.as("manager"), hiring.ReviseOfferInput{OfferID: o.ID, ExpectedVersion: 1, Terms: d.terms("em")})
					return err
				}},
			)
			in := d.creating(a)
			in.Terms.Reason = to("as agreed")
			if _, err := d.CreateOffer(d.as("recruiter"), in); err != nil {
				t.Errorf("somebody else: %v", err)
			}
		}
	})
}

// owe has somebody owe a card about a candidate.
func (d *desk) owe(a *db.Application, who string) {
	d.t.Helper()
	loopID, interviewID := d.id(gid.Loop), d.id(gid.Interview)
	d.must(d.DB.Loop.Create().SetID(loopID).SetApplicationID(a.ID).SetStatus(loop.StatusACTIVE).
		SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
	d.must(d.DB.Interview.Create().SetID(interviewID).SetLoopID(loopID).SetPosition(0).SetKey("screen").SetName("Screen").
		SetFocusSignals(nil).SetStatus(interview.StatusCOMPLETED).SetMinutes(45).SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
	d.must(d.DB.Scorecard.Create().SetID(d.id(gid.Scorecard)).SetInterviewID(interviewID).SetInterviewerID(d.members[who]).
		SetLoopID(loopID).SetApplicationID(a.ID).SetStatus(scorecard.StatusDRAFT).SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
}

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
		d.refusesOffers(t, refusal{"what has no time never expires", "INVALID_TRANSITION at offerId", d.verbsOfOffer(d.offer(id))["expire"]})
		d.must(d.verbsOfOffer(d.offer(id))["accept"]())
	})
}

// Two people do to one offer what excludes each other, and draft two offers for
// one application: one wins, the other is told.
func TestOneOfTwoWinsAnOffer(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		openingID := d.rising().OpeningID
		race := func(first, second func() error) []string {
			var start, done sync.WaitGroup
			start.Add(1)
			told := make([]string, 2)
			for i, do := range []func() error{first, second} {
				done.Go(func() {
					start.Wait()
					told[i] = refused(do())
				})
			}
			start.Done()
			done.Wait()
			slices.Sort(told)
			return told
		}
		for range 10 {
			o := d.bargain(d.applicant(openingID), offer.StatusEXTENDED)
			verbs := d.verbsOfOffer(o)
			if diff := cmp.Diff([]string{"<nil>", "CONFLICT at expectedVersion"}, race(verbs["accept"], verbs["rescind"])); diff != "" {
				t.Fatal(diff)
			}
			if now := d.offer(o.ID); now.Version != o.Version+1 || consistent(now) != "" {
				t.Fatalf("left %v", now)
			}
			a := d.applicant(openingID)
			create := func(who string) func() error {
				return func() error {
					_, err := d.CreateOffer(d.as(who), d.creating(a))
					return err
				}
			}
			if diff := cmp.Diff([]string{"<nil>", "DUPLICATE at applicationId"}, race(create("manager"), create("admin"))); diff != "" {
				t.Fatal(diff)
			}
			if n := d.DB.Offer.Query().Where(offer.ApplicationID(a.ID)).CountX(d.system()); n != 1 {
				t.Fatalf("there are %d offers", n)
			}
		}
	})
}

// What somebody earns is told by the terms alone: no trace of what was done to
// an offer has it, and no refusal repeats it.
func TestSalariesStayInTheTerms(t *testing.T) {
	amount := fmt.Sprint(salary)
	eachDesk(t, func(t *testing.T, d *desk) {
		openingID := d.rising().OpeningID
		var told []string
		for _, state := range slices.Sorted(maps.Keys(wayTo)) {
			d.now = dayOf(100)
			o := d.bargain(d.applicant(openingID), state)
			for _, do := range d.verbsOfOffer(o) {
				told = append(told, fmt.Sprint(do()))
			}
			in := d.creating(d.application(o.ApplicationID))
			in.Terms.Salary.Currency, in.Terms.LevelID = "€", d.levels["designer"]
			_, err := d.CreateOffer(d.as("manager"), in)
			told = append(told, fmt.Sprint(err))
			in.Terms.Salary.Amount = -salary
			_, err = d.CreateOffer(d.as("manager"), in)
			told = append(told, fmt.Sprint(err))
		}
		if terms := strings.Join(d.offers(), "\n"); !strings.Contains(terms, amount) {
			t.Fatal("the terms do not have it: this test would find nothing")
		}
		if strings.Contains(d.everything(), amount) {
			t.Error("a table beside the terms tells the salary")
		}
		for _, text := range told {
			if strings.Contains(text, amount) {
				t.Errorf("%q tells the salary", text)
			}
		}
	})
}

// An application that ends takes its open offer with it; what was settled stays.
func TestOffersEndWithTheirApplication(t *testing.T) {
	table := map[offer.Status][2]offer.Status{ // when the company ends it, and when the candidate does
		offer.StatusDRAFT:     {"RESCINDED", "RESCINDED"},
		offer.StatusAPPROVED:  {"RESCINDED", "RESCINDED"},
		offer.StatusEXTENDED:  {"RESCINDED", "DECLINED"},
		offer.StatusACCEPTED:  {"ACCEPTED", "ACCEPTED"},
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
