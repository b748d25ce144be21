package hiring_test

import (
	"testing"

	"hireloop/ent/db/application"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/candidatecontact"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/source"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// assessed is a hearing that was debriefed, and its candidate offered a contract.
func (d *desk) assessed() *hearing {
	d.t.Helper()
	h := d.hear("em", "em")
	h.report(said{by: "eli", ratings: h.all(3)})
	h.report(said{by: "fay", ratings: h.all(4)})
	h.debriefed()
	_, err := d.CreateOffer(d.as("manager"), hiring.CreateOfferInput{
		ApplicationID: h.application, Terms: d.terms("em"), WithoutDecisionReason: to("it is urgent"),
	})
	d.must(err)
	return h
}

// found counts what somebody sees of an application, by entity.
func (h *hearing) found(who string) map[string]int {
	ctx := h.as(who)
	a := h.DB.Application.GetX(h.system(), h.application)
	return map[string]int{
		"application": h.DB.Application.Query().Where(application.ID(a.ID)).CountX(ctx),
		"candidate":   h.DB.Candidate.Query().Where(candidate.ID(a.CandidateID)).CountX(ctx),
		"contacts":    h.DB.CandidateContact.Query().Where(candidatecontact.CandidateID(a.CandidateID)).CountX(ctx),
		"loop":        h.DB.Loop.Query().Where(loop.ApplicationID(a.ID)).CountX(ctx),
		"scorecards":  h.DB.Scorecard.Query().Where(scorecard.ApplicationID(a.ID)).CountX(ctx),
		"evidence":    h.DB.Loop.Query().Where(loop.ID(h.loop), access.Visible(ctx, access.LoopEvidence)).CountX(ctx),
		"decisions":   h.DB.Decision.Query().Where(decision.ApplicationID(a.ID)).CountX(ctx),
		"offers":      h.DB.Offer.Query().Where(offer.ApplicationID(a.ID)).CountX(ctx),
	}
}

// Nobody sees themselves as a candidate, whatever their role, by the link or by
// their work address.
func TestNobodySeesTheirOwnCandidacy(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.assessed()
		d.join("chief", access.Admin)
		person := d.DB.Application.GetX(d.system(), h.application).CandidateID
		for _, who := range []string{"admin", "recruiter", "manager"} {
			if before := h.found(who); before["application"] != 1 || before["scorecards"] != 2 || before["offers"] != 1 {
				t.Fatalf("%s sees %v before", who, before)
			}
			for how, become := range map[string]func(){
				"linked": func() {
					_, err := d.UpdateCandidate(d.as("chief"), hiring.CandidateUpdate{
						CandidateID: person, ExpectedVersion: d.candidate(person).Version, MemberID: hiring.To(to(d.members[who])),
					})
					d.must(err)
				},
				"by the work address": func() {
					address := d.DB.Member.GetX(d.system(), d.members[who]).Email
					_, err := d.UpdateCandidate(d.as("chief"), hiring.CandidateUpdate{
						CandidateID: person, ExpectedVersion: d.candidate(person).Version,
						MemberID: hiring.To[*gid.ID](nil), Emails: hiring.To([]string{"at@home.example", address}),
					})
					d.must(err)
				},
			} {
				become()
				for what, n := range h.found(who) {
					if n > 0 {
						t.Errorf("%s, %s, sees %d of their own %s", who, how, n, what)
					}
				}
				version := d.application(h.application).Version
				d.refuses(t, refusal{"to move oneself: " + who + " " + how, "NOT_FOUND at applicationId", func() error {
					_, err := d.AdvanceApplication(d.as(who), hiring.AdvanceApplicationInput{ApplicationID: h.application, ExpectedVersion: version})
					return err
				}})
			}
			_, err := d.UpdateCandidate(d.as("chief"), hiring.CandidateUpdate{
				CandidateID: person, ExpectedVersion: d.candidate(person).Version, MemberID: hiring.To[*gid.ID](nil), Emails: hiring.To([]string{}),
			})
			d.must(err)
			if after := h.found(who); after["application"] != 1 {
				t.Fatalf("%s sees %v once it is somebody else", who, after)
			}
		}
	})
}

// Whoever referred a candidate follows how they get on, and neither assesses,
// decides nor moves them; to have found them by one's work is no referral.
func TestReferrersStayOut(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.assessed()
		o := d.DB.Offer.Query().OnlyX(d.system())
		from := func(kind string) {
			t.Helper()
			id := d.id(gid.Source)
			d.must(d.DB.Source.Create().SetID(id).SetName(id.String()).SetKind(source.Kind(kind)).SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
			d.must(d.DB.Application.UpdateOneID(h.application).SetSourceID(id).Exec(d.system()))
		}
		err := func(_ gid.ID, err error) error { return err }
		acts := func(who string) map[string]func() error {
			ctx, version := d.as(who), d.application(h.application).Version
			return map[string]func() error{
				"move": func() error {
					return err(d.AdvanceApplication(ctx, hiring.AdvanceApplicationInput{ApplicationID: h.application, ExpectedVersion: version}))
				},
				"open the debrief": func() error {
					return err(d.OpenDebrief(ctx, hiring.OpenDebriefInput{LoopID: h.loop, ExpectedVersion: h.version()}))
				},
				"decide": func() error {
					return err(d.RecordDecision(ctx, hiring.RecordDecisionInput{LoopID: h.loop, ExpectedVersion: h.version()}))
				},
				"hire": func() error {
					return err(d.HireApplication(ctx, hiring.HireApplicationInput{ApplicationID: h.application, ExpectedVersion: version}))
				},
			}
		}
		for _, who := range []string{"admin", "manager"} {
			d.must(d.DB.Application.UpdateOneID(h.application).SetCreditedMemberID(d.members[who]).ClearSourceID().Exec(d.system()))
			for _, kind := range []string{"", "REFERRAL"} {
				if kind != "" {
					from(kind)
				}
				found := h.found(who)
				if found["application"] != 1 || found["loop"] != 1 || found["scorecards"]+found["evidence"]+found["decisions"]+found["offers"] != 0 {
					t.Errorf("%s sees %v of a referral", who, found)
				}
				if got := h.DB.Scorecard.Query().CountX(d.as(who)); got != 0 {
					t.Errorf("%s sees %d scorecards", who, got)
				}
				for what, act := range acts(who) {
					d.refuses(t, refusal{who + " " + what + " " + kind, "FORBIDDEN at ", act})
				}
				d.refuses(t, refusal{"approve the offer of a referral", "NOT_FOUND at offerId", func() error {
					return err(d.ApproveOffer(d.as(who), hiring.ApproveOfferInput{OfferID: o.ID, ExpectedVersion: o.Version}))
				}})
				hidden, e := d.HiddenScorecards(d.as(who), []gid.ID{h.application})
				d.must(e)
				if x := hidden[h.application]; x.Count != 2 || optional(x.Because) != "OWN_REFERRAL" {
					t.Errorf("%s is told %d %s", who, x.Count, optional(x.Because))
				}
			}
		}
		from("SOURCED")
		if found := h.found("manager"); found["scorecards"] != 2 || found["offers"] != 1 {
			t.Errorf("a manager sees %v of somebody whom they found by their work", found)
		}
	})
}
