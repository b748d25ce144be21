package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// AssignInterviewer puts somebody into a place of an interview that is ahead, or
// into a new one. Whoever had the place before owes nothing any more. The id is
// the interview's.
func (s *Service) AssignInterviewer(ctx context.Context, in AssignInterviewerInput) (gid.ID, error) {
	return in.InterviewID, s.change(ctx, "assignInterviewer", func(ctx context.Context, w *write) error {
		held, err := w.holdInterview(ctx, "interviewId", in.InterviewID, in.ExpectedVersion)
		if err != nil {
			return err
		}
		var problems fault.List
		problems.Add(pursued(held.application, "interviewId", "assign interviewers"))
		problems.Add(held.ahead("interviewId", "assign interviewers"))
		seat, before := w.readPlace(&problems, in, held.interview)
		if of(&problems, "memberId", in.MemberID, gid.Member) {
			places := []place{{"memberId", in.MemberID, held.interview}}
			if err := w.checkPlaces(ctx, &problems, held.application, places); err != nil {
				return err
			}
		}
		if err := problems.Err(); err != nil {
			return err
		}
		return w.seat(ctx, held, seat, before)
	})
}

// readPlace checks which place the input means, and gives it as it is to be, and
// as it was: nil for a new one.
func (w *write) readPlace(problems *fault.List, in AssignInterviewerInput, i *db.Interview) (seat, before *db.InterviewSeat) {
	others := slices.Clone(i.Edges.Seats)
	seat = &db.InterviewSeat{InterviewID: i.ID}
	if in.SeatID != nil {
		n := slices.IndexFunc(others, func(s *db.InterviewSeat) bool { return s.ID == *in.SeatID })
		if n < 0 {
			problems.Add(fault.Missing("seatId", "place of this interview"))
			return seat, nil
		}
		before = others[n]
		*seat = *before
		others = slices.Delete(others, n, n+1)
	} else {
		seat.ID = w.id(gid.InterviewSeat)
		for _, other := range others {
			seat.Position = max(seat.Position, other.Position+1)
		}
		if in.Role == nil {
			problems.Add(fault.Required("role"))
		}
	}
	if in.Role != nil {
		seat.Role = line(problems, "role", *in.Role, maxName)
	}
	if in.IsShadow != nil {
		seat.IsShadow = *in.IsShadow
	}
	seat.MemberID = &in.MemberID
	if sitsIn(others, in.MemberID) {
		problems.Add(fault.Invalidf("memberId", "has a place in the interview already"))
	}
	switch raters, shadows := countSeats(append(others, seat)); {
	case raters == 0:
		problems.Add(fault.Invalidf("isShadow", "leaves nobody who interviews and does not only learn"))
	case raters > maxInterviewers:
		problems.Add(fault.Invalidf("interviewId", "has %d who interview already, no more are allowed", maxInterviewers))
	case shadows > maxShadows:
		problems.Add(fault.Invalidf("interviewId", "has %d who learn already, no more are allowed", maxShadows))
	}
	return seat, before
}

// seat writes who has a place, and what they owe from now on.
func (w *write) seat(ctx context.Context, held *session, seat, before *db.InterviewSeat) error {
	i := held.interview
	details := map[string]any{"seatId": seat.ID, "memberId": *seat.MemberID, "isShadow": seat.IsShadow}
	exposed, err := w.exposed(ctx, held.application, []gid.ID{*seat.MemberID})
	if err != nil {
		return err
	}
	if before == nil {
		err = w.InterviewSeat.Create().SetID(seat.ID).SetInterviewID(i.ID).SetPosition(seat.Position).
			SetRole(seat.Role).SetMemberID(*seat.MemberID).SetIsShadow(seat.IsShadow).Exec(ctx)
	} else {
		if before.MemberID != nil && *before.MemberID != *seat.MemberID {
			details["fromMemberId"] = *before.MemberID
			if details["voidScorecardIds"], err = w.release(ctx, held, *before.MemberID); err != nil {
				return err
			}
			w.emit(happening{Type: "interview.unassigned", Subject: i.ID, Opening: held.application.OpeningID, Application: held.application.ID})
		}
		err = w.InterviewSeat.UpdateOneID(seat.ID).SetRole(seat.Role).SetMemberID(*seat.MemberID).ClearVacatedReason().SetIsShadow(seat.IsShadow).Exec(ctx)
	}
	if err != nil {
		return err
	}
	if held.loop.Status == loop.StatusACTIVE {
		if err := w.bookCard(ctx, held.loop, i, seat, exposed[*seat.MemberID]); err != nil {
			return err
		}
	}
	return w.saveInterview(ctx, held, w.Interview.UpdateOne(i), "interview.assigned", details)
}

// release has somebody owe nothing any more for an interview; what they handed
// in is kept.
func (w *write) release(ctx context.Context, held *session, member gid.ID) ([]gid.ID, error) {
	return w.voidDrafts(ctx, held.application, scorecard.VoidReasonCANCELLED,
		scorecard.InterviewID(held.interview.ID), scorecard.InterviewerID(member))
}

// leavable refuses, at path, to take who has a place out of an interview that is
// over. Of one that took place goes who owes a scorecard and will not write it,
// as when they left the company.
func (w *write) leavable(ctx context.Context, path string, held *session, member gid.ID) error {
	err := held.ahead(path, "unassign interviewers")
	if err == nil {
		return nil
	}
	if held.interview.Status != interview.StatusCOMPLETED {
		return err
	}
	owing, failed := w.Scorecard.Query().Where(scorecard.InterviewID(held.interview.ID), scorecard.InterviewerID(member),
		scorecard.StatusEQ(scorecard.StatusDRAFT)).Exist(access.System(ctx))
	if failed != nil || owing {
		return failed
	}
	return err
}

// leavesBlind refuses whoever would leave an interview to read what others said.
func (w *write) leavesBlind(ctx context.Context, path string, held *session, id gid.ID) error {
	if id != w.viewer.Member {
		return nil
	}
	told, err := w.Scorecard.Query().Where(scorecard.ApplicationID(held.application.ID), scorecard.InterviewerIDNEQ(id),
		scorecard.SubmittedAtNotNil(), scorecard.StatusNEQ(scorecard.StatusVOID)).Exist(access.System(ctx))
	if err == nil && told {
		err = fault.Conflictf(path, "others have handed in what they found: nobody takes themselves out then").
			WithHint("somebody else who runs the application does it")
	}
	return err
}

// UnassignInterviewer takes somebody out of an interview that is ahead, or who
// never handed in what they owe for one that took place; their place stays. The
// id is the interview's.
func (s *Service) UnassignInterviewer(ctx context.Context, in UnassignInterviewerInput) (gid.ID, error) {
	return s.create(ctx, "unassignInterviewer", func(ctx context.Context, w *write) (gid.ID, error) {
		const path = "seatId"
		var problems fault.List
		why := reason(&problems, "reason", in.Reason)
		if !of(&problems, path, in.SeatID, gid.InterviewSeat) {
			return gid.Nil, problems
		}
		seen, err := w.InterviewSeat.Get(ctx, in.SeatID)
		if db.IsNotFound(err) {
			problems.Add(missing(path, gid.InterviewSeat))
			return gid.Nil, problems
		}
		if err != nil {
			return gid.Nil, err
		}
		held, err := w.holdInterview(ctx, path, seen.InterviewID, in.ExpectedVersion)
		if err != nil {
			return gid.Nil, err
		}
		n := slices.IndexFunc(held.interview.Edges.Seats, func(s *db.InterviewSeat) bool { return s.ID == in.SeatID })
		if n < 0 { // the interviews of a draft were replaced meanwhile
			return gid.Nil, missing(path, gid.InterviewSeat)
		}
		seat := held.interview.Edges.Seats[n]
		if seat.MemberID == nil {
			problems.Add(fault.New(fault.Invalid, fault.CodeInvalidTransition, path, "nobody has the place"))
		}
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		if err := w.leavable(ctx, path, held, *seat.MemberID); err != nil {
			return gid.Nil, err
		}
		if err := w.leavesBlind(ctx, path, held, *seat.MemberID); err != nil {
			return gid.Nil, err
		}
		if err := w.InterviewSeat.UpdateOne(seat).ClearMemberID().SetVacatedReason(why).Exec(ctx); err != nil {
			return gid.Nil, err
		}
		voided, err := w.release(ctx, held, *seat.MemberID)
		if err != nil {
			return gid.Nil, err
		}
		id := held.interview.ID
		return id, w.saveInterview(ctx, held, w.Interview.UpdateOne(held.interview), "interview.unassigned", map[string]any{
			"seatId": seat.ID, "fromMemberId": *seat.MemberID, "voidScorecardIds": voided,
		})
	})
}
