package hiring_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db/decision"
	"hireloop/ent/db/event"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/offerversion"
	"hireloop/hiring"
)

// An offer from its draft to the hire, and back.
func TestAnOfferUntilTheHire(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		a := d.rising()
		d.storedDecision(a.ID, decision.KindHIRE, d.at("em"))
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
		d.refuses(t, refusal{"approving one's own terms", "INVALID_TRANSITION at offerId", func() error { return approve("admin") }})
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
		d.refuses(t,
			refusal{"rescinding what a hire stands on", "INVALID_TRANSITION at offerId", d.verbsOfOffer(o)["rescind"]},
			refusal{"declining what one was hired on", "INVALID_TRANSITION at offerId", d.verbsOfOffer(o)["decline"]},
		)
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

// Two people do to one offer what excludes each other, and draft two offers for
// one application: one wins, the other is told.
func TestOneOfTwoWinsAnOffer(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		openingID := d.rising().OpeningID
		for range 10 {
			o := d.bargain(d.applicant(openingID), offer.StatusEXTENDED)
			verbs := d.verbsOfOffer(o)
			if diff := cmp.Diff(map[string]int{"<nil>": 1, "CONFLICT at expectedVersion": 1}, tally(atOnce(verbs["accept"], verbs["rescind"]))); diff != "" {
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
			if diff := cmp.Diff(map[string]int{"<nil>": 1, "DUPLICATE at applicationId": 1}, tally(atOnce(create("manager"), create("admin")))); diff != "" {
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
		if diff := cmp.Diff([]string{offerversion.Table}, slices.Compact(d.telling(amount))); diff != "" {
			t.Errorf("what tells the salary: %s", diff)
		}
		for _, text := range told {
			if strings.Contains(text, amount) {
				t.Errorf("%q tells the salary", text)
			}
		}
	})
}
