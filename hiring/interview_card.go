package hiring

import (
	"context"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// ScorecardState is where a scorecard stands, without what it says.
type ScorecardState struct {
	ScorecardID gid.ID
	Status      scorecard.Status
	DueAt       *time.Time
	IsOverdue   bool
	SubmittedAt *time.Time
}

// ScorecardStates is where the cards of these interviews stand, by interview and
// by who wrote them, in three statements: one's own, and all of the applications
// that the viewer runs. It tells nothing of what cards say, so that also those
// see it who are still blind.
func (s *Service) ScorecardStates(ctx context.Context, interviewIDs []gid.ID) (map[gid.ID]map[gid.ID]*ScorecardState, error) {
	viewer := access.ViewerOf(ctx)
	if viewer == nil {
		return nil, nil
	}
	cards, err := s.DB.Scorecard.Query().Where(relay.IDs(scorecard.FieldInterviewID, interviewIDs)).All(access.System(ctx))
	if err != nil {
		return nil, err
	}
	var ids []gid.ID
	for _, c := range cards {
		ids = append(ids, c.ApplicationID)
	}
	seen, err := s.DB.Application.Query().Where(relay.IDs(application.FieldID, distinct(ids))).IDs(ctx)
	if err != nil {
		return nil, err
	}
	rights, err := s.RightsOverApplications(ctx, seen)
	states := map[gid.ID]map[gid.ID]*ScorecardState{}
	now := s.Now()
	for _, c := range cards {
		if c.InterviewerID != viewer.Member && !rights[c.ApplicationID].Move {
			continue
		}
		if states[c.InterviewID] == nil {
			states[c.InterviewID] = map[gid.ID]*ScorecardState{}
		}
		states[c.InterviewID][c.InterviewerID] = &ScorecardState{
			ScorecardID: c.ID, Status: c.Status, DueAt: c.DueAt, SubmittedAt: c.SubmittedAt,
			IsOverdue: IsOverdue(c, now),
		}
	}
	return states, err
}

// exposed tells who of these people has been able to learn what others handed in
// for the application, or for one that it continues, before they come to owe a
// card for it: now, or when they came to owe an earlier one. Whether the reveal
// policy hid it does not matter, as policies are not all that people learn by. It
// must be asked before they get their places and cards, which change what they
// see. It takes a statement a person, as each sees by rules of their own: of one
// loop these are few, at most maxInterviews times maxInterviewers and maxShadows.
func (w *write) exposed(ctx context.Context, a *db.Application, people []gid.ID) (map[gid.ID]bool, error) {
	applications := []gid.ID{a.ID}
	for from := a.TransferredFromID; from != nil && !slices.Contains(applications, *from); {
		former, err := w.Application.Get(access.System(ctx), *from)
		if err != nil {
			return nil, err
		}
		applications, from = append(applications, former.ID), former.TransferredFromID
	}
	cards, err := w.Scorecard.Query().Where(relay.IDs(scorecard.FieldApplicationID, applications)).All(access.System(ctx))
	if err != nil {
		return nil, err
	}
	exposed, told := map[gid.ID]bool{}, false
	for _, c := range cards {
		exposed[c.InterviewerID] = exposed[c.InterviewerID] || c.IsExposed
		told = told || c.SubmittedAt != nil
	}
	if !told {
		return exposed, nil
	}
	members, err := w.membersOf(ctx, people)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		open := slices.DeleteFunc(slices.Clone(applications), func(id gid.ID) bool { return !tells(cards, id, m.ID) })
		if exposed[m.ID] || len(open) == 0 {
			continue
		}
		exposed[m.ID], err = w.Application.Query().Where(relay.IDs(application.FieldID, open)).Exist(viewedBy(ctx, m))
		if err != nil {
			return nil, err
		}
	}
	return exposed, nil
}

// tells reports whether others handed in a card of an application, and nothing
// keeps a member who sees it blind.
func tells(cards []*db.Scorecard, applicationID, member gid.ID) bool {
	told := false
	for _, c := range cards {
		switch {
		case c.ApplicationID != applicationID:
		case c.InterviewerID != member:
			told = told || c.SubmittedAt != nil
		case c.Status == scorecard.StatusDRAFT:
			return false
		case c.VoidReason != nil && c.SubmittedAt == nil &&
			(*c.VoidReason == scorecard.VoidReasonCONFLICT_OF_INTEREST || *c.VoidReason == scorecard.VoidReasonWRONG_CANDIDATE):
			return false
		}
	}
	return told
}

// seated are the people who have a place in these interviews.
func seated(interviews []*db.Interview) []gid.ID {
	var people []gid.ID
	for _, p := range placesOf(interviews, listed) {
		people = append(people, p.member)
	}
	return distinct(people)
}

// bookCards has everybody who has a place in these new interviews owe a
// scorecard, and tells how many. exposed is what exposed told of them.
func (w *write) bookCards(ctx context.Context, l *db.Loop, interviews []*db.Interview, exposed map[gid.ID]bool) (int, error) {
	var cards []*db.ScorecardCreate
	for _, i := range interviews {
		for _, s := range i.Edges.Seats {
			cards = append(cards, w.newCard(l, i, s, exposed[*s.MemberID]))
		}
	}
	return len(cards), w.Scorecard.CreateBulk(cards...).Exec(ctx)
}

func (w *write) newCard(l *db.Loop, i *db.Interview, s *db.InterviewSeat, exposed bool) *db.ScorecardCreate {
	return w.Scorecard.Create().SetID(w.id(gid.Scorecard)).SetInterviewID(i.ID).SetInterviewerID(*s.MemberID).
		SetLoopID(l.ID).SetApplicationID(l.ApplicationID).SetStatus(scorecard.StatusDRAFT).
		SetNillableDueAt(w.due(i)).SetIsShadow(s.IsShadow).SetIsExposed(exposed).
		SetCreatedAt(w.now).SetUpdatedAt(w.now)
}

// due is when the scorecards of an interview are; nil while it has no time.
func (w *write) due(i *db.Interview) *time.Time {
	if i.StartsAt == nil {
		return nil
	}
	at := w.service.Norms.Due(endOf(i))
	return &at
}

// bookCard has somebody owe a scorecard who got a place in an interview that had
// started to be booked. Their card of an earlier place in it goes on: a void one
// as the draft that it was, one that they handed in as it is.
func (w *write) bookCard(ctx context.Context, l *db.Loop, i *db.Interview, s *db.InterviewSeat, exposed bool) error {
	card, err := w.Scorecard.Query().
		Where(scorecard.InterviewID(i.ID), scorecard.InterviewerID(*s.MemberID)).Only(access.System(ctx))
	if db.IsNotFound(err) {
		return w.newCard(l, i, s, exposed).Exec(ctx)
	}
	if err != nil {
		return err
	}
	if handedIn(card.Status) {
		if card.IsShadow != s.IsShadow {
			return fault.New(fault.Invalid, fault.CodeInvalidTransition, "isShadow", "their scorecard was handed in: whether it counts cannot change")
		}
		return nil
	}
	if card.Status == scorecard.StatusVOID && (*card.VoidReason != scorecard.VoidReasonCANCELLED || card.SubmittedAt != nil) {
		return fault.New(fault.Invalid, fault.CodeInvalidTransition, "memberId", "their scorecard of the interview is void: %s", *card.VoidReason)
	}
	update := w.Scorecard.UpdateOne(card).SetStatus(scorecard.StatusDRAFT).ClearVoidReason().ClearVoidComment().
		SetIsShadow(s.IsShadow).SetIsExposed(card.IsExposed || exposed).SetUpdatedAt(w.now)
	apply(w.due(i), update.SetDueAt, update.ClearDueAt)
	return update.Exec(ctx)
}
