-- Objects of SQLite that are derived from the tables. The file is applied as a
-- whole after every migration and whenever it has changed: everything in it
-- must be true again when it runs once more. Rebuilding a table, which most
-- migrations of SQLite do, drops its triggers.

-- Search: an index of all substrings of three characters. It is built anew
-- here. It knows rows by a number; that is kept in a table of its own, because
-- VACUUM may change row ids. The text is folded before it is stored, so the index
-- compares it as it is.
DROP TRIGGER IF EXISTS candidates_search_text_insert;
DROP TRIGGER IF EXISTS candidates_search_text_update;
DROP TRIGGER IF EXISTS candidates_search_text_delete;
DROP TABLE IF EXISTS candidates_search_text;
DROP TABLE IF EXISTS candidates_search_text_key;

CREATE TABLE candidates_search_text_key (key integer PRIMARY KEY, id uuid NOT NULL UNIQUE);
CREATE VIRTUAL TABLE candidates_search_text USING fts5 (
	search_text, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
INSERT INTO candidates_search_text_key (id) SELECT id FROM candidates ORDER BY id;
INSERT INTO candidates_search_text (rowid, search_text)
	SELECT key, search_text FROM candidates_search_text_key JOIN candidates USING (id);

CREATE TRIGGER candidates_search_text_insert AFTER INSERT ON candidates BEGIN
	INSERT INTO candidates_search_text_key (id) VALUES (new.id);
	INSERT INTO candidates_search_text (rowid, search_text)
		SELECT key, new.search_text FROM candidates_search_text_key WHERE id = new.id;
END;
CREATE TRIGGER candidates_search_text_update AFTER UPDATE OF search_text ON candidates
WHEN new.search_text <> old.search_text BEGIN
	UPDATE candidates_search_text SET search_text = new.search_text
		WHERE rowid = (SELECT key FROM candidates_search_text_key WHERE id = new.id);
END;
CREATE TRIGGER candidates_search_text_delete AFTER DELETE ON candidates BEGIN
	DELETE FROM candidates_search_text
		WHERE rowid = (SELECT key FROM candidates_search_text_key WHERE id = old.id);
	DELETE FROM candidates_search_text_key WHERE id = old.id;
END;

-- The same for the addresses and numbers of candidates.
DROP TRIGGER IF EXISTS candidate_contacts_normalized_insert;
DROP TRIGGER IF EXISTS candidate_contacts_normalized_update;
DROP TRIGGER IF EXISTS candidate_contacts_normalized_delete;
DROP TABLE IF EXISTS candidate_contacts_normalized;
DROP TABLE IF EXISTS candidate_contacts_normalized_key;

CREATE TABLE candidate_contacts_normalized_key (key integer PRIMARY KEY, id uuid NOT NULL UNIQUE);
CREATE VIRTUAL TABLE candidate_contacts_normalized USING fts5 (
	normalized, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
INSERT INTO candidate_contacts_normalized_key (id) SELECT id FROM candidate_contacts ORDER BY id;
INSERT INTO candidate_contacts_normalized (rowid, normalized)
	SELECT key, normalized FROM candidate_contacts_normalized_key JOIN candidate_contacts USING (id);

CREATE TRIGGER candidate_contacts_normalized_insert AFTER INSERT ON candidate_contacts BEGIN
	INSERT INTO candidate_contacts_normalized_key (id) VALUES (new.id);
	INSERT INTO candidate_contacts_normalized (rowid, normalized)
		SELECT key, new.normalized FROM candidate_contacts_normalized_key WHERE id = new.id;
END;
CREATE TRIGGER candidate_contacts_normalized_update AFTER UPDATE OF normalized ON candidate_contacts
WHEN new.normalized <> old.normalized BEGIN
	UPDATE candidate_contacts_normalized SET normalized = new.normalized
		WHERE rowid = (SELECT key FROM candidate_contacts_normalized_key WHERE id = new.id);
END;
CREATE TRIGGER candidate_contacts_normalized_delete AFTER DELETE ON candidate_contacts BEGIN
	DELETE FROM candidate_contacts_normalized
		WHERE rowid = (SELECT key FROM candidate_contacts_normalized_key WHERE id = old.id);
	DELETE FROM candidate_contacts_normalized_key WHERE id = old.id;
END;

-- History is only ever added to. (Events need no more: AUTOINCREMENT numbers
-- them, and as SQLite has one writer at a time, in the order of commits.)
CREATE TRIGGER IF NOT EXISTS stage_events_refuse_update BEFORE UPDATE ON stage_events BEGIN
	SELECT RAISE(ABORT, 'rows of stage_events are only ever added');
END;
CREATE TRIGGER IF NOT EXISTS audit_entries_refuse_update BEFORE UPDATE ON audit_entries BEGIN
	SELECT RAISE(ABORT, 'rows of audit_entries are only ever added');
END;
CREATE TRIGGER IF NOT EXISTS audit_entries_refuse_delete BEFORE DELETE ON audit_entries BEGIN
	SELECT RAISE(ABORT, 'rows of audit_entries are only ever added');
END;
CREATE TRIGGER IF NOT EXISTS audit_links_refuse_update BEFORE UPDATE ON audit_links BEGIN
	SELECT RAISE(ABORT, 'rows of audit_links are only ever added');
END;
CREATE TRIGGER IF NOT EXISTS audit_links_refuse_delete BEFORE DELETE ON audit_links BEGIN
	SELECT RAISE(ABORT, 'rows of audit_links are only ever added');
END;
CREATE TRIGGER IF NOT EXISTS events_refuse_update BEFORE UPDATE ON events BEGIN
	SELECT RAISE(ABORT, 'rows of events are only ever added');
END;

-- The audit trail is a chain: see AuditLink. sha256 is internal/store's.
CREATE TRIGGER IF NOT EXISTS audit_entries_link AFTER INSERT ON audit_entries BEGIN
	INSERT INTO audit_links (id, entry_id, hash)
		SELECT COALESCE(max(id), 0) + 1, new.id, sha256(CAST(
			COALESCE((SELECT hash FROM audit_links ORDER BY id DESC LIMIT 1), x'') || new.digest AS BLOB))
		FROM audit_links;
END;
