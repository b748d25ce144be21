-- Objects of PostgreSQL that are derived from the tables. The file is applied
-- as a whole after every migration and whenever it has changed: everything in
-- it must be true again when it runs once more.

-- Search: a substring of at least three characters is found by its trigrams.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX IF NOT EXISTS candidates_search_text_trigrams ON candidates USING gin (search_text gin_trgm_ops);
CREATE INDEX IF NOT EXISTS candidate_contacts_normalized_trigrams ON candidate_contacts USING gin (normalized gin_trgm_ops);

-- Events are numbered in the order in which they are committed: whoever has
-- drawn a number holds the lock until the end of the transaction, so nobody
-- who reads up to a number misses a smaller one. The column's own default is
-- drawn before the lock and therefore replaced.
CREATE SEQUENCE IF NOT EXISTS event_numbers AS bigint;
CREATE OR REPLACE FUNCTION number_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(x'4576656e74730000'::bigint); -- "Events" in ASCII
	NEW.id := nextval('event_numbers');
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER number_event BEFORE INSERT ON events
	FOR EACH ROW EXECUTE FUNCTION number_event();

-- History is only ever added to.
CREATE OR REPLACE FUNCTION refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER refuse_update BEFORE UPDATE ON stage_events
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_update();
CREATE OR REPLACE TRIGGER refuse_update BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_update();
CREATE OR REPLACE TRIGGER refuse_update BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_links
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_update();
CREATE OR REPLACE TRIGGER refuse_update BEFORE UPDATE ON events
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_update();

-- The audit trail is a chain in the order of commits: see AuditLink. Whoever has
-- added to it holds the lock until the end of the transaction.
CREATE OR REPLACE FUNCTION link_audit_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	last audit_links;
	entry record;
BEGIN
	PERFORM pg_advisory_xact_lock(x'4175646974000000'::bigint); -- "Audit" in ASCII
	SELECT * INTO last FROM audit_links ORDER BY id DESC LIMIT 1;
	FOR entry IN SELECT id, digest FROM added ORDER BY id LOOP
		INSERT INTO audit_links (id, entry_id, hash) VALUES
			(COALESCE(last.id, 0) + 1, entry.id, sha256(COALESCE(last.hash, ''::bytea) || entry.digest))
			RETURNING * INTO last;
	END LOOP;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER link_audit_entries AFTER INSERT ON audit_entries
	REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION link_audit_entries();

-- The planner keeps samples of values, and of an emptied table for ever. It needs
-- none of what people wrote of others; of the columns that are searched, Purge has
-- them taken anew.
DO $$
DECLARE c text[];
BEGIN
	FOREACH c SLICE 1 IN ARRAY ARRAY[
		['candidates', 'headline'], ['candidates', 'company'], ['candidates', 'location'], ['candidates', 'links'], ['candidates', 'tags'],
		['candidate_contacts', 'address'], ['candidate_merges', 'absorbed'], ['consents', 'source'], ['legal_holds', 'reason'],
		['stage_events', 'reason'], ['demographic_answers', 'answer'], ['demographic_answers', 'former_answer'], ['notes', 'body'],
		['loops', 'forced_reason'], ['loops', 'cancel_reason'], ['interviews', 'name'], ['interviews', 'cancel_reason'],
		['interview_seats', 'vacated_reason'], ['scorecards', 'void_comment'], ['scorecard_revisions', 'reason'], ['scorecard_revisions', 'summary'], ['signal_ratings', 'evidence'],
		['red_flag_observations', 'evidence'], ['red_flag_observations', 'dismissal_reason'],
		['debriefs', 'summary'], ['debriefs', 'packet'], ['debriefs', 'packet_hash'], ['debrief_resolutions', 'resolution'],
		['decisions', 'rationale'], ['decisions', 'dissent'], ['decisions', 'override_reason'], ['decisions', 'level_fit'],
		['decisions', 'basis_hash'], ['offers', 'without_decision_reason'], ['offers', 'resolution_reason'],
		['offer_versions', 'salary'], ['offer_versions', 'currency'], ['offer_versions', 'reason'],
		['external_references', 'external_id'], ['import_runs', 'report']
	] LOOP
		EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET STATISTICS 0', c[1], c[2]);
	END LOOP;
END $$;
