package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/schema"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/relay"
	"hireloop/rubric"
)

// FocusSignals are what these interviews ask to be rated, in the order of the
// edition that their loops pinned, with what one level asks of it: the loop's
// target when level is nil. An interview is left out when its edition's ladder
// has no such level; without an edition there is nothing to rate, and the list
// is empty. The statements are as many however many interviews there are.
//
// It is asked as System: whoever sees a scorecard may know what it answers, also
// when they see the interview no longer.
func (s *Service) FocusSignals(ctx context.Context, interviewIDs []gid.ID, level *gid.ID) (map[gid.ID][]*FocusSignal, error) {
	ctx = access.System(ctx)
	interviews, err := s.DB.Interview.Query().Where(relay.IDs(interview.FieldID, interviewIDs)).All(ctx)
	if err != nil {
		return nil, err
	}
	loopIDs := make([]gid.ID, len(interviews))
	for i, one := range interviews {
		loopIDs[i] = one.LoopID
	}
	loops, err := s.DB.Loop.Query().Where(relay.IDs(loop.FieldID, distinct(loopIDs))).All(ctx)
	if err != nil {
		return nil, err
	}
	byID := make(map[gid.ID]*db.Loop, len(loops))
	var pinned []gid.ID
	for _, l := range loops {
		byID[l.ID] = l
		if l.RubricVersionID != nil {
			pinned = append(pinned, *l.RubricVersionID)
		}
	}
	read, err := editions(ctx, s.DB, pinned)
	if err != nil {
		return nil, err
	}
	focus := make(map[gid.ID][]*FocusSignal, len(interviews))
	for _, i := range interviews {
		l := byID[i.LoopID]
		if l.RubricVersionID == nil {
			focus[i.ID] = []*FocusSignal{}
			continue
		}
		e := read[*l.RubricVersionID]
		at := l.TargetLevelID
		if level != nil {
			at = level
		}
		asking := "" // no level
		if at != nil {
			l, there := e.byID[*at]
			if !there {
				continue
			}
			asking = l.Key
		}
		focus[i.ID] = e.focus(i.FocusSignals, asking)
	}
	return focus, nil
}

// focus are the signals of these keys, with what the level asks of each.
func (e *edition) focus(signals []string, level string) []*FocusSignal {
	list := []*FocusSignal{}
	for _, s := range e.content.Signals {
		if slices.Contains(signals, s.Key) {
			list = append(list, focusSignal(e.ladder, s, level))
		}
	}
	return list
}

func focusSignal(ladder rubric.Ladder, s rubric.Signal, level string) *FocusSignal {
	f := &FocusSignal{Key: s.Key, Name: s.Name, Assesses: s.Assesses}
	for _, a := range s.Anchors {
		f.Anchors = append(f.Anchors, schema.Anchor(a))
	}
	for _, r := range s.RedFlags {
		f.RedFlags = append(f.RedFlags, schema.RedFlag{Key: r.Key, Severity: string(r.Severity), Text: r.Text})
	}
	if asks, asked := s.Effective(ladder, level); asked {
		f.IsAsked, f.MustHave, f.Expectation = true, asks.MustHave, asks.Expectation
	}
	return f
}
