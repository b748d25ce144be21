package greenhouse

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"hireloop/interchange"
)

// session is an interview on its way.
type session struct {
	*interchange.Interview
	application *interchange.Application
}

// by tells whether a member has a scorecard of the session already.
func (s *session) by(m *interchange.Member) bool {
	return slices.ContainsFunc(s.Scorecards, func(c *interchange.Scorecard) bool { return c.Interviewer == m })
}

// assessments makes loops of interviews and scorecards.
type assessments struct {
	*planner
	loops    map[*interchange.Application]*interchange.Loop
	sessions map[string]*session // by scheduled interview
	byName   map[sessionName][]*session
	// of scorecards: where they were named, by scheduled_interviewer
	interviewers map[string]*line
	ratings      map[string][]*line
}

// sessionName is by what scorecards without a scheduled interview find one.
type sessionName struct {
	application *interchange.Application
	name        string
}

func (p *planner) interviews() {
	x := &assessments{
		planner: p, loops: map[*interchange.Application]*interchange.Loop{}, sessions: map[string]*session{},
		byName: map[sessionName][]*session{}, interviewers: map[string]*line{}, ratings: map[string][]*line{},
	}
	x.scheduled()
	x.seats()
	x.scorecards()
	for _, a := range p.world.Applications { // in a fixed order
		if l := x.loops[a]; l != nil {
			slices.SortStableFunc(l.Interviews, func(a, b *interchange.Interview) int { return a.StartsAt.Compare(b.StartsAt) })
			p.world.Loops = append(p.world.Loops, l)
		}
	}
}

// scheduled makes the scheduled interviews.
func (x *assessments) scheduled() {
	kinds := map[string]*line{}
	x.each("interview", func(l *line) {
		kinds[l.id] = l
		x.folded(l)
	})
	x.each("scheduled_interview", func(l *line) {
		kind := kinds[l.ref("interview_id")]
		a := x.assessed(l, kind)
		if a == nil {
			return
		}
		name := ""
		if kind != nil {
			name = x.text(kind, "name")
		} else if id := l.ref("interview_id"); id != "" {
			x.note(l, "interview_id", interchange.CodeMissing, interchange.Mapped, "interview "+id+" is not in the export; it has no name")
		}
		i := &interchange.Interview{Reference: l.reference(x.moment(l, "created_at")), Name: cmp.Or(name, "Interview"),
			StartsAt: x.moment(l, "start"), EndsAt: x.moment(l, "end"), Minutes: 60}
		switch minutes := int(i.EndsAt.Sub(i.StartsAt) / time.Minute); {
		case i.StartsAt.IsZero() || i.EndsAt.IsZero():
			i.EndsAt = time.Time{}
		case minutes <= 0:
			x.note(l, "end", interchange.CodeConflict, interchange.Mapped, "does not lie after the start; taken as unknown")
			i.EndsAt = time.Time{}
		default:
			i.Minutes = min(minutes, 24*60)
		}
		switch x.word(l, "status", "taken as scheduled", "scheduled", "awaiting_feedback", "complete") {
		case "awaiting_feedback", "complete":
			i.Status = "COMPLETED"
		default:
			i.Status = "SCHEDULED"
			if i.StartsAt.IsZero() {
				i.Status = "PLANNED"
			}
		}
		x.sessions[l.id] = x.add(a, i)
	})
}

// assessed is the application that a row of interviews is about: of several,
// the one for the job whose interview it is. The row is skipped when there is none.
func (x *assessments) assessed(l, kind *line) *interchange.Application {
	id := l.ref("application_id")
	filed := x.filed[id]
	if len(filed) == 0 {
		x.skip(l, "application_id", interchange.CodeMissing, "application "+id+" was not imported")
		return nil
	}
	if kind != nil {
		if s := x.stages[kind.ref("job_stage_id")]; s != nil {
			if a := x.applicationIn(id, s.job.Opening); a != nil {
				return a
			}
		}
	}
	return filed[0]
}

// add adds an interview to the loop of an application.
func (x *assessments) add(a *interchange.Application, i *interchange.Interview) *session {
	l := x.loops[a]
	if l == nil {
		l = &interchange.Loop{Application: a, Reference: interchange.Reference{
			Key: interchange.Ref{Object: "application", ID: a.Also[0].ID + "#loop"}, Counted: "loops, one for each application with interviews", Added: true,
			File: i.File, Line: i.Line, At: i.At,
		}}
		x.loops[a] = l
	}
	l.Interviews = append(l.Interviews, i)
	s := &session{i, a}
	name := sessionName{a, interchange.Slug(i.Name, interchange.MaxName)}
	x.byName[name] = append(x.byName[name], s)
	return s
}

// seats seats interviewers.
func (x *assessments) seats() {
	x.each("scheduled_interviewer", func(l *line) {
		s := x.sessions[l.ref("scheduled_interview_id")]
		if s == nil {
			x.skip(l, "scheduled_interview_id", interchange.CodeMissing, "scheduled interview "+l.ref("scheduled_interview_id")+" was not imported")
			return
		}
		m := x.member(l, "interviewer_id")
		x.roles[m]["INTERVIEWER"] = true
		s.Seats = append(s.Seats, &interchange.InterviewSeat{Reference: l.reference(s.At), Member: m})
		if card := l.ref("scorecard_id"); card != "" {
			x.interviewers[card] = l
		}
	})
}

func (x *assessments) scorecards() {
	known := map[string]bool{}
	x.each("scorecard", func(l *line) { known[l.id] = true })
	x.each("scorecard_attribute", func(l *line) {
		id := l.ref("scorecard_id")
		if !known[id] {
			x.skip(l, "scorecard_id", interchange.CodeMissing, "scorecard "+id+" is not in the export"+x.spelling(l))
			return
		}
		x.ratings[id] = append(x.ratings[id], l)
	})
	x.each("scorecard", func(l *line) {
		ratings := x.ratings[l.id]
		s, seat := x.sessionOf(l)
		if s == nil {
			for _, r := range ratings {
				x.skip(r, "scorecard_id", interchange.CodeMissing, "scorecard "+l.id+" was not imported")
			}
			return
		}
		x.card(l, s, seat, ratings)
	})
}

// sessionOf is the interview that a scorecard is of, and the row that seats its
// interviewer, if any.
func (x *assessments) sessionOf(l *line) (s *session, seat *line) {
	if seat = x.interviewers[l.id]; seat != nil {
		s = x.sessions[seat.ref("scheduled_interview_id")]
		if s.application.Also[0].ID == l.ref("application_id") || slices.Contains(x.filed[l.ref("application_id")], s.application) {
			return s, seat
		}
		x.note(l, "application_id", interchange.CodeConflict, interchange.Mapped, "the scheduled interview is of another application; taken without it")
		seat = nil
	}
	a := x.assessed(l, nil)
	if a == nil {
		return nil, nil
	}
	name := cmp.Or(x.text(l, "interview"), "Interview")
	author := x.interviewer(l, nil)
	at := x.moment(l, "interviewed_at")
	for _, s := range x.byName[sessionName{a, interchange.Slug(name, interchange.MaxName)}] {
		nobodySeated := len(x.sheets["scheduled_interviewer"].lines) == 0 // the export does not say who sat where
		if !s.by(author) && (s.seats(author) || nobodySeated || s.Added && s.StartsAt.Equal(at)) {
			return s, nil
		}
	}
	i := &interchange.Interview{Name: name, Status: "COMPLETED", StartsAt: at, Minutes: 60, Reference: interchange.Reference{
		Key: interchange.Ref{Object: "scorecard", ID: l.id + "#interview"}, Counted: "interviews that only a scorecard tells of", Added: true,
		File: l.file, Line: l.number, At: at,
	}}
	return x.add(a, i), nil
}

func (s *session) seats(m *interchange.Member) bool {
	return slices.ContainsFunc(s.Seats, func(seat *interchange.InterviewSeat) bool { return seat.Member == m })
}

// interviewer is whose scorecard it is: who was seated for it, else who handed
// it in.
func (x *assessments) interviewer(l, seat *line) *interchange.Member {
	if seat != nil {
		return x.member(seat, "interviewer_id")
	}
	if m := x.member(l, "submitted_by_user_id"); m != nil {
		return m
	}
	const nobody = "nobody"
	m := x.members[nobody]
	if m == nil {
		ref, _ := x.stand("user", "user", nobody, l, "submitted_by_user_id")
		ref.Stands.Message = "the scorecard names no user; one member stands in for all of them"
		m = &interchange.Member{Reference: ref, Name: "Unknown interviewer (" + x.system + ")", Email: x.noEmail(nobody), DeactivatedAt: orSome()}
		x.addMember(nobody, m)
	}
	return m
}

// card makes the scorecard of a row.
func (x *assessments) card(l *line, s *session, seat *line, ratings []*line) {
	skip := func(code interchange.Code, why string) {
		x.skip(l, "", code, why)
		for _, r := range ratings {
			x.skip(r, "scorecard_id", code, "scorecard "+l.id+" was not imported")
		}
	}
	m := x.interviewer(l, seat)
	if s.by(m) {
		skip(interchange.CodeConflict, "the interviewer has another scorecard for that interview")
		return
	}
	at := x.moment(l, "submitted_at")
	c := &interchange.Scorecard{Reference: l.reference(x.moment(l, "created_at")), Interviewer: m, Author: x.member(l, "submitted_by_user_id"),
		Submitted: !at.IsZero(), SubmittedAt: at}
	x.roles[m]["INTERVIEWER"] = true
	if !s.seats(m) {
		s.Seats = append(s.Seats, &interchange.InterviewSeat{Member: m, Reference: interchange.Reference{
			Key: interchange.Ref{Object: "scorecard", ID: l.id + "#seat/" + m.Key.ID}, Counted: "seats of authors of scorecards", Added: true, File: l.file, Line: l.number,
		}})
	}
	s.Scorecards = append(s.Scorecards, c)
	if !c.Submitted {
		for _, r := range ratings {
			x.skip(r, "scorecard_id", interchange.CodeConflict, "scorecard "+l.id+" is a draft; its ratings are left out until it is submitted")
		}
		return
	}
	c.Recommendation = x.recommendation(l)
	signals := map[string]bool{}
	slices.SortStableFunc(ratings, func(a, b *line) int { return lessID(a.index(), b.index()) })
	for n, r := range ratings {
		c.Ratings = append(c.Ratings, x.rating(r, n, signals))
	}
}

func (x *assessments) recommendation(l *line) string {
	switch x.word(l, "overall_recommendation", "taken as no decision", "definitely_not", "strong_no", "no", "yes", "strong_yes", "no_decision", "mixed") {
	case "definitely_not", "strong_no":
		return "STRONG_NO"
	case "no":
		return "NO"
	case "yes":
		return "YES"
	case "strong_yes":
		return "STRONG_YES"
	}
	return ""
}

func ratingWords() []string {
	return []string{"definitely_not", "strong_no", "no", "yes", "strong_yes", "mixed", "no_decision"}
}

// spelling says, of a row that is left out, that its rating is misspelt too.
func (x *assessments) spelling(l *line) string {
	given := interchange.Slug(l.get("rating"), interchange.MaxName)
	if near := interchange.Closest(given, ratingWords()); near != "" && !slices.Contains(ratingWords(), given) {
		return fmt.Sprintf("; besides, its rating %q is misspelt for %q", given, near)
	}
	return ""
}

// rating makes the rating of an attribute. What is no rating, "mixed" above
// all, is not assessed: it is never counted as low or middling.
func (x *assessments) rating(l *line, n int, signals map[string]bool) *interchange.Rating {
	signal := interchange.Slug(l.get("name"), 60)
	if signal == "" {
		signal = "attribute_" + strconv.Itoa(n+1)
	}
	if signals[signal] {
		if byType := interchange.Slug(l.get("type")+" "+l.get("name"), 100); byType != "" && !signals[byType] {
			signal = byType
		}
		for base, k := signal, 2; signals[signal]; k++ {
			signal = base + "_" + strconv.Itoa(k)
		}
		x.note(l, "name", interchange.CodeDuplicate, interchange.Mapped, "the scorecard has another attribute of that name; this one has the signal key "+signal)
	}
	signals[signal] = true
	r := &interchange.Rating{Reference: l.reference(time.Time{}), Position: n, Signal: signal, Evidence: x.prose(l, "note")}
	if l.index() == "" {
		r.Key.ID += "/" + signal
	}
	switch x.word(l, "rating", "not assessed", ratingWords()...) {
	case "definitely_not", "strong_no":
		r.Value = 1
	case "no":
		r.Value = 2
	case "yes":
		r.Value = 3
	case "strong_yes":
		r.Value = 4
	case "mixed":
		x.note(l, "rating", interchange.CodeUnknownValue, interchange.Mapped, "mixed is no rating here; not assessed, for want of a signal")
	}
	return r
}
