package hiring

import (
	"context"
	"regexp"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/interview"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// What one loop may have.
const (
	maxInterviews   = 20
	maxFocus        = 7 // signals of an interview: more than these nobody takes notes of
	maxInterviewers = 3 // of an interview
	maxShadows      = 2 // beside them
)

// longest is how long an interview may last at most; a longer one is a mistake
// in its date.
const longest = 12 * time.Hour

var focusArea = regexp.MustCompile(`^[a-z0-9_]{1,60}$`)

// readInterviews checks the interviews that the input lists at path, in which
// people use an edition. They are not written yet, and nobody has looked who
// sits in them: see checkPlaces.
func (w *write) readInterviews(problems *fault.List, path string, in []*LoopInterviewInput, e *edition, a *db.Application) []*db.Interview {
	if len(in) == 0 {
		problems.Add(fault.Required(path))
	}
	if !atMost(problems, path, len(in), maxInterviews) {
		return nil
	}
	interviews := make([]*db.Interview, len(in))
	for n, one := range in {
		interviews[n] = w.readInterview(problems, at(path, n), one, e, a)
		interviews[n].Position = n
	}
	return interviews
}

// readInterview checks one interview that the input describes at path.
func (w *write) readInterview(problems *fault.List, path string, in *LoopInterviewInput, e *edition, a *db.Application) *db.Interview {
	i := &db.Interview{
		ID: w.id(gid.Interview), Status: interview.StatusPLANNED, Version: 1,
		Key: in.Key, Minutes: in.Minutes, FocusSignals: in.FocusSignals,
	}
	switch {
	case in.Key == "":
		problems.Add(fault.Required(path + ".key"))
	case !focusArea.MatchString(in.Key):
		problems.Add(fault.Invalidf(path+".key", "must be of a to z, digits and _, at most 60 of them"))
	}
	i.Name = line(problems, path+".name", in.Name, maxName)
	within(problems, path+".minutes", in.Minutes, 15, 480)
	e.checkFocus(problems, path+".focusSignals", in.FocusSignals)
	i.Edges.Seats = w.readSeats(problems, path+".seats", in.Seats, i.ID)
	if in.StartsAt != nil {
		setTime(problems, path+".startsAt", path+".startsAt", i, *in.StartsAt, nil, a)
	}
	return i
}

// checkFocus refuses focus signals that the edition does not have.
func (e *edition) checkFocus(problems *fault.List, path string, focus []string) {
	if len(focus) == 0 {
		problems.Add(fault.Required(path))
	}
	if !atMost(problems, path, len(focus), maxFocus) {
		return
	}
	for n, key := range focus {
		switch {
		case !e.has(key):
			problems.Add(fault.Invalidf(at(path, n), "is no signal of the rubric"))
		case slices.Index(focus, key) < n:
			problems.Add(fault.Invalidf(at(path, n), "is in the list twice"))
		}
	}
}

// readSeats checks the places of an interview.
func (w *write) readSeats(problems *fault.List, path string, in []*InterviewSeatInput, interviewID gid.ID) []*db.InterviewSeat {
	if !atMost(problems, path, len(in), maxInterviewers+maxShadows) {
		return nil
	}
	seats := make([]*db.InterviewSeat, len(in))
	for n, one := range in {
		seats[n] = &db.InterviewSeat{
			ID: w.id(gid.InterviewSeat), InterviewID: interviewID, Position: n,
			Role: line(problems, at(path, n, "role"), one.Role, maxName), MemberID: one.MemberID,
			IsShadow: one.IsShadow != nil && *one.IsShadow,
		}
		if one.MemberID != nil && sitsIn(seats[:n], *one.MemberID) {
			problems.Add(fault.Invalidf(at(path, n, "memberId"), "has a place in the interview already"))
		}
	}
	switch raters, shadows := countSeats(seats); {
	case raters == 0:
		problems.Add(fault.Required(path).WithHint("somebody interviews, and does not only learn"))
	case raters > maxInterviewers:
		problems.Add(fault.Invalidf(path, "has %d who interview, at most %d are allowed", raters, maxInterviewers))
	case shadows > maxShadows:
		problems.Add(fault.Invalidf(path, "has %d who learn, at most %d are allowed", shadows, maxShadows))
	}
	return seats
}

// countSeats counts the places of those who interview and of those who learn.
func countSeats(seats []*db.InterviewSeat) (raters, shadows int) {
	for _, s := range seats {
		if s.IsShadow {
			shadows++
		} else {
			raters++
		}
	}
	return raters, shadows
}

func sitsIn(seats []*db.InterviewSeat, member gid.ID) bool {
	return slices.ContainsFunc(seats, func(s *db.InterviewSeat) bool { return s.MemberID != nil && *s.MemberID == member })
}

// setTime gives an interview its time, unless that is wrong; to is nil for after
// its minutes. The past is fine, as some write down what has happened.
func setTime(problems *fault.List, fromPath, toPath string, i *db.Interview, from time.Time, to *time.Time, a *db.Application) {
	from = from.UTC().Truncate(time.Microsecond)
	end := from.Add(time.Duration(i.Minutes) * time.Minute)
	if to != nil {
		end = to.UTC().Truncate(time.Microsecond)
	}
	switch {
	case from.Before(a.AppliedAt):
		problems.Add(fault.Invalidf(fromPath, "is before the application, of %s", instant(a.AppliedAt)))
	case from.Year() > 9999:
		problems.Add(fault.Invalidf(fromPath, "is after the year 9999"))
	case to != nil && !end.After(from):
		problems.Add(fault.Invalidf(toPath, "must be after the beginning"))
	case to != nil && end.Sub(from) > longest:
		problems.Add(fault.Invalidf(toPath, "is more than %d hours after the beginning", int(longest.Hours())))
	default:
		i.StartsAt, i.EndsAt, i.Status = &from, &end, interview.StatusSCHEDULED
	}
}

// writeInterviews writes new interviews of a loop with their places.
func (w *write) writeInterviews(ctx context.Context, loopID gid.ID, interviews []*db.Interview) error {
	var rows []*db.InterviewCreate
	var seats []*db.InterviewSeatCreate
	for _, i := range interviews {
		rows = append(rows, w.Interview.Create().SetID(i.ID).SetLoopID(loopID).SetPosition(i.Position).
			SetKey(i.Key).SetName(i.Name).SetMinutes(i.Minutes).SetFocusSignals(i.FocusSignals).
			SetStatus(i.Status).SetNillableStartsAt(i.StartsAt).SetNillableEndsAt(i.EndsAt).
			SetCreatedAt(w.now).SetUpdatedAt(w.now))
		for _, s := range i.Edges.Seats {
			seats = append(seats, w.InterviewSeat.Create().SetID(s.ID).SetInterviewID(i.ID).SetPosition(s.Position).
				SetRole(s.Role).SetNillableMemberID(s.MemberID).SetIsShadow(s.IsShadow))
		}
	}
	if err := w.Interview.CreateBulk(rows...).Exec(ctx); err != nil {
		return err
	}
	return w.InterviewSeat.CreateBulk(seats...).Exec(ctx)
}
