-- Create "api_keys" table
CREATE TABLE `api_keys` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `name` text NOT NULL, `scope` text NOT NULL, `roles` json NOT NULL, `digest` blob NOT NULL, `previous_digest` blob NULL, `previous_secret_until` datetime NULL, `expires_at` datetime NOT NULL, `rotated_at` datetime NULL, `last_used_at` datetime NULL, `revoked_at` datetime NULL, `version` integer NOT NULL DEFAULT (1), `member_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `api_keys_members_member` FOREIGN KEY (`member_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "apikey_updated_at_id" to table: "api_keys"
CREATE INDEX `apikey_updated_at_id` ON `api_keys` (`updated_at`, `id`);
-- Create index "apikey_member_id" to table: "api_keys"
CREATE INDEX `apikey_member_id` ON `api_keys` (`member_id`);
-- Create "applications" table
CREATE TABLE `applications` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `status` text NOT NULL, `applied_at` datetime NOT NULL, `stage_entered_at` datetime NOT NULL, `last_activity_at` datetime NOT NULL, `closed_at` datetime NULL, `version` integer NOT NULL DEFAULT (1), `candidate_id` uuid NOT NULL, `opening_id` uuid NOT NULL, `stage_id` uuid NOT NULL, `source_id` uuid NULL, `credited_member_id` uuid NULL, `rejection_reason_id` uuid NULL, `applied_level_id` uuid NULL, `transferred_from_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `applications_candidates_candidate` FOREIGN KEY (`candidate_id`) REFERENCES `candidates` (`id`) ON DELETE NO ACTION, CONSTRAINT `applications_openings_opening` FOREIGN KEY (`opening_id`) REFERENCES `openings` (`id`) ON DELETE NO ACTION, CONSTRAINT `applications_stages_stage` FOREIGN KEY (`stage_id`) REFERENCES `stages` (`id`) ON DELETE NO ACTION, CONSTRAINT `applications_sources_source` FOREIGN KEY (`source_id`) REFERENCES `sources` (`id`) ON DELETE NO ACTION, CONSTRAINT `applications_members_credited_member` FOREIGN KEY (`credited_member_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION, CONSTRAINT `applications_rejection_reasons_rejection_reason` FOREIGN KEY (`rejection_reason_id`) REFERENCES `rejection_reasons` (`id`) ON DELETE NO ACTION, CONSTRAINT `applications_levels_applied_level` FOREIGN KEY (`applied_level_id`) REFERENCES `levels` (`id`) ON DELETE NO ACTION, CONSTRAINT `applications_applications_transferred_to` FOREIGN KEY (`transferred_from_id`) REFERENCES `applications` (`id`) ON DELETE NO ACTION);
-- Create index "application_updated_at_id" to table: "applications"
CREATE INDEX `application_updated_at_id` ON `applications` (`updated_at`, `id`);
-- Create index "application_opening_id_applied_at_id" to table: "applications"
CREATE INDEX `application_opening_id_applied_at_id` ON `applications` (`opening_id`, `applied_at`, `id`);
-- Create index "application_opening_id_status_stage_id" to table: "applications"
CREATE INDEX `application_opening_id_status_stage_id` ON `applications` (`opening_id`, `status`, `stage_id`);
-- Create index "application_candidate_id_opening_id" to table: "applications"
CREATE INDEX `application_candidate_id_opening_id` ON `applications` (`candidate_id`, `opening_id`);
-- Create index "application_status_applied_at_id" to table: "applications"
CREATE INDEX `application_status_applied_at_id` ON `applications` (`status`, `applied_at`, `id`);
-- Create index "application_status_last_activity_at_id" to table: "applications"
CREATE INDEX `application_status_last_activity_at_id` ON `applications` (`status`, `last_activity_at`, `id`);
-- Create index "application_applied_at_id" to table: "applications"
CREATE INDEX `application_applied_at_id` ON `applications` (`applied_at`, `id`);
-- Create index "application_last_activity_at_id" to table: "applications"
CREATE INDEX `application_last_activity_at_id` ON `applications` (`last_activity_at`, `id`);
-- Create index "application_source_id" to table: "applications"
CREATE INDEX `application_source_id` ON `applications` (`source_id`);
-- Create index "application_credited_member_id" to table: "applications"
CREATE INDEX `application_credited_member_id` ON `applications` (`credited_member_id`);
-- Create index "application_stage_id" to table: "applications"
CREATE INDEX `application_stage_id` ON `applications` (`stage_id`);
-- Create "audit_entries" table
CREATE TABLE `audit_entries` (`id` uuid NOT NULL, `recorded_at` datetime NOT NULL, `kind` text NOT NULL DEFAULT ('WRITE'), `api_key_id` uuid NULL, `action` text NOT NULL, `subject_id` uuid NULL, `details` json NOT NULL, `changes` json NOT NULL, `address` text NOT NULL DEFAULT (''), `request_id` text NOT NULL DEFAULT (''), `digest` blob NOT NULL, `opening_id` uuid NULL, `application_id` uuid NULL, `loop_id` uuid NULL, `actor_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `audit_entries_members_actor` FOREIGN KEY (`actor_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "auditentry_subject_id_recorded_at" to table: "audit_entries"
CREATE INDEX `auditentry_subject_id_recorded_at` ON `audit_entries` (`subject_id`, `recorded_at`);
-- Create index "auditentry_recorded_at_id" to table: "audit_entries"
CREATE INDEX `auditentry_recorded_at_id` ON `audit_entries` (`recorded_at`, `id`);
-- Create index "auditentry_actor_id_recorded_at" to table: "audit_entries"
CREATE INDEX `auditentry_actor_id_recorded_at` ON `audit_entries` (`actor_id`, `recorded_at`);
-- Create index "auditentry_application_id_recorded_at" to table: "audit_entries"
CREATE INDEX `auditentry_application_id_recorded_at` ON `audit_entries` (`application_id`, `recorded_at`);
-- Create index "auditentry_opening_id_recorded_at" to table: "audit_entries"
CREATE INDEX `auditentry_opening_id_recorded_at` ON `audit_entries` (`opening_id`, `recorded_at`);
-- Create index "auditentry_api_key_id_recorded_at" to table: "audit_entries"
CREATE INDEX `auditentry_api_key_id_recorded_at` ON `audit_entries` (`api_key_id`, `recorded_at`);
-- Create "audit_links" table
CREATE TABLE `audit_links` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `entry_id` uuid NOT NULL, `hash` blob NOT NULL);
-- Create index "audit_links_entry_id_key" to table: "audit_links"
CREATE UNIQUE INDEX `audit_links_entry_id_key` ON `audit_links` (`entry_id`);
-- Create "candidates" table
CREATE TABLE `candidates` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `name` text NOT NULL, `headline` text NULL, `company` text NULL, `location` text NULL, `links` json NOT NULL, `tags` json NOT NULL, `is_private` bool NOT NULL DEFAULT (false), `search_text` text NOT NULL DEFAULT (''), `is_erased` bool NOT NULL DEFAULT (false), `version` integer NOT NULL DEFAULT (1), `merged_into_id` uuid NULL, `member_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `candidates_candidates_absorbed` FOREIGN KEY (`merged_into_id`) REFERENCES `candidates` (`id`) ON DELETE NO ACTION, CONSTRAINT `candidates_members_member` FOREIGN KEY (`member_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "candidate_updated_at_id" to table: "candidates"
CREATE INDEX `candidate_updated_at_id` ON `candidates` (`updated_at`, `id`);
-- Create index "candidate_name_id" to table: "candidates"
CREATE INDEX `candidate_name_id` ON `candidates` (`name`, `id`);
-- Create index "candidate_member_id" to table: "candidates"
CREATE INDEX `candidate_member_id` ON `candidates` (`member_id`);
-- Create "candidate_contacts" table
CREATE TABLE `candidate_contacts` (`id` uuid NOT NULL, `kind` text NOT NULL, `position` integer NOT NULL, `address` text NOT NULL, `normalized` text NOT NULL, `candidate_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `candidate_contacts_candidates_candidate` FOREIGN KEY (`candidate_id`) REFERENCES `candidates` (`id`) ON DELETE NO ACTION);
-- Create index "candidatecontact_candidate_id_position" to table: "candidate_contacts"
CREATE INDEX `candidatecontact_candidate_id_position` ON `candidate_contacts` (`candidate_id`, `position`);
-- Create index "candidatecontact_kind_normalized" to table: "candidate_contacts"
CREATE INDEX `candidatecontact_kind_normalized` ON `candidate_contacts` (`kind`, `normalized`);
-- Create "candidate_merges" table
CREATE TABLE `candidate_merges` (`id` uuid NOT NULL, `merged_at` datetime NOT NULL, `absorbed` json NOT NULL, `survivor_id` uuid NOT NULL, `absorbed_id` uuid NOT NULL, `actor_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `candidate_merges_candidates_survivor` FOREIGN KEY (`survivor_id`) REFERENCES `candidates` (`id`) ON DELETE NO ACTION, CONSTRAINT `candidate_merges_candidates_absorbed_candidate` FOREIGN KEY (`absorbed_id`) REFERENCES `candidates` (`id`) ON DELETE NO ACTION, CONSTRAINT `candidate_merges_members_actor` FOREIGN KEY (`actor_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "candidatemerge_survivor_id" to table: "candidate_merges"
CREATE INDEX `candidatemerge_survivor_id` ON `candidate_merges` (`survivor_id`);
-- Create index "candidatemerge_absorbed_id" to table: "candidate_merges"
CREATE UNIQUE INDEX `candidatemerge_absorbed_id` ON `candidate_merges` (`absorbed_id`);
-- Create "consents" table
CREATE TABLE `consents` (`id` uuid NOT NULL, `purpose` text NOT NULL, `source` text NOT NULL, `given_at` datetime NOT NULL, `expires_at` datetime NULL, `withdrawn_at` datetime NULL, `candidate_id` uuid NOT NULL, `recorded_by_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `consents_candidates_candidate` FOREIGN KEY (`candidate_id`) REFERENCES `candidates` (`id`) ON DELETE NO ACTION, CONSTRAINT `consents_members_recorded_by` FOREIGN KEY (`recorded_by_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "consent_candidate_id_given_at" to table: "consents"
CREATE INDEX `consent_candidate_id_given_at` ON `consents` (`candidate_id`, `given_at`);
-- Create "debriefs" table
CREATE TABLE `debriefs` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `opened_at` datetime NOT NULL, `closed_at` datetime NULL, `summary` text NOT NULL DEFAULT (''), `packet` json NOT NULL, `packet_hash` text NOT NULL, `version` integer NOT NULL DEFAULT (1), `loop_id` uuid NOT NULL, `application_id` uuid NOT NULL, `opened_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `debriefs_loops_loop` FOREIGN KEY (`loop_id`) REFERENCES `loops` (`id`) ON DELETE NO ACTION, CONSTRAINT `debriefs_applications_application` FOREIGN KEY (`application_id`) REFERENCES `applications` (`id`) ON DELETE NO ACTION, CONSTRAINT `debriefs_members_opened_by` FOREIGN KEY (`opened_by_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "debrief_updated_at_id" to table: "debriefs"
CREATE INDEX `debrief_updated_at_id` ON `debriefs` (`updated_at`, `id`);
-- Create index "debrief_loop_id_opened_at" to table: "debriefs"
CREATE INDEX `debrief_loop_id_opened_at` ON `debriefs` (`loop_id`, `opened_at`);
-- Create index "debrief_application_id" to table: "debriefs"
CREATE INDEX `debrief_application_id` ON `debriefs` (`application_id`);
-- Create "debrief_resolutions" table
CREATE TABLE `debrief_resolutions` (`id` uuid NOT NULL, `signal` text NOT NULL, `resolution` text NOT NULL, `recorded_at` datetime NOT NULL, `debrief_id` uuid NOT NULL, `recorded_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `debrief_resolutions_debriefs_debrief` FOREIGN KEY (`debrief_id`) REFERENCES `debriefs` (`id`) ON DELETE NO ACTION, CONSTRAINT `debrief_resolutions_members_recorded_by` FOREIGN KEY (`recorded_by_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "debriefresolution_debrief_id_signal" to table: "debrief_resolutions"
CREATE UNIQUE INDEX `debriefresolution_debrief_id_signal` ON `debrief_resolutions` (`debrief_id`, `signal`);
-- Create "decisions" table
CREATE TABLE `decisions` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `kind` text NOT NULL, `rationale` text NOT NULL, `dissent` text NOT NULL DEFAULT (''), `is_override` bool NOT NULL DEFAULT (false), `override_reason` text NULL, `level_fit` json NOT NULL, `basis_hash` text NOT NULL, `decided_at` datetime NOT NULL, `application_id` uuid NOT NULL, `loop_id` uuid NULL, `debrief_id` uuid NULL, `level_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `decisions_applications_application` FOREIGN KEY (`application_id`) REFERENCES `applications` (`id`) ON DELETE NO ACTION, CONSTRAINT `decisions_loops_loop` FOREIGN KEY (`loop_id`) REFERENCES `loops` (`id`) ON DELETE NO ACTION, CONSTRAINT `decisions_debriefs_debrief` FOREIGN KEY (`debrief_id`) REFERENCES `debriefs` (`id`) ON DELETE NO ACTION, CONSTRAINT `decisions_levels_level` FOREIGN KEY (`level_id`) REFERENCES `levels` (`id`) ON DELETE NO ACTION);
-- Create index "decision_updated_at_id" to table: "decisions"
CREATE INDEX `decision_updated_at_id` ON `decisions` (`updated_at`, `id`);
-- Create index "decision_application_id" to table: "decisions"
CREATE INDEX `decision_application_id` ON `decisions` (`application_id`);
-- Create index "decision_loop_id" to table: "decisions"
CREATE INDEX `decision_loop_id` ON `decisions` (`loop_id`);
-- Create "decision_makers" table
CREATE TABLE `decision_makers` (`id` uuid NOT NULL, `is_dissenting` bool NOT NULL DEFAULT (false), `decision_id` uuid NOT NULL, `member_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `decision_makers_decisions_decision` FOREIGN KEY (`decision_id`) REFERENCES `decisions` (`id`) ON DELETE NO ACTION, CONSTRAINT `decision_makers_members_member` FOREIGN KEY (`member_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "decisionmaker_decision_id_member_id" to table: "decision_makers"
CREATE UNIQUE INDEX `decisionmaker_decision_id_member_id` ON `decision_makers` (`decision_id`, `member_id`);
-- Create "demographic_answers" table
CREATE TABLE `demographic_answers` (`id` uuid NOT NULL, `application_id` uuid NOT NULL, `attribute` text NOT NULL, `answer` text NULL, `recorded_at` datetime NOT NULL, `former_answer` text NULL, `former_at` datetime NULL, PRIMARY KEY (`id`));
-- Create index "demographicanswer_application_id_attribute" to table: "demographic_answers"
CREATE UNIQUE INDEX `demographicanswer_application_id_attribute` ON `demographic_answers` (`application_id`, `attribute`);
-- Create "departments" table
CREATE TABLE `departments` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `name` text NOT NULL, `parent_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `departments_departments_children` FOREIGN KEY (`parent_id`) REFERENCES `departments` (`id`) ON DELETE NO ACTION);
-- Create index "departments_name_key" to table: "departments"
CREATE UNIQUE INDEX `departments_name_key` ON `departments` (`name`);
-- Create index "department_updated_at_id" to table: "departments"
CREATE INDEX `department_updated_at_id` ON `departments` (`updated_at`, `id`);
-- Create "erased_references" table
CREATE TABLE `erased_references` (`id` text NOT NULL, PRIMARY KEY (`id`));
-- Create "erasure_receipts" table
CREATE TABLE `erasure_receipts` (`id` uuid NOT NULL, `candidate_id` uuid NOT NULL, `reason` text NOT NULL, `erased_at` datetime NOT NULL, `counts` json NOT NULL, `purged_at` datetime NULL, `erased_by_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `erasure_receipts_members_erased_by` FOREIGN KEY (`erased_by_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "erasurereceipt_candidate_id" to table: "erasure_receipts"
CREATE UNIQUE INDEX `erasurereceipt_candidate_id` ON `erasure_receipts` (`candidate_id`);
-- Create index "erasurereceipt_erased_at_id" to table: "erasure_receipts"
CREATE INDEX `erasurereceipt_erased_at_id` ON `erasure_receipts` (`erased_at`, `id`);
-- Create "events" table
CREATE TABLE `events` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `type` text NOT NULL, `subject_id` uuid NOT NULL, `opening_id` uuid NULL, `application_id` uuid NULL, `actor_id` uuid NULL, `recorded_at` datetime NOT NULL);
-- Create index "event_opening_id_id" to table: "events"
CREATE INDEX `event_opening_id_id` ON `events` (`opening_id`, `id`);
-- Create index "event_application_id_id" to table: "events"
CREATE INDEX `event_application_id_id` ON `events` (`application_id`, `id`);
-- Create "external_references" table
CREATE TABLE `external_references` (`id` uuid NOT NULL, `system` text NOT NULL, `object` text NOT NULL, `external_id` text NOT NULL, `subject_id` uuid NOT NULL, `import_run_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `external_references_import_runs_import_run` FOREIGN KEY (`import_run_id`) REFERENCES `import_runs` (`id`) ON DELETE NO ACTION);
-- Create index "externalreference_system_object_external_id" to table: "external_references"
CREATE UNIQUE INDEX `externalreference_system_object_external_id` ON `external_references` (`system`, `object`, `external_id`);
-- Create index "externalreference_subject_id" to table: "external_references"
CREATE INDEX `externalreference_subject_id` ON `external_references` (`subject_id`);
-- Create "hiring_team_members" table
CREATE TABLE `hiring_team_members` (`id` uuid NOT NULL, `role` text NOT NULL, `opening_id` uuid NOT NULL, `member_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `hiring_team_members_openings_opening` FOREIGN KEY (`opening_id`) REFERENCES `openings` (`id`) ON DELETE NO ACTION, CONSTRAINT `hiring_team_members_members_member` FOREIGN KEY (`member_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "hiringteammember_opening_id_role_member_id" to table: "hiring_team_members"
CREATE UNIQUE INDEX `hiringteammember_opening_id_role_member_id` ON `hiring_team_members` (`opening_id`, `role`, `member_id`);
-- Create index "hiringteammember_member_id_opening_id" to table: "hiring_team_members"
CREATE INDEX `hiringteammember_member_id_opening_id` ON `hiring_team_members` (`member_id`, `opening_id`);
-- Create "import_runs" table
CREATE TABLE `import_runs` (`id` uuid NOT NULL, `system` text NOT NULL, `started_at` datetime NOT NULL, `finished_at` datetime NULL, `report` json NOT NULL, PRIMARY KEY (`id`));
-- Create "interviews" table
CREATE TABLE `interviews` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `position` integer NOT NULL, `key` text NOT NULL, `name` text NOT NULL, `focus_signals` json NOT NULL, `status` text NOT NULL, `minutes` integer NOT NULL, `starts_at` datetime NULL, `ends_at` datetime NULL, `cancel_reason` text NULL, `version` integer NOT NULL DEFAULT (1), `loop_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `interviews_loops_loop` FOREIGN KEY (`loop_id`) REFERENCES `loops` (`id`) ON DELETE NO ACTION);
-- Create index "interview_updated_at_id" to table: "interviews"
CREATE INDEX `interview_updated_at_id` ON `interviews` (`updated_at`, `id`);
-- Create index "interview_loop_id_position" to table: "interviews"
CREATE UNIQUE INDEX `interview_loop_id_position` ON `interviews` (`loop_id`, `position`);
-- Create index "interview_starts_at" to table: "interviews"
CREATE INDEX `interview_starts_at` ON `interviews` (`starts_at`);
-- Create "interview_plans" table
CREATE TABLE `interview_plans` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `key` text NOT NULL, `name` text NOT NULL, `description` text NOT NULL DEFAULT (''), `level_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `interview_plans_levels_level` FOREIGN KEY (`level_id`) REFERENCES `levels` (`id`) ON DELETE NO ACTION);
-- Create index "interview_plans_key_key" to table: "interview_plans"
CREATE UNIQUE INDEX `interview_plans_key_key` ON `interview_plans` (`key`);
-- Create index "interviewplan_updated_at_id" to table: "interview_plans"
CREATE INDEX `interviewplan_updated_at_id` ON `interview_plans` (`updated_at`, `id`);
-- Create "interview_plan_sessions" table
CREATE TABLE `interview_plan_sessions` (`id` uuid NOT NULL, `position` integer NOT NULL, `key` text NOT NULL, `name` text NOT NULL, `minutes` integer NOT NULL, `seats` json NOT NULL, `focus_signals` json NOT NULL, `plan_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `interview_plan_sessions_interview_plans_plan` FOREIGN KEY (`plan_id`) REFERENCES `interview_plans` (`id`) ON DELETE NO ACTION);
-- Create index "interviewplansession_plan_id_position" to table: "interview_plan_sessions"
CREATE UNIQUE INDEX `interviewplansession_plan_id_position` ON `interview_plan_sessions` (`plan_id`, `position`);
-- Create "interview_seats" table
CREATE TABLE `interview_seats` (`id` uuid NOT NULL, `position` integer NOT NULL, `role` text NOT NULL, `vacated_reason` text NULL, `is_shadow` bool NOT NULL DEFAULT (false), `interview_id` uuid NOT NULL, `member_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `interview_seats_interviews_interview` FOREIGN KEY (`interview_id`) REFERENCES `interviews` (`id`) ON DELETE NO ACTION, CONSTRAINT `interview_seats_members_member` FOREIGN KEY (`member_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "interviewseat_interview_id_position" to table: "interview_seats"
CREATE UNIQUE INDEX `interviewseat_interview_id_position` ON `interview_seats` (`interview_id`, `position`);
-- Create index "interviewseat_member_id_interview_id" to table: "interview_seats"
CREATE INDEX `interviewseat_member_id_interview_id` ON `interview_seats` (`member_id`, `interview_id`);
-- Create "ladders" table
CREATE TABLE `ladders` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `key` text NOT NULL, `name` text NOT NULL, `description` text NOT NULL DEFAULT (''), PRIMARY KEY (`id`));
-- Create index "ladders_key_key" to table: "ladders"
CREATE UNIQUE INDEX `ladders_key_key` ON `ladders` (`key`);
-- Create index "ladder_updated_at_id" to table: "ladders"
CREATE INDEX `ladder_updated_at_id` ON `ladders` (`updated_at`, `id`);
-- Create "legal_holds" table
CREATE TABLE `legal_holds` (`id` uuid NOT NULL, `reason` text NOT NULL, `placed_at` datetime NOT NULL, `expires_at` datetime NULL, `lifted_at` datetime NULL, `candidate_id` uuid NOT NULL, `placed_by_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `legal_holds_candidates_candidate` FOREIGN KEY (`candidate_id`) REFERENCES `candidates` (`id`) ON DELETE NO ACTION, CONSTRAINT `legal_holds_members_placed_by` FOREIGN KEY (`placed_by_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "legalhold_candidate_id_placed_at" to table: "legal_holds"
CREATE INDEX `legalhold_candidate_id_placed_at` ON `legal_holds` (`candidate_id`, `placed_at`);
-- Create "levels" table
CREATE TABLE `levels` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `key` text NOT NULL, `name` text NOT NULL, `rank` integer NOT NULL, `track` text NOT NULL DEFAULT ('management'), `hireable` bool NOT NULL DEFAULT (true), `scope` text NOT NULL DEFAULT (''), `external_equivalents` json NOT NULL, `ladder_id` uuid NOT NULL, `extends_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `levels_ladders_ladder` FOREIGN KEY (`ladder_id`) REFERENCES `ladders` (`id`) ON DELETE NO ACTION, CONSTRAINT `levels_levels_extended_by` FOREIGN KEY (`extends_id`) REFERENCES `levels` (`id`) ON DELETE NO ACTION);
-- Create index "level_updated_at_id" to table: "levels"
CREATE INDEX `level_updated_at_id` ON `levels` (`updated_at`, `id`);
-- Create index "level_ladder_id_key" to table: "levels"
CREATE UNIQUE INDEX `level_ladder_id_key` ON `levels` (`ladder_id`, `key`);
-- Create "level_signals" table
CREATE TABLE `level_signals` (`id` uuid NOT NULL, `mode` text NOT NULL, `weight` integer NOT NULL, `bar` integer NOT NULL, `must_have` bool NOT NULL, `minimum_raters` integer NOT NULL, `expectation` text NOT NULL DEFAULT (''), `subsumed_by` text NULL, `rubric_signal_id` uuid NOT NULL, `level_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `level_signals_rubric_signals_signal` FOREIGN KEY (`rubric_signal_id`) REFERENCES `rubric_signals` (`id`) ON DELETE NO ACTION, CONSTRAINT `level_signals_levels_level` FOREIGN KEY (`level_id`) REFERENCES `levels` (`id`) ON DELETE NO ACTION);
-- Create index "levelsignal_rubric_signal_id_level_id" to table: "level_signals"
CREATE UNIQUE INDEX `levelsignal_rubric_signal_id_level_id` ON `level_signals` (`rubric_signal_id`, `level_id`);
-- Create "locations" table
CREATE TABLE `locations` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `name` text NOT NULL, `time_zone` text NULL, PRIMARY KEY (`id`));
-- Create index "locations_name_key" to table: "locations"
CREATE UNIQUE INDEX `locations_name_key` ON `locations` (`name`);
-- Create index "location_updated_at_id" to table: "locations"
CREATE INDEX `location_updated_at_id` ON `locations` (`updated_at`, `id`);
-- Create "loops" table
CREATE TABLE `loops` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `status` text NOT NULL, `reveal_policy` text NOT NULL DEFAULT ('OWN_SUBMITTED'), `forced_reason` text NULL, `cancel_reason` text NULL, `version` integer NOT NULL DEFAULT (1), `application_id` uuid NOT NULL, `rubric_version_id` uuid NULL, `target_level_id` uuid NULL, `plan_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `loops_applications_application` FOREIGN KEY (`application_id`) REFERENCES `applications` (`id`) ON DELETE NO ACTION, CONSTRAINT `loops_rubric_versions_rubric_version` FOREIGN KEY (`rubric_version_id`) REFERENCES `rubric_versions` (`id`) ON DELETE NO ACTION, CONSTRAINT `loops_levels_target_level` FOREIGN KEY (`target_level_id`) REFERENCES `levels` (`id`) ON DELETE NO ACTION, CONSTRAINT `loops_interview_plans_plan` FOREIGN KEY (`plan_id`) REFERENCES `interview_plans` (`id`) ON DELETE NO ACTION);
-- Create index "loop_updated_at_id" to table: "loops"
CREATE INDEX `loop_updated_at_id` ON `loops` (`updated_at`, `id`);
-- Create index "loop_application_id" to table: "loops"
CREATE INDEX `loop_application_id` ON `loops` (`application_id`);
-- Create index "loop_reveal_policy" to table: "loops"
CREATE INDEX `loop_reveal_policy` ON `loops` (`reveal_policy`);
-- Create "members" table
CREATE TABLE `members` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `name` text NOT NULL, `email` text NOT NULL, `title` text NULL, `roles` json NOT NULL, `deactivated_at` datetime NULL, `version` integer NOT NULL DEFAULT (1), PRIMARY KEY (`id`));
-- Create index "members_email_key" to table: "members"
CREATE UNIQUE INDEX `members_email_key` ON `members` (`email`);
-- Create index "member_updated_at_id" to table: "members"
CREATE INDEX `member_updated_at_id` ON `members` (`updated_at`, `id`);
-- Create "member_identities" table
CREATE TABLE `member_identities` (`id` uuid NOT NULL, `issuer` text NOT NULL, `subject` text NOT NULL, `linked_at` datetime NOT NULL, `member_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `member_identities_members_member` FOREIGN KEY (`member_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "memberidentity_issuer_subject" to table: "member_identities"
CREATE UNIQUE INDEX `memberidentity_issuer_subject` ON `member_identities` (`issuer`, `subject`);
-- Create index "memberidentity_member_id_issuer" to table: "member_identities"
CREATE UNIQUE INDEX `memberidentity_member_id_issuer` ON `member_identities` (`member_id`, `issuer`);
-- Create "notes" table
CREATE TABLE `notes` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `visibility` text NOT NULL, `body` text NOT NULL, `version` integer NOT NULL DEFAULT (1), `candidate_id` uuid NOT NULL, `application_id` uuid NULL, `author_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `notes_candidates_candidate` FOREIGN KEY (`candidate_id`) REFERENCES `candidates` (`id`) ON DELETE NO ACTION, CONSTRAINT `notes_applications_application` FOREIGN KEY (`application_id`) REFERENCES `applications` (`id`) ON DELETE NO ACTION, CONSTRAINT `notes_members_author` FOREIGN KEY (`author_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "note_updated_at_id" to table: "notes"
CREATE INDEX `note_updated_at_id` ON `notes` (`updated_at`, `id`);
-- Create index "note_candidate_id_created_at_id" to table: "notes"
CREATE INDEX `note_candidate_id_created_at_id` ON `notes` (`candidate_id`, `created_at`, `id`);
-- Create index "note_application_id_created_at_id" to table: "notes"
CREATE INDEX `note_application_id_created_at_id` ON `notes` (`application_id`, `created_at`, `id`);
-- Create "offers" table
CREATE TABLE `offers` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `status` text NOT NULL, `without_decision_reason` text NULL, `approved_at` datetime NULL, `extended_at` datetime NULL, `resolved_at` datetime NULL, `resolution_reason` text NULL, `version` integer NOT NULL DEFAULT (1), `application_id` uuid NOT NULL, `approved_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `offers_applications_application` FOREIGN KEY (`application_id`) REFERENCES `applications` (`id`) ON DELETE NO ACTION, CONSTRAINT `offers_members_approved_by` FOREIGN KEY (`approved_by_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "offer_updated_at_id" to table: "offers"
CREATE INDEX `offer_updated_at_id` ON `offers` (`updated_at`, `id`);
-- Create index "offer_application_id" to table: "offers"
CREATE INDEX `offer_application_id` ON `offers` (`application_id`);
-- Create index "offer_status_resolved_at" to table: "offers"
CREATE INDEX `offer_status_resolved_at` ON `offers` (`status`, `resolved_at`);
-- Create "offer_versions" table
CREATE TABLE `offer_versions` (`id` uuid NOT NULL, `number` integer NOT NULL, `salary` integer NOT NULL, `currency` text NOT NULL, `start_on` datetime NULL, `expires_at` datetime NULL, `reason` text NULL, `recorded_at` datetime NOT NULL, `offer_id` uuid NOT NULL, `level_id` uuid NULL, `author_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `offer_versions_offers_offer` FOREIGN KEY (`offer_id`) REFERENCES `offers` (`id`) ON DELETE NO ACTION, CONSTRAINT `offer_versions_levels_level` FOREIGN KEY (`level_id`) REFERENCES `levels` (`id`) ON DELETE NO ACTION, CONSTRAINT `offer_versions_members_author` FOREIGN KEY (`author_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "offerversion_offer_id_number" to table: "offer_versions"
CREATE UNIQUE INDEX `offerversion_offer_id_number` ON `offer_versions` (`offer_id`, `number`);
-- Create "openings" table
CREATE TABLE `openings` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `title` text NOT NULL, `status` text NOT NULL, `requisition` text NULL, `description` text NOT NULL DEFAULT (''), `archetype` text NULL, `workplace_type` text NULL, `employment_type` text NULL, `pay_minimum` integer NULL, `pay_maximum` integer NULL, `pay_currency` text NULL, `is_confidential` bool NOT NULL DEFAULT (false), `is_critical` bool NOT NULL DEFAULT (false), `opened_at` datetime NULL, `paused_at` datetime NULL, `pause_reason` text NULL, `closed_at` datetime NULL, `close_reason` text NULL, `version` integer NOT NULL DEFAULT (1), `department_id` uuid NULL, `target_level_id` uuid NULL, `rubric_version_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `openings_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE NO ACTION, CONSTRAINT `openings_levels_target_level` FOREIGN KEY (`target_level_id`) REFERENCES `levels` (`id`) ON DELETE NO ACTION, CONSTRAINT `openings_rubric_versions_rubric_version` FOREIGN KEY (`rubric_version_id`) REFERENCES `rubric_versions` (`id`) ON DELETE NO ACTION);
-- Create index "opening_updated_at_id" to table: "openings"
CREATE INDEX `opening_updated_at_id` ON `openings` (`updated_at`, `id`);
-- Create index "opening_status_opened_at_id" to table: "openings"
CREATE INDEX `opening_status_opened_at_id` ON `openings` (`status`, `opened_at`, `id`);
-- Create index "opening_department_id" to table: "openings"
CREATE INDEX `opening_department_id` ON `openings` (`department_id`);
-- Create index "opening_target_level_id" to table: "openings"
CREATE INDEX `opening_target_level_id` ON `openings` (`target_level_id`);
-- Create index "opening_title_id" to table: "openings"
CREATE INDEX `opening_title_id` ON `openings` (`title`, `id`);
-- Create index "opening_is_confidential" to table: "openings"
CREATE INDEX `opening_is_confidential` ON `openings` (`is_confidential`) WHERE is_confidential;
-- Create "pipeline_templates" table
CREATE TABLE `pipeline_templates` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `name` text NOT NULL, `description` text NOT NULL DEFAULT (''), `is_default` bool NOT NULL DEFAULT (false), PRIMARY KEY (`id`));
-- Create index "pipeline_templates_name_key" to table: "pipeline_templates"
CREATE UNIQUE INDEX `pipeline_templates_name_key` ON `pipeline_templates` (`name`);
-- Create index "pipelinetemplate_updated_at_id" to table: "pipeline_templates"
CREATE INDEX `pipelinetemplate_updated_at_id` ON `pipeline_templates` (`updated_at`, `id`);
-- Create "pipeline_template_stages" table
CREATE TABLE `pipeline_template_stages` (`id` uuid NOT NULL, `position` integer NOT NULL, `name` text NOT NULL, `kind` text NOT NULL, `sla_days` integer NULL, `template_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `pipeline_template_stages_pipeline_templates_template` FOREIGN KEY (`template_id`) REFERENCES `pipeline_templates` (`id`) ON DELETE NO ACTION);
-- Create index "pipelinetemplatestage_template_id_position" to table: "pipeline_template_stages"
CREATE UNIQUE INDEX `pipelinetemplatestage_template_id_position` ON `pipeline_template_stages` (`template_id`, `position`);
-- Create "red_flag_observations" table
CREATE TABLE `red_flag_observations` (`id` uuid NOT NULL, `signal` text NOT NULL, `red_flag` text NOT NULL, `severity` text NOT NULL, `evidence` text NOT NULL, `observed_at` datetime NOT NULL, `since_revision` integer NOT NULL, `until_revision` integer NULL, `confirmed_at` datetime NULL, `dismissed_at` datetime NULL, `dismissal_reason` text NULL, `scorecard_id` uuid NOT NULL, `confirmed_by_id` uuid NULL, `dismissed_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `red_flag_observations_scorecards_scorecard` FOREIGN KEY (`scorecard_id`) REFERENCES `scorecards` (`id`) ON DELETE NO ACTION, CONSTRAINT `red_flag_observations_members_confirmed_by` FOREIGN KEY (`confirmed_by_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION, CONSTRAINT `red_flag_observations_members_dismissed_by` FOREIGN KEY (`dismissed_by_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "redflagobservation_scorecard_id_red_flag_since_revision" to table: "red_flag_observations"
CREATE UNIQUE INDEX `redflagobservation_scorecard_id_red_flag_since_revision` ON `red_flag_observations` (`scorecard_id`, `red_flag`, `since_revision`);
-- Create "rejection_reasons" table
CREATE TABLE `rejection_reasons` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `name` text NOT NULL, `initiator` text NOT NULL, PRIMARY KEY (`id`));
-- Create index "rejection_reasons_name_key" to table: "rejection_reasons"
CREATE UNIQUE INDEX `rejection_reasons_name_key` ON `rejection_reasons` (`name`);
-- Create index "rejectionreason_updated_at_id" to table: "rejection_reasons"
CREATE INDEX `rejectionreason_updated_at_id` ON `rejection_reasons` (`updated_at`, `id`);
-- Create "retention_rules" table
CREATE TABLE `retention_rules` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `since` text NOT NULL, `months` integer NOT NULL, `rejection_reason_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `retention_rules_rejection_reasons_rejection_reason` FOREIGN KEY (`rejection_reason_id`) REFERENCES `rejection_reasons` (`id`) ON DELETE NO ACTION);
-- Create index "retentionrule_updated_at_id" to table: "retention_rules"
CREATE INDEX `retentionrule_updated_at_id` ON `retention_rules` (`updated_at`, `id`);
-- Create index "retentionrule_since_rejection_reason_id" to table: "retention_rules"
CREATE UNIQUE INDEX `retentionrule_since_rejection_reason_id` ON `retention_rules` (`since`, `rejection_reason_id`);
-- Create "rubric_signals" table
CREATE TABLE `rubric_signals` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `position` integer NOT NULL, `key` text NOT NULL, `area` text NOT NULL, `name` text NOT NULL, `assesses` text NOT NULL, `anchors` json NOT NULL, `red_flags` json NOT NULL, `replaces` text NULL, `rubric_version_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `rubric_signals_rubric_versions_rubric_version` FOREIGN KEY (`rubric_version_id`) REFERENCES `rubric_versions` (`id`) ON DELETE NO ACTION);
-- Create index "rubricsignal_updated_at_id" to table: "rubric_signals"
CREATE INDEX `rubricsignal_updated_at_id` ON `rubric_signals` (`updated_at`, `id`);
-- Create index "rubricsignal_rubric_version_id_key" to table: "rubric_signals"
CREATE UNIQUE INDEX `rubricsignal_rubric_version_id_key` ON `rubric_signals` (`rubric_version_id`, `key`);
-- Create "rubric_versions" table
CREATE TABLE `rubric_versions` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `semver` text NOT NULL, `status` text NOT NULL, `areas` json NOT NULL, `level_settings` json NOT NULL, `scale_max` integer NOT NULL DEFAULT (4), `notes` text NOT NULL DEFAULT (''), `content_hash` text NULL, `published_at` datetime NULL, `retired_at` datetime NULL, `version` integer NOT NULL DEFAULT (1), `ladder_id` uuid NOT NULL, `supersedes_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `rubric_versions_ladders_ladder` FOREIGN KEY (`ladder_id`) REFERENCES `ladders` (`id`) ON DELETE NO ACTION, CONSTRAINT `rubric_versions_rubric_versions_superseded_by` FOREIGN KEY (`supersedes_id`) REFERENCES `rubric_versions` (`id`) ON DELETE NO ACTION);
-- Create index "rubricversion_updated_at_id" to table: "rubric_versions"
CREATE INDEX `rubricversion_updated_at_id` ON `rubric_versions` (`updated_at`, `id`);
-- Create index "rubricversion_ladder_id_semver" to table: "rubric_versions"
CREATE UNIQUE INDEX `rubricversion_ladder_id_semver` ON `rubric_versions` (`ladder_id`, `semver`);
-- Create "scorecards" table
CREATE TABLE `scorecards` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `status` text NOT NULL, `recommendation` text NULL, `due_at` datetime NULL, `submitted_at` datetime NULL, `is_on_time` bool NULL, `is_shadow` bool NOT NULL DEFAULT (false), `void_reason` text NULL, `void_comment` text NULL, `is_exposed` bool NOT NULL DEFAULT (false), `revision` integer NOT NULL DEFAULT (0), `current_revision_id` uuid NULL, `interview_id` uuid NOT NULL, `interviewer_id` uuid NOT NULL, `loop_id` uuid NOT NULL, `application_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `scorecards_interviews_interview` FOREIGN KEY (`interview_id`) REFERENCES `interviews` (`id`) ON DELETE NO ACTION, CONSTRAINT `scorecards_members_interviewer` FOREIGN KEY (`interviewer_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION, CONSTRAINT `scorecards_loops_loop` FOREIGN KEY (`loop_id`) REFERENCES `loops` (`id`) ON DELETE NO ACTION, CONSTRAINT `scorecards_applications_application` FOREIGN KEY (`application_id`) REFERENCES `applications` (`id`) ON DELETE NO ACTION);
-- Create index "scorecard_updated_at_id" to table: "scorecards"
CREATE INDEX `scorecard_updated_at_id` ON `scorecards` (`updated_at`, `id`);
-- Create index "scorecard_interview_id_interviewer_id" to table: "scorecards"
CREATE UNIQUE INDEX `scorecard_interview_id_interviewer_id` ON `scorecards` (`interview_id`, `interviewer_id`);
-- Create index "scorecard_application_id_submitted_at_id" to table: "scorecards"
CREATE INDEX `scorecard_application_id_submitted_at_id` ON `scorecards` (`application_id`, `submitted_at`, `id`);
-- Create index "scorecard_interviewer_id_status_due_at" to table: "scorecards"
CREATE INDEX `scorecard_interviewer_id_status_due_at` ON `scorecards` (`interviewer_id`, `status`, `due_at`);
-- Create index "scorecard_loop_id_interviewer_id_status" to table: "scorecards"
CREATE INDEX `scorecard_loop_id_interviewer_id_status` ON `scorecards` (`loop_id`, `interviewer_id`, `status`);
-- Create "scorecard_revisions" table
CREATE TABLE `scorecard_revisions` (`id` uuid NOT NULL, `number` integer NOT NULL, `recorded_at` datetime NOT NULL, `reason` text NULL, `is_after_reveal` bool NOT NULL DEFAULT (false), `recommendation` text NULL, `summary` text NOT NULL DEFAULT (''), `scorecard_id` uuid NOT NULL, `author_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `scorecard_revisions_scorecards_scorecard` FOREIGN KEY (`scorecard_id`) REFERENCES `scorecards` (`id`) ON DELETE NO ACTION, CONSTRAINT `scorecard_revisions_members_author` FOREIGN KEY (`author_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- Create index "scorecardrevision_scorecard_id_number" to table: "scorecard_revisions"
CREATE UNIQUE INDEX `scorecardrevision_scorecard_id_number` ON `scorecard_revisions` (`scorecard_id`, `number`);
-- Create "seats" table
CREATE TABLE `seats` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `number` integer NOT NULL, `status` text NOT NULL, `is_backfill` bool NOT NULL DEFAULT (false), `target_start_on` datetime NULL, `opened_at` datetime NOT NULL, `filled_at` datetime NULL, `closed_at` datetime NULL, `close_reason` text NULL, `version` integer NOT NULL DEFAULT (1), `opening_id` uuid NOT NULL, `application_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `seats_openings_opening` FOREIGN KEY (`opening_id`) REFERENCES `openings` (`id`) ON DELETE NO ACTION, CONSTRAINT `seats_applications_application` FOREIGN KEY (`application_id`) REFERENCES `applications` (`id`) ON DELETE NO ACTION);
-- Create index "seat_updated_at_id" to table: "seats"
CREATE INDEX `seat_updated_at_id` ON `seats` (`updated_at`, `id`);
-- Create index "seat_opening_id_number" to table: "seats"
CREATE UNIQUE INDEX `seat_opening_id_number` ON `seats` (`opening_id`, `number`);
-- Create index "seat_application_id" to table: "seats"
CREATE UNIQUE INDEX `seat_application_id` ON `seats` (`application_id`);
-- Create "settings" table
CREATE TABLE `settings` (`id` text NOT NULL, `content` text NOT NULL, PRIMARY KEY (`id`));
-- Create "signal_ratings" table
CREATE TABLE `signal_ratings` (`id` uuid NOT NULL, `position` integer NOT NULL, `signal` text NOT NULL, `rating` integer NULL, `not_assessed` text NULL, `evidence` text NOT NULL DEFAULT (''), `evidence_kind` text NULL, `is_unplanned` bool NOT NULL DEFAULT (false), `revision_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `signal_ratings_scorecard_revisions_revision` FOREIGN KEY (`revision_id`) REFERENCES `scorecard_revisions` (`id`) ON DELETE NO ACTION, CONSTRAINT `rating_or_reason` CHECK (rating IS NULL OR not_assessed IS NULL));
-- Create index "signalrating_revision_id_signal" to table: "signal_ratings"
CREATE UNIQUE INDEX `signalrating_revision_id_signal` ON `signal_ratings` (`revision_id`, `signal`);
-- Create "sources" table
CREATE TABLE `sources` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `name` text NOT NULL, `kind` text NOT NULL, PRIMARY KEY (`id`));
-- Create index "sources_name_key" to table: "sources"
CREATE UNIQUE INDEX `sources_name_key` ON `sources` (`name`);
-- Create index "source_updated_at_id" to table: "sources"
CREATE INDEX `source_updated_at_id` ON `sources` (`updated_at`, `id`);
-- Create "stages" table
CREATE TABLE `stages` (`id` uuid NOT NULL, `position` integer NOT NULL, `name` text NOT NULL, `kind` text NOT NULL, `sla_days` integer NULL, `opening_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `stages_openings_opening` FOREIGN KEY (`opening_id`) REFERENCES `openings` (`id`) ON DELETE NO ACTION);
-- Create index "stage_opening_id_position" to table: "stages"
CREATE UNIQUE INDEX `stage_opening_id_position` ON `stages` (`opening_id`, `position`);
-- Create "stage_events" table
CREATE TABLE `stage_events` (`id` uuid NOT NULL, `sequence` integer NOT NULL, `kind` text NOT NULL, `occurred_at` datetime NOT NULL, `recorded_at` datetime NOT NULL, `reason` text NULL, `corrected_kind` text NULL, `quality` text NOT NULL DEFAULT ('RECORDED'), `application_id` uuid NOT NULL, `stage_id` uuid NULL, `actor_id` uuid NULL, `rejection_reason_id` uuid NULL, `corrects_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `stage_events_applications_application` FOREIGN KEY (`application_id`) REFERENCES `applications` (`id`) ON DELETE NO ACTION, CONSTRAINT `stage_events_stages_stage` FOREIGN KEY (`stage_id`) REFERENCES `stages` (`id`) ON DELETE NO ACTION, CONSTRAINT `stage_events_members_actor` FOREIGN KEY (`actor_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION, CONSTRAINT `stage_events_rejection_reasons_rejection_reason` FOREIGN KEY (`rejection_reason_id`) REFERENCES `rejection_reasons` (`id`) ON DELETE NO ACTION, CONSTRAINT `stage_events_stage_events_corrected_by` FOREIGN KEY (`corrects_id`) REFERENCES `stage_events` (`id`) ON DELETE NO ACTION);
-- Create index "stageevent_application_id_sequence" to table: "stage_events"
CREATE UNIQUE INDEX `stageevent_application_id_sequence` ON `stage_events` (`application_id`, `sequence`);
-- Create index "stageevent_corrects_id" to table: "stage_events"
CREATE UNIQUE INDEX `stageevent_corrects_id` ON `stage_events` (`corrects_id`);
-- Create index "stageevent_recorded_at_id" to table: "stage_events"
CREATE INDEX `stageevent_recorded_at_id` ON `stage_events` (`recorded_at`, `id`);
-- Create "visits" table
CREATE TABLE `visits` (`id` uuid NOT NULL, `sequence` integer NOT NULL, `entered_at` datetime NOT NULL, `exited_at` datetime NULL, `outcome` text NULL, `skipped_stage_ids` json NOT NULL, `quality` text NOT NULL DEFAULT ('RECORDED'), `application_id` uuid NOT NULL, `stage_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `visits_applications_application` FOREIGN KEY (`application_id`) REFERENCES `applications` (`id`) ON DELETE NO ACTION, CONSTRAINT `visits_stages_stage` FOREIGN KEY (`stage_id`) REFERENCES `stages` (`id`) ON DELETE NO ACTION);
-- Create index "visit_application_id_sequence" to table: "visits"
CREATE UNIQUE INDEX `visit_application_id_sequence` ON `visits` (`application_id`, `sequence`);
-- Create index "visit_stage_id_entered_at" to table: "visits"
CREATE INDEX `visit_stage_id_entered_at` ON `visits` (`stage_id`, `entered_at`);
-- Create "opening_allowed_levels" table
CREATE TABLE `opening_allowed_levels` (`opening_id` uuid NOT NULL, `level_id` uuid NOT NULL, PRIMARY KEY (`opening_id`, `level_id`), CONSTRAINT `opening_allowed_levels_opening_id` FOREIGN KEY (`opening_id`) REFERENCES `openings` (`id`) ON DELETE CASCADE, CONSTRAINT `opening_allowed_levels_level_id` FOREIGN KEY (`level_id`) REFERENCES `levels` (`id`) ON DELETE CASCADE);
-- Create "opening_locations" table
CREATE TABLE `opening_locations` (`opening_id` uuid NOT NULL, `location_id` uuid NOT NULL, PRIMARY KEY (`opening_id`, `location_id`), CONSTRAINT `opening_locations_opening_id` FOREIGN KEY (`opening_id`) REFERENCES `openings` (`id`) ON DELETE CASCADE, CONSTRAINT `opening_locations_location_id` FOREIGN KEY (`location_id`) REFERENCES `locations` (`id`) ON DELETE CASCADE);
