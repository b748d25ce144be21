package demo

import "strings"

func newTables() tables {
	of := func(name, columns string) table { return table{name: name, columns: strings.Fields(columns)} }
	return tables{
		departments: of("departments", "id created_at updated_at name"),
		locations:   of("locations", "id created_at updated_at name time_zone"),
		members:     of("members", "id created_at updated_at name email title roles deactivated_at"),
		openings: of("openings", `id created_at updated_at title status requisition description department_id
			target_level_id archetype workplace_type employment_type pay_minimum pay_maximum pay_currency
			is_confidential is_critical rubric_version_id opened_at paused_at closed_at close_reason version`),
		allowed: of("opening_allowed_levels", "opening_id level_id"),
		places:  of("opening_locations", "opening_id location_id"),
		team:    of("hiring_team_members", "id opening_id member_id role"),
		stages:  of("stages", "id opening_id position name kind sla_days"),
		candidates: of("candidates", `id created_at updated_at name headline company location links tags
			is_private search_text version`),
		contacts: of("candidate_contacts", "id candidate_id kind position address normalized"),
		applications: of("applications", `id created_at updated_at candidate_id opening_id source_id credited_member_id
			stage_id status applied_at stage_entered_at last_activity_at closed_at rejection_reason_id
			applied_level_id version`),
		events: of("stage_events", `id application_id sequence kind stage_id occurred_at recorded_at actor_id
			reason rejection_reason_id corrects_id corrected_kind quality`),
		visits: of("visits", `id application_id stage_id sequence entered_at exited_at outcome
			skipped_stage_ids quality`),
		loops: of("loops", `id created_at updated_at application_id rubric_version_id target_level_id plan_id
			status reveal_policy version`),
		interviews: of("interviews", `id created_at updated_at loop_id position key name focus_signals status
			minutes starts_at ends_at version`),
		interviewSeats: of("interview_seats", "id interview_id position role member_id is_shadow"),
		scorecards: of("scorecards", `id created_at updated_at interview_id interviewer_id loop_id application_id
			status recommendation due_at submitted_at is_on_time is_shadow void_reason revision current_revision_id`),
		revisions: of("scorecard_revisions", `id scorecard_id number recorded_at author_id reason is_after_reveal
			recommendation summary`),
		ratings: of("signal_ratings", `id revision_id position signal rating not_assessed evidence evidence_kind
			is_unplanned`),
		flags: of("red_flag_observations", `id scorecard_id signal red_flag severity evidence observed_at
			since_revision confirmed_by_id confirmed_at`),
		debriefs: of("debriefs", `id created_at updated_at loop_id application_id opened_by_id opened_at closed_at
			summary packet packet_hash version`),
		resolutions: of("debrief_resolutions", "id debrief_id signal resolution recorded_by_id recorded_at"),
		decisions: of("decisions", `id created_at updated_at application_id loop_id debrief_id kind level_id rationale
			dissent is_override override_reason level_fit basis_hash decided_at`),
		makers: of("decision_makers", "id decision_id member_id is_dissenting"),
		offers: of("offers", `id created_at updated_at application_id status without_decision_reason approved_by_id
			approved_at extended_at resolved_at resolution_reason version`),
		offerVersions: of("offer_versions", `id offer_id number level_id salary currency start_on expires_at reason
			author_id recorded_at`),
		notes: of("notes", "id created_at updated_at candidate_id application_id author_id visibility body"),
		seats: of("seats", `id created_at updated_at opening_id number status application_id is_backfill
			target_start_on opened_at filled_at closed_at close_reason version`),
		demographicAnswers: of("demographic_answers", "id application_id attribute answer recorded_at"),
		apiKeys:            of("api_keys", "id created_at updated_at member_id name scope roles digest expires_at last_used_at"),
	}
}
