package hiring_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/stageevent"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

func TestTransferApplication(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		there, _ := o.newOpening(opening.StatusOPEN, 1)
		oldID, err := o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{
			CandidateID: o.newCandidate(), OpeningID: o.opening.ID, SourceID: &o.source,
			CreditedMemberID: to(o.members["interviewer"]), StageID: &o.stages[2].ID, AppliedAt: to(dayOf(10)),
		})
		o.must(err)
		newID, err := o.TransferApplication(o.as("manager"), hiring.TransferApplicationInput{
			ApplicationID: oldID, ExpectedVersion: 1, ToOpeningID: there.ID, Reason: "fits the platform team",
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := o.tell(oldID), "INTERVIEW[10-100 WITHDRAWN] WITHDRAWN v2"; got != want {
			t.Errorf("old: got %s, want %s", got, want)
		}
		if got, want := o.tell(newID), "APPLIED[100-…] ACTIVE v1"; got != want {
			t.Errorf("new: got %s, want %s", got, want)
		}
		before, after := o.application(oldID), o.application(newID)
		if after.OpeningID != there.ID || after.CandidateID != before.CandidateID || *after.TransferredFromID != oldID || before.TransferredFromID != nil ||
			*after.SourceID != o.source || *after.CreditedMemberID != o.members["interviewer"] {
			t.Errorf("new: %v", after)
		}
		if before.RejectionReasonID == nil || *before.RejectionReasonID != o.reasons[rejectionreason.InitiatorOTHER] {
			t.Errorf("the old one does not say that it was transferred: %v", before)
		}
		if diff := cmp.Diff([]string{"application.transferred", "application.created"}, o.happened(2)); diff != "" {
			t.Error(diff)
		}
		for _, id := range []gid.ID{oldID, newID} {
			log, err := o.DB.StageEvent.Query().Where(stageevent.ApplicationID(id)).Order(stageevent.BySequence()).All(o.system())
			o.must(err)
			if last := log[len(log)-1]; last.Reason == nil || *last.Reason != "fits the platform team" {
				t.Errorf("%s does not say why: %v", id, last)
			}
		}
	})
}

func TestTransferApplicationRefuses(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		there, thereStages := o.newOpening(opening.StatusOPEN, 1)
		paused, _ := o.newOpening(opening.StatusPAUSED, 1)
		foreign, _ := o.newOpening(opening.StatusOPEN, 1)
		o.must(o.DB.Opening.UpdateOne(foreign).SetIsConfidential(true).Exec(o.system()))
		_, err := o.DB.HiringTeamMember.Delete().Where().Exec(o.system())
		o.must(err) // of all openings: only the recruiter sees them, and none of the confidential ones
		a, ended := o.apply(1), o.bring(application.StatusREJECTED)
		twice := o.apply(1)
		_, err = o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{CandidateID: twice.CandidateID, OpeningID: there.ID})
		o.must(err)
		transfer := func(who string, change func(*hiring.TransferApplicationInput)) func() error {
			in := hiring.TransferApplicationInput{ApplicationID: a.ID, ExpectedVersion: 1, ToOpeningID: there.ID, Reason: "fits better"}
			change(&in)
			return func() error {
				_, err := o.TransferApplication(o.as(who), in)
				return err
			}
		}
		type in = *hiring.TransferApplicationInput
		o.refuses(t,
			refusal{"an unknown application", "NOT_FOUND at applicationId", transfer("recruiter", func(c in) { c.ApplicationID = o.id(gid.Application) })},
			refusal{"ids of other kinds", "NOT_FOUND at applicationId, NOT_FOUND at toOpeningId", transfer("recruiter", func(c in) {
				c.ApplicationID, c.ToOpeningID = there.ID, a.ID
			})},
			refusal{"one who sees neither", "NOT_FOUND at applicationId", transfer("stranger", func(in) {})},
			refusal{"an unknown opening", "NOT_FOUND at toOpeningId", transfer("recruiter", func(c in) { c.ToOpeningID = o.id(gid.Opening) })},
			refusal{"an opening that they do not see", "NOT_FOUND at toOpeningId", transfer("recruiter", func(c in) { c.ToOpeningID = foreign.ID })},
			refusal{"the same opening", "INVALID at toOpeningId", transfer("recruiter", func(c in) { c.ToOpeningID = o.opening.ID })},
			refusal{"an opening that takes none", "INVALID_TRANSITION at toOpeningId", transfer("recruiter", func(c in) { c.ToOpeningID = paused.ID })},
			refusal{"a stale version", "CONFLICT at expectedVersion", transfer("recruiter", func(c in) { c.ExpectedVersion = 3 })},
			refusal{"an ended application", "INVALID_TRANSITION at applicationId", transfer("recruiter", func(c in) {
				c.ApplicationID, c.ExpectedVersion = ended.ID, ended.Version
			})},
			refusal{"a candidate who is considered there already", "DUPLICATE at toOpeningId", transfer("recruiter", func(c in) { c.ApplicationID = twice.ID })},
			refusal{"a stage of the old opening", "NOT_FOUND at toStageId", transfer("recruiter", func(c in) { c.ToStageID = &o.stages[1].ID })},
			refusal{"the stage of the hired", "INVALID_TRANSITION at toStageId", transfer("recruiter", func(c in) { c.ToStageID = &thereStages[4].ID })},
			refusal{"no reason", "REASON_REQUIRED at reason", transfer("recruiter", func(c in) { c.Reason = "" })},
		)
	})
}

// Two openings that exchange candidates at the same time do not block each other.
func TestTransfersBothWays(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		there, thereStages := o.newOpening(opening.StatusOPEN, 1)
		const pairs = 10
		var transfers []func() error
		for range pairs {
			for _, c := range []struct {
				a  *db.Application
				to gid.ID
			}{{o.apply(1), there.ID}, {o.applyFor(there, thereStages[1]), o.opening.ID}} {
				transfers = append(transfers, func() error {
					_, err := o.TransferApplication(o.as("recruiter"), hiring.TransferApplicationInput{
						ApplicationID: c.a.ID, ExpectedVersion: 1, ToOpeningID: c.to, Reason: "exchange",
					})
					return err
				})
			}
		}
		for _, err := range atOnce(transfers...) {
			if err != nil {
				t.Error(err)
			}
		}
	})
}
