package hiring_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/stageevent"
	"hireloop/hiring"
	"hireloop/internal/gid"
)

// verbs are all that people do to an application, each in its plainest form: to
// the stage at index, where there is a choice.
func (o *office) verbs(ctx context.Context, a *db.Application, to int) map[string]func() error {
	err := func(_ gid.ID, err error) error { return err }
	stageID, why := o.stages[to].ID, "because"
	return map[string]func() error{
		"advance": func() error {
			return err(o.AdvanceApplication(ctx, hiring.AdvanceApplicationInput{
				ApplicationID: a.ID, ExpectedVersion: a.Version, ToStageID: &stageID, SkipReason: &why}))
		},
		"move back": func() error {
			return err(o.MoveApplicationBack(ctx, hiring.MoveApplicationBackInput{
				ApplicationID: a.ID, ExpectedVersion: a.Version, ToStageID: stageID, Reason: why}))
		},
		"reject": func() error {
			return err(o.RejectApplication(ctx, hiring.RejectApplicationInput{
				ApplicationID: a.ID, ExpectedVersion: a.Version, ReasonID: o.reasons[rejectionreason.InitiatorUS]}))
		},
		"withdraw": func() error {
			return err(o.WithdrawApplication(ctx, hiring.WithdrawApplicationInput{ApplicationID: a.ID, ExpectedVersion: a.Version}))
		},
		"reopen": func() error {
			return err(o.ReopenApplication(ctx, hiring.ReopenApplicationInput{
				ApplicationID: a.ID, ExpectedVersion: a.Version, ToStageID: &stageID, Reason: why}))
		},
		"hire": func() error { return err(o.HireApplication(ctx, o.hire(a))) },
		"undo hire": func() error {
			return err(o.UndoHire(ctx, hiring.UndoHireInput{
				ApplicationID: a.ID, ExpectedVersion: a.Version, ToStageID: &stageID, Reason: why}))
		},
	}
}

// The state machine: which verb leads where from which state. Everything else
// is refused by name, and leaves no trace.
func TestStatesOfAnApplication(t *testing.T) {
	const refused = "INVALID_TRANSITION at applicationId"
	type row = map[string]string // verb → what an application in stage 1, SCREEN, becomes
	table := map[application.Status]row{
		application.StatusACTIVE: {
			"advance":   "SCREEN[10-100 ADVANCED] INTERVIEW[100-…] ACTIVE v2",
			"move back": "SCREEN[10-100 MOVED_BACK] APPLIED[100-…] ACTIVE v2",
			"reject":    "SCREEN[10-100 REJECTED] REJECTED v2",
			"withdraw":  "SCREEN[10-100 WITHDRAWN] WITHDRAWN v2",
			"reopen":    refused,
			"hire":      "SCREEN[10-100 HIRED] HIRED[100-… skipped INTERVIEW skipped OFFER] HIRED v2",
			"undo hire": refused,
		},
		application.StatusREJECTED: {
			"advance": refused, "move back": refused, "reject": refused, "withdraw": refused,
			"reopen":    "SCREEN[10-100 REJECTED] INTERVIEW[100-…] ACTIVE v3",
			"hire":      refused,
			"undo hire": refused,
		},
		application.StatusWITHDRAWN: {
			"advance": refused, "move back": refused, "reject": refused, "withdraw": refused,
			"reopen":    "SCREEN[10-100 WITHDRAWN] INTERVIEW[100-…] ACTIVE v3",
			"hire":      refused,
			"undo hire": refused,
		},
		application.StatusHIRED: {
			"advance": refused, "move back": refused, "reject": refused, "withdraw": refused,
			"reopen": refused, "hire": refused,
			"undo hire": "SCREEN[10-100 HIRED] HIRED[100-100 MOVED_BACK skipped INTERVIEW skipped OFFER] INTERVIEW[100-…] ACTIVE v3",
		},
	}
	eachOffice(t, func(t *testing.T, o *office) {
		o.opening, o.stages = o.newOpening(opening.StatusOPEN, 20)
		for state, row := range table {
			for verb, want := range row {
				t.Run(string(state)+" "+verb, func(t *testing.T) {
					a, target := o.bring(state), 2
					if verb == "move back" {
						target = 0
					}
					do := o.verbs(o.as("manager"), a, target)[verb]
					if want == refused {
						o.refuses(t, refusal{"is refused", want, func() error {
							err := do()
							if text := fmt.Sprint(err); !strings.Contains(text, "application is "+string(state)+": cannot") {
								t.Errorf("%q does not name the state", text)
							}
							return err
						}})
						return
					}
					if err := do(); err != nil {
						t.Fatal(err)
					}
					if got := o.tell(a.ID); got != want {
						t.Errorf("got  %s\nwant %s", got, want)
					}
				})
			}
		}
	})
}

// What can be done to the applications of an opening in each of its states.
func TestStatesOfAnOpening(t *testing.T) {
	allowed := map[opening.Status][]string{
		opening.StatusDRAFT:     {},
		opening.StatusOPEN:      {"advance", "move back", "reject", "withdraw", "reopen", "hire", "undo hire"},
		opening.StatusPAUSED:    {"advance", "move back", "reject", "withdraw", "reopen", "hire", "undo hire"},
		opening.StatusFILLED:    {"reject", "withdraw", "undo hire"},
		opening.StatusCANCELLED: {"reject", "withdraw"},
	}
	eachOffice(t, func(t *testing.T, o *office) {
		for state, verbs := range allowed {
			for verb, from := range map[string]application.Status{
				"advance": application.StatusACTIVE, "move back": application.StatusACTIVE,
				"reject": application.StatusACTIVE, "withdraw": application.StatusACTIVE,
				"reopen": application.StatusWITHDRAWN, "undo hire": application.StatusHIRED,
			} {
				t.Run(fmt.Sprintf("%s %s", state, verb), func(t *testing.T) {
					o.opening, o.stages = o.newOpening(opening.StatusOPEN, 2)
					a := o.bring(from)
					o.setOpening(o.opening, state)
					target := 2
					if verb == "move back" {
						target = 0
					}
					do := o.verbs(o.as("recruiter"), a, target)[verb]
					for _, v := range verbs {
						if v == verb {
							if err := do(); err != nil {
								t.Error(err)
							}
							return
						}
					}
					o.refuses(t, refusal{"is refused", "INVALID_TRANSITION at applicationId", do})
				})
			}
		}
	})
}

func TestAdvanceApplication(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		t.Run("to the next stage unless another is named", func(t *testing.T) {
			a := o.apply(0)
			_, err := o.AdvanceApplication(o.as("manager"), hiring.AdvanceApplicationInput{
				ApplicationID: a.ID, ExpectedVersion: 1, OccurredAt: to(dayOf(12)),
			})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := o.tell(a.ID), "APPLIED[10-12 ADVANCED] SCREEN[12-…] ACTIVE v2"; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if got := o.application(a.ID); !got.LastActivityAt.Equal(dayOf(12)) || !got.StageEnteredAt.Equal(dayOf(12)) || !got.UpdatedAt.Equal(o.now) {
				t.Errorf("stored %v", got)
			}
		})
		t.Run("a referral past the recruiter's screen", func(t *testing.T) {
			a := o.apply(0)
			_, err := o.AdvanceApplication(o.as("recruiter"), hiring.AdvanceApplicationInput{
				ApplicationID: a.ID, ExpectedVersion: 1, ToStageID: &o.stages[2].ID,
				SkipReason: to("Strong referral; the manager talks to them directly"),
			})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := o.tell(a.ID), "APPLIED[10-100 ADVANCED] INTERVIEW[100-… skipped SCREEN] ACTIVE v2"; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			e, err := o.DB.StageEvent.Query().Where(stageevent.ApplicationID(a.ID), stageevent.Sequence(2)).Only(o.system())
			o.must(err)
			if e.Reason == nil || !strings.HasPrefix(*e.Reason, "Strong referral") {
				t.Errorf("the reason was not kept: %v", e)
			}
		})
	})
}

func TestMovesRefuse(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		_, foreign := o.newOpening(opening.StatusOPEN, 1)
		a := o.apply(1)
		hidden := o.bring(application.StatusREJECTED)
		err := func(_ gid.ID, err error) error { return err }
		advance := func(who string, change func(*hiring.AdvanceApplicationInput)) func() error {
			in := hiring.AdvanceApplicationInput{ApplicationID: a.ID, ExpectedVersion: 1}
			change(&in)
			return func() error { return err(o.AdvanceApplication(o.as(who), in)) }
		}
		back := func(change func(*hiring.MoveApplicationBackInput)) func() error {
			in := hiring.MoveApplicationBackInput{ApplicationID: a.ID, ExpectedVersion: 1, ToStageID: o.stages[0].ID, Reason: "too early"}
			change(&in)
			return func() error { return err(o.MoveApplicationBack(o.as("recruiter"), in)) }
		}
		reject := func(reason gid.ID, comment string) func() error {
			return func() error {
				return err(o.RejectApplication(o.as("recruiter"), hiring.RejectApplicationInput{
					ApplicationID: a.ID, ExpectedVersion: 1, ReasonID: reason, Comment: &comment}))
			}
		}
		withdraw := func(reason gid.ID) func() error {
			return func() error {
				return err(o.WithdrawApplication(o.as("recruiter"), hiring.WithdrawApplicationInput{
					ApplicationID: a.ID, ExpectedVersion: 1, ReasonID: &reason}))
			}
		}
		reopen := func(change func(*hiring.ReopenApplicationInput)) func() error {
			in := hiring.ReopenApplicationInput{ApplicationID: hidden.ID, ExpectedVersion: 2, Reason: "a second look"}
			change(&in)
			return func() error { return err(o.ReopenApplication(o.as("recruiter"), in)) }
		}
		last := o.apply(3)
		type (
			adv = *hiring.AdvanceApplicationInput
			bck = *hiring.MoveApplicationBackInput
			rop = *hiring.ReopenApplicationInput
		)
		o.refuses(t,
			refusal{"an unknown application", "NOT_FOUND at applicationId", advance("recruiter", func(in adv) { in.ApplicationID = o.id(gid.Application) })},
			refusal{"an id of another kind", "NOT_FOUND at applicationId", advance("recruiter", func(in adv) { in.ApplicationID = o.opening.ID })},
			refusal{"nobody", "FORBIDDEN at ", advance("", func(adv) {})},
			refusal{"the manager of other openings sees none", "NOT_FOUND at applicationId", advance("stranger", func(adv) {})},
			refusal{"an analyst sees none", "NOT_FOUND at applicationId", advance("analyst", func(adv) {})},
			refusal{"an interviewer who does not interview them", "NOT_FOUND at applicationId", advance("interviewer", func(adv) {})},
			refusal{"a stale version", "CONFLICT at expectedVersion", advance("recruiter", func(in adv) { in.ExpectedVersion = 7 })},
			refusal{"a stale version of an ended one: the conflict comes first", "CONFLICT at expectedVersion",
				advance("recruiter", func(in adv) { in.ApplicationID = hidden.ID })},
			refusal{"a jump without a reason", "REASON_REQUIRED at skipReason", advance("recruiter", func(in adv) { in.ToStageID = &o.stages[3].ID })},
			refusal{"a jump for a blank reason", "REASON_REQUIRED at skipReason", advance("recruiter", func(in adv) {
				in.ToStageID, in.SkipReason = &o.stages[3].ID, to(" \n")
			})},
			refusal{"a jump for an endless reason", "INVALID at skipReason", advance("recruiter", func(in adv) {
				in.ToStageID, in.SkipReason = &o.stages[3].ID, to(strings.Repeat("x", 10_000))
			})},
			refusal{"into the stage of the hired", "INVALID_TRANSITION at toStageId", advance("recruiter", func(in adv) {
				in.ToStageID, in.SkipReason = &o.stages[4].ID, to("now")
			})},
			refusal{"the next stage is that of the hired", "INVALID_TRANSITION at applicationId", advance("recruiter", func(in adv) { in.ApplicationID = last.ID })},
			refusal{"into the present stage", "INVALID_TRANSITION at toStageId", advance("recruiter", func(in adv) { in.ToStageID = &o.stages[1].ID })},
			refusal{"into an earlier stage", "INVALID_TRANSITION at toStageId", advance("recruiter", func(in adv) { in.ToStageID = &o.stages[0].ID })},
			refusal{"into a stage of another opening", "NOT_FOUND at toStageId", advance("recruiter", func(in adv) { in.ToStageID = &foreign[2].ID })},
			refusal{"in the future", "INVALID at occurredAt", advance("recruiter", func(in adv) { in.OccurredAt = to(o.now.Add(time.Second)) })},
			refusal{"before the event before it", "INVALID at occurredAt", advance("recruiter", func(in adv) { in.OccurredAt = to(dayOf(9.99)) })},

			refusal{"back to a later stage", "INVALID_TRANSITION at toStageId", back(func(in bck) { in.ToStageID = o.stages[2].ID })},
			refusal{"back to the present stage", "INVALID_TRANSITION at toStageId", back(func(in bck) { in.ToStageID = o.stages[1].ID })},
			refusal{"back without a reason", "REASON_REQUIRED at reason", back(func(in bck) { in.Reason = "" })},
			refusal{"back with half a character", "INVALID at reason", back(func(in bck) { in.Reason = "caf\xc3" })},
			refusal{"back to nowhere", "NOT_FOUND at toStageId", back(func(in bck) { in.ToStageID = o.id(gid.Stage) })},

			refusal{"reject for a reason of the candidate's", "INVALID at reasonId", reject(o.reasons[rejectionreason.InitiatorTHEM], "")},
			refusal{"reject for an unknown reason", "NOT_FOUND at reasonId", reject(o.id(gid.RejectionReason), "")},
			refusal{"reject for something else", "NOT_FOUND at reasonId", reject(a.ID, "")},
			refusal{"reject with a comment that holds NUL", "INVALID at comment", reject(o.reasons[rejectionreason.InitiatorUS], "a\x00b")},
			refusal{"withdraw for a reason of the company's", "INVALID at reasonId", withdraw(o.reasons[rejectionreason.InitiatorUS])},

			refusal{"reopen without a reason", "REASON_REQUIRED at reason", reopen(func(in rop) { in.Reason = "\t" })},
			refusal{"reopen into the stage of the hired", "INVALID_TRANSITION at toStageId", reopen(func(in rop) { in.ToStageID = &o.stages[4].ID })},
			refusal{"reopen into a stage of another opening", "NOT_FOUND at toStageId", reopen(func(in rop) { in.ToStageID = &foreign[0].ID })},
			refusal{"all that is wrong at once", "REASON_REQUIRED at reason, INVALID at occurredAt", reopen(func(in rop) {
				in.Reason, in.OccurredAt = "", to(dayOf(101))
			})},
		)
	})
}

func TestAStaleVersionIsToldThePresentOne(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		a := o.bring(application.StatusREJECTED)
		_, err := o.WithdrawApplication(o.as("recruiter"), hiring.WithdrawApplicationInput{ApplicationID: a.ID, ExpectedVersion: 1})
		if text := fmt.Sprint(err); !strings.Contains(text, "version 2") {
			t.Errorf("%q does not tell version 2", text)
		}
	})
}

func TestEndsKeepWhy(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		for rule, c := range map[string]struct {
			end    func(*db.Application) (gid.ID, error)
			reason *gid.ID
			after  []string
		}{
			"rejected": {func(a *db.Application) (gid.ID, error) {
				return o.RejectApplication(o.as("manager"), hiring.RejectApplicationInput{
					ApplicationID: a.ID, ExpectedVersion: 1, ReasonID: o.reasons[rejectionreason.InitiatorUS],
					Comment: to("שלום 👋"), OccurredAt: to(dayOf(20))})
			}, to(o.reasons[rejectionreason.InitiatorUS]), []string{"application.created", "application.rejected"}},
			"withdrawn for a reason of neither": {func(a *db.Application) (gid.ID, error) {
				return o.WithdrawApplication(o.as("manager"), hiring.WithdrawApplicationInput{
					ApplicationID: a.ID, ExpectedVersion: 1, ReasonID: to(o.reasons[rejectionreason.InitiatorOTHER]),
					Comment: to("שלום 👋"), OccurredAt: to(dayOf(20))})
			}, to(o.reasons[rejectionreason.InitiatorOTHER]), []string{"application.created", "application.withdrawn"}},
			"withdrawn for no reason": {func(a *db.Application) (gid.ID, error) {
				return o.WithdrawApplication(o.as("manager"), hiring.WithdrawApplicationInput{
					ApplicationID: a.ID, ExpectedVersion: 1, Comment: to("שלום 👋"), OccurredAt: to(dayOf(20))})
			}, nil, []string{"application.created", "application.withdrawn"}},
		} {
			t.Run(rule, func(t *testing.T) {
				a := o.apply(2)
				if _, err := c.end(a); err != nil {
					t.Fatal(err)
				}
				got := o.application(a.ID)
				if got.ClosedAt == nil || !got.ClosedAt.Equal(dayOf(20)) {
					t.Errorf("closed at %v", got.ClosedAt)
				}
				if diff := cmp.Diff(c.reason, got.RejectionReasonID); diff != "" {
					t.Error(diff)
				}
				e, err := o.DB.StageEvent.Query().Where(stageevent.ApplicationID(a.ID), stageevent.Sequence(2)).Only(o.system())
				o.must(err)
				if e.Reason == nil || *e.Reason != "שלום 👋" {
					t.Errorf("comment %v", e.Reason)
				}
				if diff := cmp.Diff(c.after, o.happened(2)); diff != "" {
					t.Error(diff)
				}

				// Taken up again, it has not ended and has no reason for an end.
				_, err = o.ReopenApplication(o.as("manager"), hiring.ReopenApplicationInput{ApplicationID: a.ID, ExpectedVersion: 2, Reason: "they called"})
				o.must(err)
				if got := o.application(a.ID); got.ClosedAt != nil || got.RejectionReasonID != nil || got.StageID != o.stages[2].ID {
					t.Errorf("reopened: %v", got)
				}
			})
		}
	})
}

// The audit trail says who moved what from where to where, by ids and states.
func TestMovesAreAudited(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		a := o.apply(0)
		o.must(o.verbs(o.as("manager"), a, 2)["advance"]())
		entry, err := o.DB.AuditEntry.Query().Where(auditentry.Action("advanceApplication")).Only(o.system())
		o.must(err)
		e, err := o.DB.StageEvent.Query().Where(stageevent.ApplicationID(a.ID), stageevent.Sequence(2)).Only(o.system())
		o.must(err)
		if *entry.SubjectID != a.ID || *entry.ActorID != o.members["manager"] || !entry.RecordedAt.Equal(o.now) {
			t.Errorf("entry %v", entry)
		}
		want := map[string]any{
			"applicationId": a.ID.String(), "stageEventId": e.ID.String(),
			"fromStageId": o.stages[0].ID.String(), "toStageId": o.stages[2].ID.String(),
			"from": "ACTIVE", "to": "ACTIVE",
		}
		if diff := cmp.Diff(want, entry.Details); diff != "" {
			t.Error(diff)
		}
	})
}
