package personal

// Tables are all that hold something about a person, those that others belong to
// before them. Ids, times, states, places in an order and who of the company did
// something are facts: a column is listed when it holds text, a document or an
// amount. What is not listed here is in Ours.
var Tables = []Table{
	{Name: "candidates", Columns: map[string]Column{
		"name": becoming("'Erased'"), "headline": null, "company": null, "location": null,
		"links": emptyList, "tags": emptyList, "search_text": empty,
		"merged_into_id": {Becomes: "NULL"}, "member_id": {Becomes: "NULL"}, "is_private": {Becomes: "false"}, "is_erased": {Becomes: "true"},
		"version": fact,
	}},
	{Name: "candidate_contacts", Of: "candidates", By: "candidate_id", Goes: true, Columns: map[string]Column{
		"address": gone, "normalized": gone, "position": fact,
	}},
	{Name: "candidate_merges", Of: "candidates", By: "survivor_id", Goes: true, Columns: map[string]Column{"absorbed": gone}},
	{Name: "consents", Of: "candidates", By: "candidate_id", Goes: true, Columns: map[string]Column{"source": gone}},
	{Name: "legal_holds", Of: "candidates", By: "candidate_id", Goes: true, Columns: map[string]Column{"reason": gone}},

	{Name: "applications", Of: "candidates", By: "candidate_id", Columns: map[string]Column{"version": fact}},
	{Name: "stage_events", Of: "applications", By: "application_id", Columns: map[string]Column{"sequence": fact, "reason": null}},
	{Name: "visits", Of: "applications", By: "application_id", Columns: map[string]Column{"sequence": fact, "skipped_stage_ids": fact}},
	// What somebody said of themselves counts on in its group; words that few gave
	// are taken out before: see hiring.
	{Name: "demographic_answers", Of: "applications", By: "application_id", Columns: map[string]Column{"answer": {Personal: true}, "former_answer": null}},
	{Name: "notes", Of: "candidates", By: "candidate_id", Goes: true, Columns: map[string]Column{"body": gone, "version": fact}},

	{Name: "loops", Of: "applications", By: "application_id", Columns: map[string]Column{
		"forced_reason": null, "cancel_reason": null, "version": fact,
	}},
	{Name: "interviews", Of: "loops", By: "loop_id", Columns: map[string]Column{
		"name": becoming("key"), "cancel_reason": null,
		"key": fact, "focus_signals": fact, "position": fact, "minutes": fact, "version": fact,
	}},
	{Name: "interview_seats", Of: "interviews", By: "interview_id", Columns: map[string]Column{"position": fact, "role": fact, "vacated_reason": null}},
	{Name: "scorecards", Of: "applications", By: "application_id", Columns: map[string]Column{"revision": fact, "void_comment": null}},
	{Name: "scorecard_revisions", Of: "scorecards", By: "scorecard_id", Columns: map[string]Column{
		"number": fact, "reason": null, "summary": empty,
	}},
	{Name: "signal_ratings", Of: "scorecard_revisions", By: "revision_id", Columns: map[string]Column{
		"position": fact, "signal": fact, "rating": fact, "evidence": empty,
	}},
	{Name: "red_flag_observations", Of: "scorecards", By: "scorecard_id", Columns: map[string]Column{
		"signal": fact, "red_flag": fact, "evidence": empty, "dismissal_reason": null,
		"since_revision": fact, "until_revision": fact,
	}},

	// A frozen packet tells what whom asked about whom, and its hash would prove it.
	{Name: "debriefs", Of: "applications", By: "application_id", Columns: map[string]Column{
		"summary": empty, "packet": becoming("'null'"), "packet_hash": empty, "version": fact,
	}},
	{Name: "debrief_resolutions", Of: "debriefs", By: "debrief_id", Columns: map[string]Column{"signal": fact, "resolution": empty}},
	// Reports count the level that the evidence said.
	{Name: "decisions", Of: "applications", By: "application_id", Columns: map[string]Column{
		"rationale": empty, "dissent": empty, "override_reason": null, "basis_hash": empty,
		"level_fit": {
			Personal: true,
			Becomes:  "jsonb_build_object('level', level_fit -> 'level')",
			OnSQLite: "json_object('level', json_extract(CAST(level_fit AS TEXT), '$.level'))",
		},
	}},
	{Name: "decision_makers", Of: "decisions", By: "decision_id"},

	{Name: "offers", Of: "applications", By: "application_id", Columns: map[string]Column{
		"without_decision_reason": null, "resolution_reason": null, "version": fact,
	}},
	// XXX is the code of no currency.
	{Name: "offer_versions", Of: "offers", By: "offer_id", Columns: map[string]Column{
		"number": fact, "salary": becoming("0"), "currency": becoming("'XXX'"), "reason": null,
	}},

	{Name: "external_references", Of: Anything, By: "subject_id", Goes: true, Columns: map[string]Column{
		"system": fact, "object": fact, "external_id": gone,
	}},
}

// Ours are the columns of all other tables that hold text, a document or an
// amount: what the company says of itself, its work and its people, and what the
// program keeps for itself. Audit entries and events refer by id only.
var Ours = map[string]string{
	"api_keys":                 "name roles digest previous_digest version",
	"audit_entries":            "action details changes address request_id digest",
	"audit_links":              "id hash",
	"departments":              "name",
	"erased_references":        "id",
	"erasure_receipts":         "counts",
	"events":                   "id type",
	"hiring_team_members":      "",
	"import_runs":              "system report", // erasure takes the rows out of reports
	"interview_plan_sessions":  "position key name minutes seats focus_signals",
	"interview_plans":          "key name description",
	"ladders":                  "key name description",
	"level_signals":            "weight bar minimum_raters expectation subsumed_by",
	"levels":                   "key name rank track scope external_equivalents",
	"locations":                "name time_zone",
	"member_identities":        "issuer subject",
	"members":                  "name email title roles version",
	"opening_allowed_levels":   "",
	"opening_locations":        "",
	"openings":                 "title requisition description pay_minimum pay_maximum pay_currency pause_reason close_reason version",
	"pipeline_template_stages": "position name sla_days",
	"pipeline_templates":       "name description",
	"rejection_reasons":        "name",
	"retention_rules":          "months",
	"rubric_signals":           "position key area name assesses anchors red_flags replaces",
	"rubric_versions":          "semver areas level_settings scale_max notes content_hash version",
	"seats":                    "number close_reason version",
	"settings":                 "id content",
	"sources":                  "name",
	"stages":                   "position name sla_days",
}
