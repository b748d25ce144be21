package interchangetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hireloop/internal/store"
)

// Story tells what is in a database in words, without ids of ours, so that a
// test can show what an import makes. Only what an importer makes is told.
func Story(t testing.TB, d *store.DB) string {
	t.Helper()
	var b strings.Builder
	section := func(title, query string) {
		lines := Rows(t, d, query)
		slices.Sort(lines)
		fmt.Fprintf(&b, "%s\n", title)
		for _, l := range lines {
			b.WriteString("  " + l + "\n")
		}
		b.WriteString("\n")
	}
	section("Departments: name, parent", `SELECT x.name, p.name FROM departments x LEFT JOIN departments p ON p.id = x.parent_id`)
	section("Locations", `SELECT name FROM locations`)
	section("Members: name, e-mail, roles, deactivated", `SELECT name, email, roles, deactivated_at FROM members`)
	section("Sources: name, kind", `SELECT name, kind FROM sources`)
	section("Rejection reasons: name, by whom", `SELECT name, initiator FROM rejection_reasons`)
	section("Openings: title, status, department, opened, closed, why", `SELECT o.title, o.status, d.name, o.opened_at, o.closed_at, o.close_reason
		FROM openings o LEFT JOIN departments d ON d.id = o.department_id`)
	section("Where they are", `SELECT o.title, l.name FROM opening_locations x JOIN openings o ON o.id = x.opening_id JOIN locations l ON l.id = x.location_id`)
	section("Pipelines: opening, position, stage, kind", `SELECT o.title, s.position, s.name, s.kind FROM stages s JOIN openings o ON o.id = s.opening_id`)
	section("Hiring teams: opening, role, member", `SELECT o.title, h.role, m.name FROM hiring_team_members h
		JOIN openings o ON o.id = h.opening_id JOIN members m ON m.id = h.member_id`)
	section("Seats: opening, number, status, filled by, filled, closed, why", `SELECT o.title, s.number, s.status, c.name, s.filled_at, s.closed_at, s.close_reason
		FROM seats s JOIN openings o ON o.id = s.opening_id LEFT JOIN applications a ON a.id = s.application_id LEFT JOIN candidates c ON c.id = a.candidate_id`)
	section("Candidates: name, headline, company, location, links, tags, private", `SELECT name, headline, company, location, links, tags, CASE WHEN is_private THEN 'private' END FROM candidates`)
	section("Contacts: name, kind, address, normalized", `SELECT c.name, x.kind, x.address, x.normalized FROM candidate_contacts x JOIN candidates c ON c.id = x.candidate_id`)
	section("Applications: opening, candidate, status, stage, applied, last activity, closed, reason, source, credited", `SELECT o.title, c.name, a.status, s.name,
		a.applied_at, a.last_activity_at, a.closed_at, r.name, x.name, m.name
		FROM applications a JOIN openings o ON o.id = a.opening_id JOIN candidates c ON c.id = a.candidate_id JOIN stages s ON s.id = a.stage_id
		LEFT JOIN rejection_reasons r ON r.id = a.rejection_reason_id LEFT JOIN sources x ON x.id = a.source_id LEFT JOIN members m ON m.id = a.credited_member_id`)
	section("Histories: opening, candidate, sequence, what, stage, when, how known, reason, corrects", `SELECT o.title, c.name, e.sequence, e.kind, s.name, e.occurred_at, e.quality, r.name, e2.sequence
		FROM stage_events e JOIN applications a ON a.id = e.application_id JOIN openings o ON o.id = a.opening_id JOIN candidates c ON c.id = a.candidate_id
		LEFT JOIN stages s ON s.id = e.stage_id LEFT JOIN rejection_reasons r ON r.id = e.rejection_reason_id LEFT JOIN stage_events e2 ON e2.id = e.corrects_id`)
	section("Interviews: candidate, loop, position, name, status, minutes, starts, ends", `SELECT c.name, l.status, i.position, i.name, i.status, i.minutes, i.starts_at, i.ends_at
		FROM interviews i JOIN loops l ON l.id = i.loop_id JOIN applications a ON a.id = l.application_id JOIN candidates c ON c.id = a.candidate_id`)
	section("Who interviews: interview, position, member", `SELECT c.name, i.name, x.position, m.name FROM interview_seats x JOIN interviews i ON i.id = x.interview_id
		JOIN loops l ON l.id = i.loop_id JOIN applications a ON a.id = l.application_id JOIN candidates c ON c.id = a.candidate_id LEFT JOIN members m ON m.id = x.member_id`)
	section("Scorecards: candidate, interview, interviewer, status, recommendation, submitted, revisions", `SELECT c.name, i.name, m.name, s.status, s.recommendation, s.submitted_at, s.revision
		FROM scorecards s JOIN interviews i ON i.id = s.interview_id JOIN members m ON m.id = s.interviewer_id
		JOIN applications a ON a.id = s.application_id JOIN candidates c ON c.id = a.candidate_id`)
	section("Ratings: interview, interviewer, revision, position, signal, rating, why not, evidence", `SELECT i.name, m.name, v.number, x.position, x.signal, x.rating, x.not_assessed, x.evidence
		FROM signal_ratings x JOIN scorecard_revisions v ON v.id = x.revision_id JOIN scorecards s ON s.id = v.scorecard_id
		JOIN interviews i ON i.id = s.interview_id JOIN members m ON m.id = s.interviewer_id`)
	section("Demographic answers: opening, candidate, attribute, answer, recorded", `SELECT o.title, c.name, x.attribute, x.answer, x.recorded_at
		FROM demographic_answers x JOIN applications a ON a.id = x.application_id JOIN openings o ON o.id = a.opening_id JOIN candidates c ON c.id = a.candidate_id`)
	return b.String()
}
