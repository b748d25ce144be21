package greenhouse

import "slices"

// listen notes which columns of ours this export says nothing about, because it
// lacks the tables or columns that they come from: what is here of them stays.
func (p *planner) listen() {
	has := func(table string, columns ...string) bool {
		s := p.sheets[table]
		if len(columns) == 0 {
			return len(s.columns) > 0
		}
		for _, c := range columns {
			if s.has(c) {
				return true
			}
		}
		return false
	}
	silent := func(table, column string, speaks bool) {
		if !speaks {
			p.world.Silent[table] = append(p.world.Silent[table], column)
		}
	}
	named, titled := has("candidate", "first_name", "last_name"), has("candidate", "title")
	pooled := slices.ContainsFunc(p.sheets["application"].lines, func(l *line) bool { return l.ref("prospect_pool_id") != "" })
	tagged := has("tag") && has("candidate_tag") && has("application") && (has("prospect_pool") || !pooled)
	silent("candidates", "name", named)
	silent("candidates", "headline", titled)
	silent("candidates", "company", has("candidate", "company"))
	silent("candidates", "location", has("application", "location_address"))
	silent("candidates", "links", has("social_media_address") || has("website_address"))
	silent("candidates", "tags", tagged)
	silent("candidates", "is_private", has("candidate", "is_private"))
	silent("candidates", "search_text", named && titled && tagged && has("email_address"))

	filed := has("application") && has("job_application")
	silent("members", "name", has("user", "first_name", "last_name"))
	silent("members", "email", has("user_email"))
	silent("members", "title", false)
	silent("members", "roles", has("job") && has("hiring_team") && filed && has("scheduled_interview") &&
		has("scheduled_interviewer") && has("scorecard"))
	silent("members", "deactivated_at", has("user", "disabled"))

	silent("departments", "parent_id", has("department", "parent_id"))
	silent("sources", "kind", has("source", "source_type_name"))
	silent("rejection_reasons", "initiator", has("rejection_reason", "type_name", "rejection_reason_type_name"))

	status := has("job", "status") && has("job_opening") && filed
	silent("openings", "title", has("job", "name"))
	silent("openings", "status", status)
	silent("openings", "requisition", has("job", "requisition_id"))
	silent("openings", "description", has("job", "notes"))
	silent("openings", "department_id", has("job_department"))
	silent("openings", "is_confidential", has("job", "confidential"))
	silent("openings", "opened_at", status && has("job", "created_at"))
	silent("openings", "closed_at", status && (has("job", "closed_at") || has("job_opening", "closed_at")))
	silent("openings", "close_reason", status)

	seated := filed && has("job", "status") && has("job_opening", "status") && has("job_opening", "application_id")
	for _, column := range []string{"status", "application_id", "filled_at", "closed_at"} {
		silent("seats", column, seated)
	}
	silent("seats", "close_reason", seated && has("close_reason"))

	silent("applications", "source_id", has("application", "source_id"))
	silent("applications", "credited_member_id", has("application", "credited_to_user_id"))
	silent("applications", "rejection_reason_id", has("application", "rejected_reason_id"))

	silent("interviews", "name", has("interview", "name"))
	silent("interviews", "key", has("interview", "name"))
	silent("interviews", "status", has("scheduled_interview", "status"))
	silent("interviews", "minutes", has("scheduled_interview", "start", "end"))
	silent("interviews", "starts_at", has("scheduled_interview", "start"))
	silent("interviews", "ends_at", has("scheduled_interview", "end"))
	silent("scorecards", "ratings", has("scorecard_attribute"))
}
