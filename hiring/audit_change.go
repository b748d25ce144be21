package hiring

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"entgo.io/ent"

	"hireloop/ent/schema"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// auditTold is the one list of the fields whose values the audit trail tells:
// states, ids, numbers and dates. Of every other field, which may hold personal
// data, prose or money, it says that it changed: what it was and is, is read where
// it is kept, by those who may.
var auditTold = map[string]string{
	"ApiKey": "member_id scope roles expires_at previous_secret_until rotated_at revoked_at",
	"Application": "candidate_id opening_id source_id credited_member_id stage_id status applied_at stage_entered_at" +
		" closed_at rejection_reason_id applied_level_id transferred_from_id",
	"Candidate":        "is_private merged_into_id",
	"Consent":          "candidate_id purpose given_at expires_at withdrawn_at",
	"LegalHold":        "candidate_id placed_at expires_at lifted_at",
	"RetentionRule":    "since rejection_reason_id months",
	"CandidateContact": "candidate_id kind position",
	"Debrief":          "loop_id application_id opened_by_id opened_at closed_at packet_hash",
	"Decision":         "application_id loop_id debrief_id basis_hash decided_at",
	"HiringTeamMember": "opening_id member_id role",
	"Interview":        "loop_id position status minutes starts_at ends_at",
	"InterviewPlan":    "level_id",
	"InterviewSeat":    "interview_id position member_id is_shadow",
	"Level":            "ladder_id rank",
	"Loop":             "application_id rubric_version_id target_level_id plan_id status reveal_policy",
	"Member":           "roles deactivated_at",
	"Note":             "candidate_id application_id author_id visibility",
	"Offer":            "application_id status approved_by_id approved_at extended_at resolved_at",
	"OfferVersion":     "offer_id number author_id recorded_at",
	"Opening": "status department_id target_level_id archetype workplace_type employment_type is_confidential is_critical" +
		" rubric_version_id opened_at paused_at closed_at",
	"RedFlagObservation": "scorecard_id confirmed_by_id confirmed_at dismissed_by_id dismissed_at",
	"RubricVersion":      "ladder_id semver status content_hash published_at retired_at supersedes_id",
	"Scorecard": "interview_id interviewer_id loop_id application_id status due_at submitted_at is_on_time is_shadow" +
		" void_reason revision current_revision_id",
	"Seat": "opening_id number status application_id is_backfill target_start_on opened_at filled_at closed_at",
}

// auditToldDetails are the details of entries that are told although they are
// texts, which could be prose: ids, versions, hashes, days and keys.
const auditToldDetails = "attribute basisHash contentHash endsAt levelId loopId packetHash replaces semver signal startsAt system"

// toldDetails are the details of an entry with null in place of a text that is not
// among those that are told.
func toldDetails(details map[string]any) map[string]any {
	told := make(map[string]any, len(details))
	for name, value := range details {
		if _, text := value.(string); text && !slices.Contains(strings.Fields(auditToldDetails), name) {
			value = nil
		}
		told[name] = value
	}
	return told
}

// auditSilent are the rows whose changes the audit trail leaves out: those that
// follow from others, and the trail itself.
var auditSilent = []string{"AuditEntry", "DemographicAnswer", "Event", "ScorecardRevision", "SignalRating", "Visit"}

// auditNew are the kinds of which new rows are told also in entries about others.
var auditNew = []gid.Kind{gid.HiringTeamMember, gid.Consent, gid.LegalHold, gid.RetentionRule}

// auditBookkeeping are the fields that change with every other, and those that
// are derived from others.
var auditBookkeeping = []string{"id", "created_at", "updated_at", "version", "search_text", "normalized", "last_activity_at"}

// written is one write of rows of an entity within a use case.
type written struct {
	id      gid.ID // Nil when it was of many rows
	isNew   bool
	entry   int // the number of the entry that is recorded next
	changes []schema.AuditChange
}

type writeKey struct{}

// watchWrites notes for the audit trail what use cases write.
func watchWrites(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		w, _ := ctx.Value(writeKey{}).(*write)
		if w != nil && !slices.Contains(auditSilent, m.Type()) && !m.Op().Is(ent.OpDelete|ent.OpDeleteOne) {
			if err := w.note(ctx, m); err != nil {
				return nil, err
			}
		}
		return next.Mutate(ctx, m)
	})
}

// note keeps what a mutation changes. What was there before is known when it is of
// one row: without a statement of its own where the row was read (UpdateOne).
func (w *write) note(ctx context.Context, m ent.Mutation) error {
	n := written{isNew: m.Op().Is(ent.OpCreate), entry: len(w.entries)}
	if one, ok := m.(interface{ ID() (gid.ID, bool) }); ok {
		n.id, _ = one.ID()
	}
	told := strings.Fields(auditTold[m.Type()])
	fields := append(m.Fields(), m.ClearedFields()...)
	slices.Sort(fields)
	for _, field := range fields {
		if slices.Contains(auditBookkeeping, field) {
			continue
		}
		c := schema.AuditChange{Noun: nounOf(m.Type()), RowID: given(n.id), Field: camel(field)}
		if value, set := m.Field(field); set && !m.FieldCleared(field) {
			c.After = shown(value)
		}
		if m.Op().Is(ent.OpUpdateOne) {
			before, err := m.OldField(access.System(ctx), field)
			if err != nil {
				return fmt.Errorf("what %s was: %w", field, err)
			}
			c.Before = shown(before)
		}
		if same(c.Before, c.After) {
			continue
		}
		if !slices.Contains(told, field) {
			c.Before, c.After, c.Withheld = nil, nil, true
		}
		n.changes = append(n.changes, c)
	}
	w.written = append(w.written, n)
	return nil
}

// audited are the entries of the use case with what it wrote: a change of a row
// stands in the entry about that row, or in the one that was recorded next. Of new
// rows only subjects are told of, and those of auditNew; the details of entries count
// the others.
func (w *write) audited() []auditEntry {
	if len(w.entries) == 0 {
		return nil
	}
	for _, n := range w.written {
		at := slices.IndexFunc(w.entries, func(e auditEntry) bool { return e.subject == n.id })
		switch {
		case at >= 0:
		case n.isNew && !slices.Contains(auditNew, n.id.Kind()):
			continue
		default:
			at = min(n.entry, len(w.entries)-1)
		}
		w.entries[at].changes = append(w.entries[at].changes, n.changes...)
	}
	return w.entries
}

// shown is a value as the audit trail tells it; nil when there is none.
func shown(value any) *string {
	v := reflect.ValueOf(value)
	for v.IsValid() && v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil
	}
	var text string
	switch x := v.Interface().(type) {
	case gid.ID:
		text = x.String()
	case time.Time:
		text = instant(x)
	default:
		switch v.Kind() {
		case reflect.String:
			text = v.String()
		default:
			raw, err := json.Marshal(x)
			if err != nil {
				return nil
			}
			text = string(raw)
		}
	}
	return &text
}

// nounOf turns StageEvent into stage_event, as ids show kinds.
func nounOf(entity string) string {
	var b strings.Builder
	for i, r := range entity {
		if r >= 'A' && r <= 'Z' && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

// camel turns stage_id into stageId, as the contract writes names.
func camel(column string) string {
	words := strings.Split(column, "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}
