package hiring_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/consent"
	"hireloop/ent/db/erasurereceipt"
	"hireloop/ent/db/retentionrule"
	"hireloop/hiring"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// code is how a refusal is told apart: its code and where it arose.
func refusedAs(err error) string {
	var list []string
	for _, e := range fault.All(err) {
		list = append(list, string(e.Code))
	}
	if len(list) == 1 {
		return list[0]
	}
	return ""
}

func TestErasureRefusesAndRepeats(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		erase := func(who string, id gid.ID) (gid.ID, error) {
			return o.EraseCandidate(o.as(who), hiring.EraseCandidateInput{CandidateID: id, Reason: erasurereceipt.ReasonREQUEST})
		}
		create := func() gid.ID {
			id, err := o.CreateCandidate(o.as("admin"), hiring.CreateCandidateInput{Name: "Ada Byron", Emails: []string{"ada@example.net"}})
			o.must(err)
			return id
		}
		ada := create()
		for _, who := range []string{"recruiter", "manager", "interviewer", "analyst"} {
			if _, err := erase(who, ada); !fault.Is(err, fault.Denied) {
				t.Errorf("%s erases: %v", who, err)
			}
			if _, err := o.ExportCandidate(o.as(who), hiring.ExportCandidateInput{CandidateID: ada}); !fault.Is(err, fault.Denied) {
				t.Errorf("%s exports: %v", who, err)
			}
		}
		if _, err := erase("admin", o.id(gid.Candidate)); refusedAs(err) != "NOT_FOUND" {
			t.Errorf("nobody is erased: %v", err)
		}
		if _, err := o.EraseCandidate(o.as("admin"), hiring.EraseCandidateInput{CandidateID: ada}); refusedAs(err) != "INVALID" {
			t.Errorf("without a reason: %v", err)
		}

		until := o.now.AddDate(0, 1, 0)
		_, err := o.PlaceLegalHold(o.as("admin"), hiring.PlaceLegalHoldInput{CandidateID: ada, Reason: "A claim.", ExpiresAt: &until})
		o.must(err)
		_, err = erase("admin", ada)
		var held *fault.Error
		if !errors.As(err, &held) || held.Code != fault.CodeLegalHold ||
			held.Message != "the candidate is under a legal hold since 2026-04-11, until 2026-05-11" {
			t.Errorf("under a hold: %v", err)
		}
		if _, err := o.PlaceLegalHold(o.as("admin"), hiring.PlaceLegalHoldInput{CandidateID: ada, Reason: "Another."}); refusedAs(err) != "DUPLICATE" {
			t.Errorf("a second hold: %v", err)
		}
		o.now = until // it ends by itself
		if _, err := o.LiftLegalHold(o.as("admin"), hiring.LiftLegalHoldInput{CandidateID: ada}); refusedAs(err) != "INVALID_TRANSITION" {
			t.Errorf("no hold to lift: %v", err)
		}

		first, err := erase("admin", ada)
		o.must(err)
		again, err := erase("admin", ada)
		o.must(err)
		if first != again {
			t.Errorf("the second receipt is %s, the first was %s", again, first)
		}
		n, err := o.DB.AuditEntry.Query().Where(auditentry.Action("eraseCandidate"), auditentry.SubjectID(ada),
			auditentry.ActorID(o.members["admin"])).Count(o.system())
		if o.must(err); n != 1 {
			t.Errorf("%d audit entries tell of it", n)
		}
		if left, err := o.DB.Candidate.Query().Where(candidate.Name("Erased")).Count(o.system()); err != nil || left > 0 {
			t.Errorf("who never applied leaves %d rows: %v", left, err)
		}

		// The same person may come again, and nothing leads back.
		anew := create()
		_, err = o.CreateApplication(o.as("recruiter"), hiring.CreateApplicationInput{CandidateID: anew, OpeningID: o.opening.ID})
		o.must(err)
		_, err = erase("admin", anew)
		o.must(err)
		nobody, err := o.DB.Candidate.Query().Where(candidate.IsErased(true)).Only(o.system())
		o.must(err)
		if nobody.ID == anew || nobody.ID.Time().Truncate(24*time.Hour) != nobody.ID.Time() {
			t.Errorf("%s tells of %s", nobody.ID, anew)
		}
		for verb, err := range map[string]error{
			"erase": func() error { _, err := erase("admin", nobody.ID); return err }(),
			"export": func() error {
				_, err := o.ExportCandidate(o.as("admin"), hiring.ExportCandidateInput{CandidateID: nobody.ID})
				return err
			}(),
			"update": func() error {
				_, err := o.UpdateCandidate(o.as("admin"), hiring.CandidateUpdate{CandidateID: nobody.ID, ExpectedVersion: nobody.Version})
				return err
			}(),
			"apply": func() error {
				other, _ := o.newOpening("OPEN", 1)
				_, err := o.CreateApplication(o.as("admin"), hiring.CreateApplicationInput{CandidateID: nobody.ID, OpeningID: other.ID})
				return err
			}(),
		} {
			if refusedAs(err) != "INVALID_TRANSITION" {
				t.Errorf("%s nobody: %v", verb, err)
			}
		}
	})
}

// A merge takes a hold along: it is about the person.
func TestHoldsAndConsentsFollowMerges(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		var ids []gid.ID
		for _, name := range []string{"Ada", "Ada Byron"} {
			id, err := d.CreateCandidate(d.as("admin"), hiring.CreateCandidateInput{Name: name})
			d.must(err)
			ids = append(ids, id)
		}
		_, err := d.PlaceLegalHold(d.as("admin"), hiring.PlaceLegalHoldInput{CandidateID: ids[1], Reason: "A claim."})
		d.must(err)
		_, err = d.RecordConsent(d.as("recruiter"), hiring.RecordConsentInput{CandidateID: ids[1], Purpose: consent.PurposeTALENT_POOL, Source: "Form"})
		d.must(err)
		_, err = d.MergeCandidates(d.as("admin"), hiring.MergeCandidatesInput{SurvivorID: ids[0], ExpectedVersion: 1, AbsorbedID: ids[1]})
		d.must(err)
		_, err = d.EraseCandidate(d.as("admin"), hiring.EraseCandidateInput{CandidateID: ids[0], Reason: erasurereceipt.ReasonREQUEST})
		if refusedAs(err) != "LEGAL_HOLD" {
			t.Errorf("the survivor is erased: %v", err)
		}
		if n, err := d.DB.Consent.Query().Where(consent.CandidateID(ids[0])).Count(d.system()); err != nil || n != 1 {
			t.Errorf("the survivor has %d consents: %v", n, err)
		}
	})
}

func TestConsentsEnd(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		id, err := d.CreateCandidate(d.as("admin"), hiring.CreateCandidateInput{Name: "Ada"})
		d.must(err)
		at := func(days float64) *time.Time {
			t := d.now.Add(time.Duration(days * 24 * float64(time.Hour)))
			return &t
		}
		record := func(given, expires *time.Time) error {
			_, err := d.RecordConsent(d.as("recruiter"), hiring.RecordConsentInput{
				CandidateID: id, Purpose: consent.PurposeTALENT_POOL, Source: "Form", GivenAt: given, ExpiresAt: expires,
			})
			return err
		}
		for rule, err := range map[string]error{
			"given in the future":        record(at(1), nil),
			"expired before it is given": record(at(-1), at(-2)),
		} {
			if refusedAs(err) != "INVALID" {
				t.Errorf("%s: %v", rule, err)
			}
		}
		d.must(record(at(-10), at(-1)))
		d.must(record(nil, at(10)))
		if _, err := d.WithdrawConsent(d.as("recruiter"), hiring.WithdrawConsentInput{CandidateID: id, Purpose: consent.PurposePROCESSING}); refusedAs(err) != "INVALID" {
			t.Errorf("withdrawing what was never given: %v", err)
		}
		states := func() (list []hiring.ConsentStatus) {
			rows, err := d.DB.Consent.Query().Order(consent.ByGivenAt()).All(d.system())
			d.must(err)
			for _, c := range rows {
				list = append(list, d.ConsentStatus(c))
			}
			return list
		}
		if got := states(); !slices.Equal(got, []hiring.ConsentStatus{"EXPIRED", "GIVEN"}) {
			t.Errorf("they are %v", got)
		}
		_, err = d.WithdrawConsent(d.as("recruiter"), hiring.WithdrawConsentInput{CandidateID: id, Purpose: consent.PurposeTALENT_POOL})
		d.must(err)
		if got := states(); got[1] != "WITHDRAWN" {
			t.Errorf("they are %v", got)
		}
	})
}

func TestRetentionErasesWhomItLists(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		months := 6
		ctx := o.as("admin")
		_, err := o.SetRetentionRule(ctx, hiring.SetRetentionRuleInput{Since: retentionrule.SinceRECORDED, Months: &months})
		o.must(err)
		rules, err := o.SetRetentionRule(ctx, hiring.SetRetentionRuleInput{Since: retentionrule.SinceRECORDED, Months: to(3)})
		if o.must(err); len(rules) != 1 || rules[0].Months != 3 {
			t.Errorf("the rules are %v", rules)
		}
		create := func(name string) gid.ID {
			id, err := o.CreateCandidate(ctx, hiring.CreateCandidateInput{Name: name})
			o.must(err)
			return id
		}
		first, second, held, active := create("First"), create("Second"), create("Held"), create("Active")
		_, err = o.PlaceLegalHold(ctx, hiring.PlaceLegalHoldInput{CandidateID: held, Reason: "A claim."})
		o.must(err)
		_, err = o.CreateApplication(ctx, hiring.CreateApplicationInput{CandidateID: active, OpeningID: o.opening.ID})
		o.must(err)
		preview := func() *hiring.RetentionPreview {
			p, err := o.RetentionPreview(ctx, 10, false)
			o.must(err)
			return p
		}
		if p := preview(); p.Due != 0 || len(p.Cases) != 0 {
			t.Errorf("on the first day %d are due", p.Due)
		}
		o.now = o.now.AddDate(0, 3, 0)
		p := preview()
		if p.Due != 2 || p.Held != 1 || len(p.Cases) != 3 || p.Cases[0].Candidate.ID != first || p.Cases[2].LegalHold == nil {
			t.Errorf("later it is %+v", p)
		}
		if _, err := o.ApplyRetention(ctx, hiring.ApplyRetentionInput{Limit: 0}); refusedAs(err) != "INVALID" {
			t.Errorf("no limit: %v", err)
		}
		if _, err := o.ApplyRetention(o.as("recruiter"), hiring.ApplyRetentionInput{Limit: 1}); !fault.Is(err, fault.Denied) {
			t.Errorf("a recruiter: %v", err)
		}
		done, err := o.ApplyRetention(ctx, hiring.ApplyRetentionInput{Limit: 1})
		o.must(err)
		if len(done.Receipts) != 1 || done.Receipts[0].CandidateID != first || done.Remaining != 1 || done.Held != 1 {
			t.Errorf("the first call did %+v", done)
		}
		done, err = o.ApplyRetention(ctx, hiring.ApplyRetentionInput{Limit: 100})
		o.must(err)
		if len(done.Receipts) != 1 || done.Receipts[0].CandidateID != second || done.Remaining != 0 || done.Receipts[0].Reason != erasurereceipt.ReasonRETENTION {
			t.Errorf("the second call did %+v", done)
		}
		left, err := o.DB.Candidate.Query().Order(candidate.ByID()).IDs(o.system())
		if o.must(err); !slices.Equal(left, []gid.ID{held, active}) {
			t.Errorf("left are %v", left)
		}
		if _, err := o.RetentionPreview(context.Background(), 10, false); !fault.Is(err, fault.Denied) {
			t.Errorf("nobody sees whom: %v", err)
		}
	})
}
