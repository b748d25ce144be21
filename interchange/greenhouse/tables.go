package greenhouse

import (
	"slices"
	"strings"
)

// table is a table of the export.
type table struct {
	name    string
	also    []string // other names of its file
	key     []string // what tells its rows apart
	columns []string // what is read of it, beside the key
}

// tables are those that are imported.
func tables() []table {
	words := strings.Fields
	return []table{
		{"user", words("users"), words("id"), words("first_name last_name disabled created_at updated_at")},
		{"user_email", words("user_emails"), words("user_id email"), nil},
		{"department", words("departments"), words("id"), words("name parent_id")},
		{"office", words("offices"), words("id"), words("name location_name")},
		{"source", words("sources"), words("id"), words("name source_type_name")},
		{"rejection_reason", words("rejection_reasons rejected_reason rejected_reasons"), words("id"), words("name type_name rejection_reason_type_name")},
		{"candidate", words("candidates"), words("id"), words("first_name last_name company title is_private created_at new_candidate_id updated_at")},
		{"email_address", words("email_addresses"), words("candidate_id index value"), nil},
		{"phone_number", words("phone_numbers"), words("candidate_id index value"), nil},
		{"social_media_address", words("social_media_addresses"), words("candidate_id index value"), nil},
		{"website_address", words("website_addresses"), words("candidate_id index value"), nil},
		{"tag", words("tags"), words("id"), words("name")},
		{"candidate_tag", words("candidate_tags"), words("candidate_id tag_id"), nil},
		{"job", words("jobs"), words("id"), words("name status requisition_id notes confidential created_at closed_at updated_at")},
		{"job_department", words("job_departments"), words("job_id department_id"), nil},
		{"job_office", words("job_offices"), words("job_id office_id"), nil},
		{"job_opening", words("job_openings"), words("id"), words("job_id status application_id opened_at closed_at close_reason_id")},
		{"close_reason", words("close_reasons"), words("id"), words("name")},
		{"job_stage", words("job_stages"), words("id"), words("job_id name priority position created_at updated_at")},
		{"hiring_team", words("hiring_teams"), words("job_id role user_id"), nil},
		{"application", words("applications"), words("id"), words("candidate_id applied_at current_stage_id status rejected_at rejected_reason_id " +
			"source_id credited_to_user_id last_activity_at location_address prospect prospect_pool_id updated_at")},
		{"job_application", words("job_applications"), words("application_id job_id"), nil},
		{"application_history", words("application_histories"), words("application_id updated_at new_stage_id new_status"), nil},
		{"prospect_pool", words("prospect_pools"), words("id"), words("name")},
		{"interview", words("interviews"), words("id"), words("name job_stage_id")},
		{"scheduled_interview", words("scheduled_interviews"), words("id"), words("application_id interview_id start end status created_at updated_at")},
		{"scheduled_interviewer", words("scheduled_interviewers"), words("scheduled_interview_id interviewer_id"), words("scorecard_id")},
		{"scorecard", words("scorecards"), words("id"), words("application_id interview interviewed_at overall_recommendation submitted_at " +
			"submitted_by_user_id created_at updated_at")},
		{"scorecard_attribute", words("scorecard_attributes"), words("scorecard_id index name"), words("type rating note")},
		{"eeoc", nil, words("application_id"), words("gender_description gender_id race_description race_id disability_status_description disability_status_id " +
			"veteran_status_description veteran_status_message veteran_status_id submitted_at")},
	}
}

// leftOut are tables that are known and not imported, and why.
func leftOut() map[string]string {
	demographic := "answers to a company's own questions are not imported; those of eeoc are"
	return map[string]string{
		"demographic_answer": demographic, "demographic_question": demographic,
		"activity":        "the activity feed is free text about people that nothing here shows",
		"attachment":      "files are not kept",
		"job_post":        "adverts are not kept; the job itself is imported",
		"prospect_stage":  "a prospect is in the stage of leads of its opening",
		"application_qna": "answers to an application form are not kept",
		"scorecard_qna":   "answers outside the ratings are not kept",
		"offer":           "this importer does not read offers yet",
	}
}

// deletedFlags are columns that mark a row as deleted.
func deletedFlags() []string { return []string{"_fivetran_deleted", "is_deleted"} }

// reads tells whether a column is read.
func (t table) reads(column string) bool {
	return slices.Contains(t.key, column) || slices.Contains(t.columns, column) || slices.Contains(deletedFlags(), column)
}
