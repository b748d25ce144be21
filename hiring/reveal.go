package hiring

import (
	"context"
	"slices"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/debrief"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/member"
	"hireloop/ent/db/predicate"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// HiddenReason is why others' scorecards are hidden from a viewer.
type HiddenReason string

const (
	OwnReferral         HiddenReason = "OWN_REFERRAL"
	OwnScorecardPending HiddenReason = "OWN_SCORECARD_PENDING"
	ScorecardsPending   HiddenReason = "SCORECARDS_PENDING"
	DebriefNotOpened    HiddenReason = "DEBRIEF_NOT_OPENED"
)

// HiddenScorecards is how many scorecards are hidden from a viewer, and why.
type HiddenScorecards struct {
	Count   int
	Because *HiddenReason // nil when others' cards may be read
}

// LoopScorecards is what is due and in of a loop, for one viewer.
type LoopScorecards struct {
	Expected      int
	Submitted     int
	Overdue       int
	HiddenCount   int
	HiddenBecause *HiddenReason
	Visible       []*db.Scorecard
}

// LoopScorecards tells what is due and in of these loops, and what of it the
// viewer may read, in a constant number of statements. A loop that the viewer
// may not see is left out.
//
// How many cards are due, in and late is counted whoever wrote them, and is the
// same for everybody who sees the loop: it says nothing of what they say.
func (s *Service) LoopScorecards(ctx context.Context, loopIDs []gid.ID) (map[gid.ID]*LoopScorecards, error) {
	c, err := s.curtains(ctx, s.DB.Loop.Query().Where(relay.IDs(loop.FieldID, loopIDs)))
	if err != nil {
		return nil, err
	}
	now := s.Now()
	told := make(map[gid.ID]*LoopScorecards, len(c.loops))
	for _, l := range c.loops {
		t := &LoopScorecards{HiddenBecause: c.because(l), Visible: c.shown[l.ID]}
		for _, card := range c.cards[l.ID] {
			if card.IsShadow || card.Status == scorecard.StatusVOID {
				continue
			}
			t.Expected++
			switch {
			case c.hides(card):
				t.Submitted++
				t.HiddenCount++
			case handedIn(card.Status):
				t.Submitted++
			case IsOverdue(card, now):
				t.Overdue++
			}
		}
		told[l.ID] = t
	}
	return told, nil
}

// HiddenScorecards tells how many scorecards of these applications that were
// handed in are hidden from the viewer, and why, in a constant number of
// statements. An application that the viewer may not see, or that has no loop,
// is left out.
//
// Of several loops, given up or not, the latest that hides anything says why;
// but a loop that was given up matters for what was handed in of it only.
func (s *Service) HiddenScorecards(ctx context.Context, applicationIDs []gid.ID) (map[gid.ID]HiddenScorecards, error) {
	c, err := s.curtains(ctx, s.DB.Loop.Query().Where(relay.IDs(loop.FieldApplicationID, applicationIDs)))
	if err != nil {
		return nil, err
	}
	hidden := map[gid.ID]HiddenScorecards{}
	for _, l := range c.loops {
		h := hidden[l.ApplicationID]
		before := h.Count
		for _, card := range c.cards[l.ID] {
			if c.hides(card) {
				h.Count++
			}
		}
		if h.Because == nil && (l.Status != loop.StatusCANCELLED || h.Count > before || c.owes[l.ApplicationID] || c.referred[l.ApplicationID]) {
			h.Because = c.because(l)
		}
		hidden[l.ApplicationID] = h
	}
	return hidden, nil
}

// curtains is what hides the scorecards of some loops from a viewer: the same
// facts by which access reveals them.
type curtains struct {
	viewer   gid.ID
	loops    []*db.Loop                 // that the viewer sees, the latest first
	cards    map[gid.ID][]*db.Scorecard // by loop, whoever may read them; never to be shown
	shown    map[gid.ID][]*db.Scorecard // by loop; what the viewer may read, by interview and name
	readable map[gid.ID]bool            // the same, by card
	owes     map[gid.ID]bool            // applications for which the viewer owes a card
	referred map[gid.ID]bool            // applications of people whom the viewer referred
	debated  map[gid.ID]bool            // loops with a debrief, of those that wait for one
}

func (s *Service) curtains(ctx context.Context, query *db.LoopQuery) (*curtains, error) {
	c := &curtains{
		cards: map[gid.ID][]*db.Scorecard{}, shown: map[gid.ID][]*db.Scorecard{}, readable: map[gid.ID]bool{},
		owes: map[gid.ID]bool{}, referred: map[gid.ID]bool{}, debated: map[gid.ID]bool{},
	}
	viewer := access.ViewerOf(ctx)
	if viewer == nil {
		return c, nil
	}
	c.viewer = viewer.Member
	var err error
	c.loops, err = query.Order(loop.ByCreatedAt(sql.OrderDesc()), loop.ByID(sql.OrderDesc())).All(ctx)
	if err != nil || len(c.loops) == 0 {
		return c, err
	}
	var ids, applications, waiting []gid.ID
	for _, l := range c.loops {
		ids = append(ids, l.ID)
		applications = append(applications, l.ApplicationID)
		if l.RevealPolicy == loop.RevealPolicyDEBRIEF_OPENED {
			waiting = append(waiting, l.ID)
		}
	}
	all, err := s.DB.Scorecard.Query().Where(relay.IDs(scorecard.FieldLoopID, ids)).All(access.System(ctx))
	if err != nil {
		return nil, err
	}
	for _, card := range all {
		c.cards[card.LoopID] = append(c.cards[card.LoopID], card)
	}
	shown, err := s.DB.Scorecard.Query().Where(relay.IDs(scorecard.FieldLoopID, ids)).
		Order(scorecard.ByInterviewField(interview.FieldPosition), scorecard.ByInterviewerField(member.FieldName), scorecard.ByID()).
		All(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		c.shown[id] = []*db.Scorecard{}
	}
	for _, card := range shown {
		c.shown[card.LoopID] = append(c.shown[card.LoopID], card)
		c.readable[card.ID] = true
	}
	owed, err := s.DB.Scorecard.Query().
		Where(scorecard.InterviewerID(c.viewer), blinding(), relay.IDs(scorecard.FieldApplicationID, distinct(applications))).
		All(ctx)
	if err != nil {
		return nil, err
	}
	for _, card := range owed {
		c.owes[card.ApplicationID] = true
	}
	referred, err := s.DB.Application.Query().Where(relay.IDs(application.FieldID, distinct(applications)), access.Referred(ctx)).IDs(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range referred {
		c.referred[id] = true
	}
	if len(waiting) == 0 {
		return c, nil
	}
	debriefs, err := s.DB.Debrief.Query().Where(relay.IDs(debrief.FieldLoopID, waiting)).
		Select(debrief.FieldLoopID).All(access.System(ctx)) // that there is one is what reveals
	for _, d := range debriefs {
		c.debated[d.LoopID] = true
	}
	return c, err
}

// because is why the cards of others are hidden, nil when they are not. It says
// in words what the rule of access for what a loop reveals says in SQL.
func (c *curtains) because(l *db.Loop) *HiddenReason {
	pending := func(card *db.Scorecard) bool { return card.Status == scorecard.StatusDRAFT && !card.IsShadow }
	var reason HiddenReason
	switch {
	case c.referred[l.ApplicationID]:
		reason = OwnReferral
	case c.owes[l.ApplicationID]:
		reason = OwnScorecardPending
	case l.RevealPolicy == loop.RevealPolicyALL_SUBMITTED && slices.ContainsFunc(c.cards[l.ID], pending):
		reason = ScorecardsPending
	case l.RevealPolicy == loop.RevealPolicyDEBRIEF_OPENED && !c.debated[l.ID]:
		reason = DebriefNotOpened
	default:
		return nil
	}
	return &reason
}

// hides reports whether a card was handed in by somebody else and the viewer may
// not read it.
func (c *curtains) hides(card *db.Scorecard) bool {
	return handedIn(card.Status) && card.InterviewerID != c.viewer && !c.readable[card.ID]
}

// viewedBy is a context in which this member asks.
func viewedBy(ctx context.Context, m *db.Member) context.Context {
	viewer := &access.Viewer{Member: m.ID}
	for _, role := range m.Roles {
		viewer.Roles = append(viewer.Roles, access.Role(role))
	}
	return access.WithViewer(ctx, viewer)
}

// blinding are the cards that keep their interviewers from what others say of an
// application: those to hand in, and those that never will be, as the interviewer
// had a conflict of interest or met somebody else. It says what the rule of access
// says in SQL.
func blinding() predicate.Scorecard {
	return scorecard.Or(
		scorecard.StatusEQ(scorecard.StatusDRAFT),
		scorecard.And(scorecard.StatusEQ(scorecard.StatusVOID), scorecard.SubmittedAtIsNil(),
			scorecard.VoidReasonIn(scorecard.VoidReasonCONFLICT_OF_INTEREST, scorecard.VoidReasonWRONG_CANDIDATE)),
	)
}

// owes refuses, at path, a viewer who owes a scorecard of an application. It
// stands before every check of what others wrote or decided.
func (w *write) owes(ctx context.Context, path string, applicationID gid.ID) error {
	owing, err := w.Scorecard.Query().
		Where(scorecard.ApplicationID(applicationID), scorecard.InterviewerID(w.viewer.Member), blinding()).
		Exist(access.System(ctx))
	if err == nil && owing {
		err = notNow(path, "a card of your own is not in yet").WithHint("hand it in first")
	}
	return err
}

// mayWeigh refuses, at path, a viewer from whom the evidence of the loop is hidden.
// It stands before every check of what others wrote, so that no refusal tells of
// it. That no debrief was opened does not hinder the one who opens it.
func (w *write) mayWeigh(ctx context.Context, path string, l *db.Loop, opens bool) error {
	seen, err := w.Loop.Query().Where(loop.ID(l.ID), evident(ctx)).Exist(ctx)
	if err != nil || seen {
		return err
	}
	if err := w.owes(ctx, path, l.ApplicationID); err != nil {
		return err
	}
	if opens && l.RevealPolicy == loop.RevealPolicyDEBRIEF_OPENED {
		return nil
	}
	return hiddenBy(path, l.RevealPolicy)
}

// mayKnowDecisions refuses, at path, a viewer from whom any evidence on which
// people may have decided about an application is hidden, and so what they decided.
func (w *write) mayKnowDecisions(ctx context.Context, path string, applicationID gid.ID) error {
	if err := w.owes(ctx, path, applicationID); err != nil {
		return err
	}
	hidden, err := w.Loop.Query().
		Where(loop.ApplicationID(applicationID), loop.StatusIn(loop.StatusACTIVE, loop.StatusCOMPLETED), loop.Not(evident(ctx))).
		Order(loop.ByID()).First(access.System(ctx))
	if db.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return hiddenBy(path, hidden.RevealPolicy)
}

// hiddenBy refuses, at path, what takes the evidence that a policy hides.
func hiddenBy(path string, policy loop.RevealPolicy) *fault.Error {
	if policy == loop.RevealPolicyDEBRIEF_OPENED {
		return notNow(path, "scorecards are hidden until a debrief is opened").WithHint("openDebrief first")
	}
	return notNow(path, "scorecards are hidden until all are in").WithHint("wait for them")
}
