package access

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// sets are the queries for ids that rules are made of; "?" is what they depend
// on, "[set]" another set of the same. Rules read other rows through them alone:
// behind row-level security sets see every row, and so "not among" means it.
var sets = map[string]string{
	// The openings in whose hiring team the member is.
	"teams": "SELECT opening_id FROM hiring_team_members WHERE member_id = ?",

	// The openings whose hiring team the member leads; see leading.
	"led": "[teams] AND role IN ('HIRING_MANAGER', 'RECRUITER')",

	// The confidential openings of teams that the member is not in.
	"confidential": "SELECT id FROM openings WHERE is_confidential AND id NOT IN ([teams])",

	// The applications in whose interviews the member sits.
	"interviewed": "SELECT l.application_id FROM interview_seats s" +
		" JOIN interviews i ON i.id = s.interview_id JOIN loops l ON l.id = i.loop_id WHERE s.member_id = ?",

	// The openings of these.
	"interviewing": "SELECT opening_id FROM applications WHERE id IN ([interviewed])",

	// All applications of people whom the member referred: who have one that is
	// credited to them, unless it was their work to find the candidate.
	"referred": "SELECT id FROM applications WHERE candidate_id IN (SELECT candidate_id FROM applications WHERE credited_member_id = ?" +
		" AND (source_id IS NULL OR source_id NOT IN (SELECT id FROM sources WHERE kind = 'SOURCED')))",

	// The applications about which the member is biased: those that they referred,
	// those for which they have a scorecard to hand in, or never will as they had a
	// conflict of interest or met somebody else.
	"biased": "SELECT application_id FROM scorecards WHERE interviewer_id = ? AND (status = 'DRAFT'" +
		" OR status = 'VOID' AND submitted_at IS NULL AND void_reason IN ('CONFLICT_OF_INTEREST', 'WRONG_CANDIDATE'))" +
		" UNION ALL [referred]",

	// The candidates of these.
	"involved": "SELECT candidate_id FROM applications WHERE id IN ([biased])",

	// The records of the member as a candidate: by the link, or as somebody recorded
	// their work address.
	"self": "SELECT id FROM candidates WHERE member_id = ?" +
		" UNION ALL SELECT acc_e.candidate_id FROM members acc_m JOIN candidate_contacts acc_e" +
		" ON acc_e.kind = 'EMAIL' AND acc_e.normalized = acc_m.email WHERE acc_m.id = ?",

	// The applications of the member.
	"candidacies": "SELECT id FROM applications WHERE candidate_id IN ([self])",

	// The applications of a candidate.
	"applied": "SELECT acc_n.id FROM applications acc_n WHERE acc_n.candidate_id = ?",

	// The loop itself, unless its policy lets cards be seen by now: those of all are
	// in, or there was a debrief.
	"concealed": "SELECT acc_x.id FROM loops acc_x WHERE acc_x.id = ? AND NOT (acc_x.reveal_policy = 'OWN_SUBMITTED'" +
		" OR acc_x.reveal_policy = 'ALL_SUBMITTED' AND NOT EXISTS (SELECT 1 FROM scorecards acc_w" +
		" WHERE acc_w.loop_id = acc_x.id AND acc_w.status = 'DRAFT' AND NOT acc_w.is_shadow)" +
		" OR acc_x.reveal_policy = 'DEBRIEF_OPENED' AND EXISTS (SELECT 1 FROM debriefs acc_b WHERE acc_b.loop_id = acc_x.id))",
}

// queryFor is the query for a set, with the others that it is made of in it.
func queryFor(set string) string {
	query := sets[set]
	for strings.Contains(query, "[") {
		query = mark.ReplaceAllStringFunc(query, func(found string) string {
			return cmp.Or(sets[strings.Trim(found, "[]")], found)
		})
	}
	return query
}

// setNames are in the order of the alphabet.
func setNames() []string { return slices.Sorted(maps.Keys(sets)) }
