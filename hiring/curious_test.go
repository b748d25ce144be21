package hiring_test

import (
	"testing"
	"time"

	"hireloop/ent/db/application"
	"hireloop/ent/db/erasurereceipt"
	"hireloop/ent/db/interviewseat"
	"hireloop/ent/db/note"
	"hireloop/ent/db/retentionrule"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// What people try who may do much, to see or to hide what they may not.

func TestNobodyElseBlindsAnAdministrator(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		o := d.open(2)
		admin, email := d.members["admin"], "Admin@Example.org"
		c := d.candidate(d.newCandidate())
		d.refuses(t,
			refusal{"by their address", "CONFLICT at emails.1", func() error {
				_, err := d.CreateCandidate(d.as("recruiter"), hiring.CreateCandidateInput{Name: "Ada", Emails: []string{"ada@example.net", email}})
				return err
			}},
			refusal{"by an address that comes later", "CONFLICT at emails.0", func() error {
				_, err := d.UpdateCandidate(d.as("recruiter"), hiring.CandidateUpdate{CandidateID: c.ID, ExpectedVersion: c.Version, Emails: hiring.To([]string{email})})
				return err
			}},
			refusal{"by naming them", "CONFLICT at memberId", func() error {
				_, err := d.UpdateCandidate(d.as("recruiter"), hiring.CandidateUpdate{CandidateID: c.ID, ExpectedVersion: c.Version, MemberID: hiring.To(&admin)})
				return err
			}},
			refusal{"by a referral", "CONFLICT at creditedMemberId", func() error {
				_, err := d.CreateApplication(d.as("recruiter"), hiring.CreateApplicationInput{CandidateID: c.ID, OpeningID: o.ID, CreditedMemberID: &admin})
				return err
			}},
		)
		// Of others they say it, and administrators of each other.
		_, err := d.CreateCandidate(d.as("recruiter"), hiring.CreateCandidateInput{Name: "Ida", Emails: []string{"interviewer@example.org"}})
		d.must(err)
		d.join("chief", access.Admin)
		_, err = d.CreateApplication(d.as("chief"), hiring.CreateApplicationInput{CandidateID: c.ID, OpeningID: o.ID, CreditedMemberID: &admin})
		d.must(err)
	})
}

func TestNobodyChangesTheirOwnAddress(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		another := "somebody.else@example.org"
		m := d.DB.Member.GetX(d.system(), d.members["admin"])
		d.refuses(t, refusal{"by which they are known as a candidate", "FORBIDDEN at ", func() error {
			_, err := d.UpdateMember(d.as("admin"), hiring.MemberUpdate{MemberID: m.ID, ExpectedVersion: m.Version, Email: hiring.To(&another)})
			return err
		}})
	})
}

func TestAPrivateCandidateIsNotTransferredIntoSight(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.secret(hiring.CreateCandidateInput{Name: "Zoe"})
		a := d.DB.Application.Query().OnlyX(d.system())
		mine := d.open(1)
		d.refuses(t, refusal{"by who does not see them", "NOT_FOUND at applicationId", func() error {
			_, err := d.TransferApplication(d.as("colleague"), hiring.TransferApplicationInput{ApplicationID: a.ID, ExpectedVersion: a.Version, ToOpeningID: mine.ID, Reason: "Fits better."})
			return err
		}})
		_, err := d.TransferApplication(d.as("admin"), hiring.TransferApplicationInput{ApplicationID: a.ID, ExpectedVersion: a.Version, ToOpeningID: mine.ID, Reason: "Fits better."})
		d.must(err)
	})
}

func TestAReferralIsOfThePerson(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		colleague := d.members["colleague"]
		referred := d.applicant(d.open(1).ID, func(in *hiring.CreateApplicationInput) { in.CreditedMemberID = &colleague })
		again := d.applicant(d.open(1).ID, func(in *hiring.CreateApplicationInput) { in.CandidateID = referred.CandidateID })
		other := d.applicant(d.open(1).ID)
		rights, err := d.RightsOverApplications(d.as("colleague"), []gid.ID{referred.ID, again.ID, other.ID})
		d.must(err)
		for id, may := range map[gid.ID]bool{referred.ID: false, again.ID: false, other.ID: true} {
			if rights[id].Move != may {
				t.Errorf("may move %s: %t, want %t", id, rights[id].Move, may)
			}
		}
	})
}

func TestAPrivateNoteIsNotForTeamsThatComeLater(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		first := d.applicant(d.open(1).ID)
		private := note.VisibilityPRIVATE
		id, err := d.AddNote(d.as("manager"), hiring.AddNoteInput{CandidateID: first.CandidateID, Visibility: &private, Body: "Hm."})
		d.must(err)
		if got := d.readers(id); got != "manager" {
			t.Errorf("%s read it at first", got)
		}
		d.now = d.now.Add(time.Minute)
		o, err := d.CreateOpening(d.as("colleague"), hiring.CreateOpeningInput{Title: "Engineering Manager", TargetLevelID: to(d.levels["em"])})
		d.must(err)
		_, err = d.OpenOpening(d.as("colleague"), hiring.OpenOpeningInput{OpeningID: o, ExpectedVersion: 1})
		d.must(err)
		_, err = d.CreateApplication(d.as("colleague"), hiring.CreateApplicationInput{CandidateID: first.CandidateID, OpeningID: o})
		d.must(err)
		if got := d.readers(id); got != "manager" {
			t.Errorf("%s read it once a team of another has them apply", got)
		}
	})
}

func TestNobodyLeavesAnInterviewToRead(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		s.join("lead", access.Recruiter, access.Interviewer)
		s.assign(s.loop, 3, "lead", nil)
		seat := s.DB.InterviewSeat.Query().Where(interviewseat.MemberID(s.members["lead"])).OnlyX(s.system())
		leave := func(who string) error {
			i := s.DB.Interview.GetX(s.system(), seat.InterviewID)
			_, err := s.UnassignInterviewer(s.as(who), hiring.UnassignInterviewerInput{SeatID: seat.ID, ExpectedVersion: i.Version, Reason: "Cannot come."})
			return err
		}
		card := s.DB.Scorecard.Query().Where(scorecard.LoopID(s.loop.ID), scorecard.InterviewerIDNEQ(s.members["lead"])).FirstX(s.system())
		s.must(s.DB.Scorecard.UpdateOne(card).SetStatus(scorecard.StatusSUBMITTED).SetSubmittedAt(s.now).Exec(s.system()))
		s.refuses(t, refusal{"once somebody told", "CONFLICT at seatId", func() error { return leave("lead") }})
		s.must(leave("recruiter"))
	})
}

func TestAnAdministratorDoesNotEraseThemselves(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		id, err := d.CreateCandidate(d.as("recruiter"), hiring.CreateCandidateInput{Name: "Ada"})
		d.must(err)
		d.must(d.DB.Candidate.UpdateOneID(id).SetMemberID(d.members["admin"]).Exec(d.system()))
		d.refuses(t, refusal{"whom they do not see", "NOT_FOUND at candidateId", func() error {
			_, err := d.EraseCandidate(d.as("admin"), hiring.EraseCandidateInput{CandidateID: id, Reason: erasurereceipt.ReasonREQUEST})
			return err
		}})
		d.join("chief", access.Admin)
		first, err := d.EraseCandidate(d.as("chief"), hiring.EraseCandidateInput{CandidateID: id, Reason: erasurereceipt.ReasonREQUEST})
		d.must(err)
		if again, err := d.EraseCandidate(d.as("chief"), hiring.EraseCandidateInput{CandidateID: id, Reason: erasurereceipt.ReasonREQUEST}); err != nil || again != first {
			t.Errorf("a second time: %s (%v), want %s", again, err, first)
		}
	})
}

// Who says something else in the quarter that goes on, counts as before until it is
// over: two readings do not tell what they had said.
func TestAnswersCannotBeTakenOutToBeTold(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		p := o.pool(map[string][2]int{"Man": {5, 5}, "Woman": {5, 4}})
		o.now = dayOf(200)
		before := o.impact("admin", screened)
		someone := p.members["Woman"][0].ID
		for _, answer := range []*string{to("Man"), to("zzz"), nil} {
			o.must(o.record(someone, says(gender, answer)))
			want(t, "in the same quarter", o.impact("admin", screened), before...)
			o.now = o.now.AddDate(0, 0, 1)
		}
		o.now = dayOf(275)
		want(t, "in the next", o.impact("admin", screened), "0 hidden", "Man REFERENCE 5/10", "Woman NO_INDICATION 4/8")
		o.must(o.record(p.members["Man"][0].ID, says(gender, to("Man"))))
		if n := o.DB.DemographicAnswer.Query().CountX(o.system()); n != 19 {
			t.Errorf("%d answers are kept", n)
		}
		for _, a := range o.DB.DemographicAnswer.Query().AllX(o.system()) {
			if a.FormerAt != nil || a.FormerAnswer != nil {
				t.Errorf("what nobody counts any more is kept: %v", a)
			}
		}
	})
}

func TestAnOpeningWithApplicationsDoesNotBecomeConfidential(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		empty, full, yes := d.open(1), d.open(1), true
		d.applicant(full.ID)
		hide := func(id gid.ID) error {
			_, err := d.UpdateOpening(d.as("admin"), hiring.OpeningUpdate{OpeningID: id, ExpectedVersion: d.opening(id).Version, IsConfidential: hiring.To(&yes)})
			return err
		}
		d.refuses(t, refusal{"figures of groups would tell of its applicants", "CONFLICT at isConfidential", func() error { return hide(full.ID) }})
		d.must(hide(empty.ID))
	})
}

func TestRetentionTellsNothingOfConfidentialOpenings(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		months := 1
		_, err := o.SetRetentionRule(o.as("admin"), hiring.SetRetentionRuleInput{Since: retentionrule.SinceAPPLICATION_ENDED, Months: &months})
		o.must(err)
		a := o.bring(application.StatusREJECTED)
		o.must(o.DB.Opening.UpdateOneID(a.OpeningID).SetIsConfidential(true).Exec(o.system()))
		o.now = o.now.AddDate(1, 0, 0)
		for whole, due := range map[bool]int{false: 0, true: 1} {
			p, err := o.RetentionPreview(o.as("admin"), 10, whole)
			o.must(err)
			if p.Due != due || len(p.Cases) != due {
				t.Errorf("whole %t: %d are due", whole, p.Due)
			}
		}
		done, err := o.ApplyRetention(o.as("admin"), hiring.ApplyRetentionInput{Limit: 10})
		o.must(err)
		if len(done.Receipts) != 0 || done.Remaining != 0 {
			t.Errorf("erased %v, %d remain", done.Receipts, done.Remaining)
		}
		done, err = o.ApplyRetention(o.as("admin"), hiring.ApplyRetentionInput{Limit: 10, Whole: true})
		o.must(err)
		if len(done.Receipts) != 1 {
			t.Errorf("whole: erased %v", done.Receipts)
		}
	})
}
