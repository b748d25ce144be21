package hiring

import (
	"context"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/interviewseat"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/member"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// place is where somebody is to sit.
type place struct {
	path      string // of the problem with it, in the input
	member    gid.ID
	interview *db.Interview // with its time, if it has one
}

// placesOf are the places of interviews that somebody has; path is that of the
// interview with this index in the input.
func placesOf(interviews []*db.Interview, path func(n int) string) []place {
	var places []place
	for n, i := range interviews {
		for k, s := range i.Edges.Seats {
			if s.MemberID != nil {
				places = append(places, place{at(path(n)+".seats", k, "memberId"), *s.MemberID, i})
			}
		}
	}
	return places
}

// listed is the path of an interview in a list of them.
func listed(n int) string { return at("interviews", n) }

// checkPlaces refuses who must not assess the application, and who cannot be
// there at that time.
func (w *write) checkPlaces(ctx context.Context, problems *fault.List, a *db.Application, places []place) error {
	var ids []gid.ID
	for _, p := range places {
		if p.member.Kind() == gid.Member {
			ids = append(ids, p.member)
		}
	}
	members, err := w.membersOf(ctx, ids)
	if err != nil {
		return err
	}
	isCandidate, err := w.whoIs(ctx, a.CandidateID)
	if err != nil {
		return err
	}
	var able []place
	for _, p := range places {
		switch m := members[p.member]; {
		case m == nil:
			problems.Add(missing(p.path, gid.Member))
		case m.DeactivatedAt != nil:
			problems.Add(fault.Invalidf(p.path, "has left the company"))
		case a.CreditedMemberID != nil && m.ID == *a.CreditedMemberID:
			problems.Add(fault.Conflictf(p.path, "is credited with the application, and so does not assess it"))
		case isCandidate(m):
			problems.Add(fault.Conflictf(p.path, "is the candidate"))
		default:
			able = append(able, p)
		}
	}
	return w.checkTimes(ctx, problems, able)
}

// membersOf are these members, by id.
func (w *write) membersOf(ctx context.Context, ids []gid.ID) (map[gid.ID]*db.Member, error) {
	rows, err := w.Member.Query().Where(relay.IDs(member.FieldID, distinct(ids))).All(ctx)
	members := make(map[gid.ID]*db.Member, len(rows))
	for _, m := range rows {
		members[m.ID] = m
	}
	return members, err
}

// checkTimes refuses who sits in another interview at that time, or in as many
// that day as one may. A DRAFT books nobody, but for itself. It holds these
// people's times until the transaction ends, so that of two who book somebody at
// once the later sees the earlier.
func (w *write) checkTimes(ctx context.Context, problems *fault.List, places []place) error {
	var members []gid.ID
	var keys []string
	var first, last time.Time
	own := map[gid.ID]bool{}
	var loops []gid.ID
	for _, p := range places {
		own[p.interview.ID] = true
		loops = append(loops, p.interview.LoopID)
		if p.interview.StartsAt == nil {
			continue
		}
		from := *p.interview.StartsAt
		if len(members) == 0 || from.Before(first) {
			first = from
		}
		if from.After(last) {
			last = from
		}
		members = append(members, p.member)
		keys = append(keys, "member:"+p.member.String())
	}
	if len(members) == 0 {
		return nil
	}
	if err := w.alone(ctx, keys); err != nil {
		return err
	}
	// Two days around are more than the day of any zone, and than any interview.
	// What people have to do elsewhere counts also when the viewer may not see it.
	const around = 48 * time.Hour
	elsewhere, err := w.InterviewSeat.Query().
		Where(relay.IDs(interviewseat.FieldMemberID, distinct(members)), interviewseat.HasInterviewWith(
			interview.StatusIn(interview.StatusSCHEDULED, interview.StatusCOMPLETED),
			interview.StartsAtGTE(first.Add(-around)), interview.StartsAtLTE(last.Add(around)),
			interview.Or(interview.LoopIDIn(distinct(loops)...), interview.HasLoopWith(loop.StatusNEQ(loop.StatusDRAFT))))).
		WithInterview().Order(interviewseat.ByID()).All(access.System(ctx))
	if err != nil {
		return err
	}
	people, err := w.membersOf(ctx, members)
	if err != nil {
		return err
	}
	booked := map[gid.ID][]*db.Interview{}
	for _, s := range elsewhere {
		if !own[s.InterviewID] {
			booked[*s.MemberID] = append(booked[*s.MemberID], s.Edges.Interview)
		}
	}
	for _, p := range places {
		if p.interview.StartsAt != nil {
			problems.Add(w.service.Norms.clash(p, people[p.member], booked[p.member]))
			booked[p.member] = append(booked[p.member], p.interview)
		}
	}
	return nil
}

// clash is why somebody who has these interviews cannot have this one too, nil
// when they can. It tells nothing of the others, which the viewer may not see.
func (n Norms) clash(p place, who *db.Member, booked []*db.Interview) *fault.Error {
	day, that := n.day(*p.interview.StartsAt), 0
	for _, other := range booked {
		if other.ID == p.interview.ID { // twice in one interview is another problem
			continue
		}
		if other.StartsAt.Before(endOf(p.interview)) && p.interview.StartsAt.Before(endOf(other)) {
			return fault.Conflictf(p.path, "%s sits in another interview at that time", who.Name)
		}
		if n.day(*other.StartsAt) == day {
			that++
		}
	}
	if most := n.interviewsADay(); that >= most {
		return fault.Conflictf(p.path, "%s has %d interviews on %s already, as many as one person has on a day", who.Name, that, day)
	}
	return nil
}

// endOf is when an interview that has a time ends.
func endOf(i *db.Interview) time.Time {
	if i.EndsAt == nil { // imported without it
		return i.StartsAt.Add(time.Duration(i.Minutes) * time.Minute)
	}
	return *i.EndsAt
}
