package hiring

import (
	"cmp"
	"context"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/erasurereceipt"
	"hireloop/ent/db/legalhold"
	"hireloop/ent/db/retentionrule"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/relay"
)

// MostRetained is how many people one call lists or erases.
const MostRetained = 100

// RetentionPreview is whom the rules would erase now.
type RetentionPreview struct {
	AsOf  time.Time
	Due   int // how many would be erased
	Held  int // how many would, were they not under a legal hold
	Cases []*RetentionCase
}

// RetentionCase is somebody who has been kept as long as the rules say.
type RetentionCase struct {
	Candidate *db.Candidate
	Since     retentionrule.Since // which rule held out longest
	From      time.Time           // from when it counts
	DueAt     time.Time
	LegalHold *db.LegalHold // nil when nothing keeps them

	id gid.ID
}

// ApplyRetentionInput says how many people are erased at most. Whole is for whoever
// runs the server: also those who applied for what the viewer does not see.
type ApplyRetentionInput struct {
	Limit int
	Whole bool
}

// AppliedRetention is what was done, and what is left to do.
type AppliedRetention struct {
	Receipts  []*db.ErasureReceipt
	Remaining int
	Held      int
}

// RetentionPreview lists whom ApplyRetention would erase now and why, those who were
// due first before the others; those under a legal hold too, whom it would not. Unless
// it is whole, those who applied for confidential openings of other teams are not
// among them: what they are kept for would tell of it.
func (s *Service) RetentionPreview(ctx context.Context, first int, whole bool) (*RetentionPreview, error) {
	if !access.ViewerOf(ctx).MayAdministerPrivacy() {
		return nil, fault.Deniedf("only administrators see whom retention would erase")
	}
	var problems fault.List
	within(&problems, "first", first, 1, MostRetained)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	cases, err := s.retainedFor(ctx, now, whole)
	if err != nil {
		return nil, err
	}
	p := &RetentionPreview{AsOf: now, Cases: cases}
	for _, c := range cases {
		if c.LegalHold != nil {
			p.Held++
		} else {
			p.Due++
		}
	}
	p.Cases = cases[:min(first, len(cases))]
	ids := make([]gid.ID, len(p.Cases))
	for i, c := range p.Cases {
		ids[i] = c.id
	}
	rows, err := s.DB.Candidate.Query().Where(relay.IDs(candidate.FieldID, ids)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range rows {
		p.Cases[slices.Index(ids, c.ID)].Candidate = c
	}
	p.Cases = slices.DeleteFunc(p.Cases, func(c *RetentionCase) bool { return c.Candidate == nil }) // gone meanwhile
	return p, nil
}

// ApplyRetention erases those whom RetentionPreview lists, each in a transaction of
// their own and not more than so many; who is not due any more by then, is kept.
func (s *Service) ApplyRetention(ctx context.Context, in ApplyRetentionInput) (*AppliedRetention, error) {
	if !access.ViewerOf(ctx).MayAdministerPrivacy() {
		return nil, fault.Deniedf("only administrators erase candidates")
	}
	var problems fault.List
	within(&problems, "limit", in.Limit, 1, MostRetained)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	cases, err := s.retainedFor(ctx, s.Now().UTC(), in.Whole)
	if err != nil {
		return nil, err
	}
	done := &AppliedRetention{Receipts: []*db.ErasureReceipt{}}
	var receipts []gid.ID
	for _, c := range cases {
		switch {
		case c.LegalHold != nil:
			done.Held++
		case len(receipts) == in.Limit:
			done.Remaining++
		default:
			id, err := s.eraseRetained(ctx, c.id)
			if err != nil {
				return nil, err
			}
			if !id.IsNil() {
				receipts = append(receipts, id)
			}
		}
	}
	if len(receipts) > 0 {
		s.purgeShortly(ctx) // the receipts say whether it is done
	}
	done.Receipts, err = s.DB.ErasureReceipt.Query().Where(relay.IDs(erasurereceipt.FieldID, receipts)).
		Order(erasurereceipt.ByID()).All(ctx)
	return done, err
}

// eraseRetained erases a candidate if they are due still; Nil when they are not.
func (s *Service) eraseRetained(ctx context.Context, id gid.ID) (gid.ID, error) {
	return s.create(ctx, "applyRetention", func(ctx context.Context, w *write) (gid.ID, error) {
		err := w.holdPerson(access.System(ctx), "", id)
		if fault.All(err) != nil {
			return gid.Nil, nil // gone, merged or erased meanwhile
		}
		if err != nil {
			return gid.Nil, err
		}
		cases, err := s.retained(ctx, w.Client(), w.now, id)
		if err != nil || len(cases) == 0 || cases[0].LegalHold != nil {
			return gid.Nil, err
		}
		return w.eraseCandidate(ctx, "", id, erasurereceipt.ReasonRETENTION)
	})
}

// retainedFor are the retained of whom the viewer sees every application, or all.
func (s *Service) retainedFor(ctx context.Context, now time.Time, whole bool) ([]*RetentionCase, error) {
	cases, err := s.retained(ctx, s.DB, now, gid.Nil)
	if err != nil || whole || len(cases) == 0 {
		return cases, err
	}
	ids := make([]gid.ID, len(cases))
	for i, c := range cases {
		ids[i] = c.id
	}
	theirs := relay.IDs(application.FieldCandidateID, ids)
	seen, err := s.DB.Application.Query().Where(theirs).IDs(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.DB.Application.Query().Where(theirs).Select(application.FieldID, application.FieldCandidateID).All(access.System(ctx))
	if err != nil {
		return nil, err
	}
	known, hidden := map[gid.ID]bool{}, map[gid.ID]bool{}
	for _, id := range seen {
		known[id] = true
	}
	for _, a := range all {
		hidden[a.CandidateID] = hidden[a.CandidateID] || !known[a.ID]
	}
	return slices.DeleteFunc(cases, func(c *RetentionCase) bool { return hidden[c.id] }), nil
}

// retained are the candidates who have been kept as long as the rules say, or one of
// them, whoever may see them; a constant number of statements.
func (s *Service) retained(ctx context.Context, client *db.Client, now time.Time, only gid.ID) ([]*RetentionCase, error) {
	ctx = access.System(ctx)
	rules, err := client.RetentionRule.Query().All(ctx)
	if err != nil || len(rules) == 0 {
		return nil, err
	}
	people, err := s.kept(ctx, client, only)
	if err != nil {
		return nil, err
	}
	var cases []*RetentionCase
	for _, p := range people {
		if c := p.due(rules, now); c != nil {
			cases = append(cases, c)
		}
	}
	slices.SortFunc(cases, func(a, b *RetentionCase) int {
		return cmp.Or(a.DueAt.Compare(b.DueAt), slices.Compare(a.id[:], b.id[:]))
	})
	holds, err := client.LegalHold.Query().Where(holding(now)).Order(legalhold.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	held := make(map[gid.ID]*db.LegalHold, len(holds))
	for _, h := range holds {
		held[h.CandidateID] = h
	}
	for _, c := range cases {
		c.LegalHold = held[c.id]
	}
	return cases, nil
}

// person is what decides how long somebody is kept.
type person struct {
	id       gid.ID
	recorded time.Time
	pursued  bool       // has an application under way, or was hired
	ended    *time.Time // when their last application ended
	reason   *gid.ID    // with which reason it did
	agreed   []consented
}

// consented is from when to when somebody agreed; until is nil while they do.
type consented struct{ until *time.Time }

// kept reads the people whom the database has, or one of them.
func (s *Service) kept(ctx context.Context, client *db.Client, only gid.ID) ([]*person, error) {
	which, args := `c.merged_into_id IS NULL AND NOT c.is_erased`, []any{}
	if !only.IsNil() {
		which, args = which+` AND c.id = $1`, []any{only}
	}
	var people []*person
	byID := map[gid.ID]*person{}
	err := store.Query(ctx, client, `SELECT c.id, c.created_at, a.status, a.closed_at, a.last_activity_at, a.rejection_reason_id
		FROM candidates c LEFT JOIN applications a ON a.candidate_id = c.id WHERE `+which, args...).Each(func(row store.Row) error {
		var id gid.ID
		var recorded time.Time
		var status *application.Status
		var ended, seen *time.Time
		var reason *gid.ID
		if err := row.Scan(&id, &recorded, &status, &ended, &seen, &reason); err != nil {
			return err
		}
		ended = cmp.Or(ended, seen) // imported ones may have no end
		p := byID[id]
		if p == nil {
			p = &person{id: id, recorded: recorded}
			byID[id], people = p, append(people, p)
		}
		switch {
		case status == nil:
		case *status == application.StatusACTIVE || *status == application.StatusHIRED:
			p.pursued = true
		case p.ended == nil || ended.After(*p.ended):
			p.ended, p.reason = ended, reason
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = store.Query(ctx, client, `SELECT c.candidate_id, c.withdrawn_at, c.expires_at FROM consents c`).Each(func(row store.Row) error {
		var id gid.ID
		var withdrawn, expires *time.Time
		err := row.Scan(&id, &withdrawn, &expires)
		if p := byID[id]; p != nil {
			if withdrawn == nil || expires != nil && expires.Before(*withdrawn) {
				withdrawn = expires
			}
			p.agreed = append(p.agreed, consented{until: withdrawn})
		}
		return err
	})
	return people, err
}

// due says since when somebody should be erased: since every rule that is for them
// has run out. It is nil while one has not, when none is for them, for whom is
// pursued or was hired, and while a consent is good.
func (p *person) due(rules []*db.RetentionRule, now time.Time) *RetentionCase {
	if p.pursued {
		return nil
	}
	var consentEnded *time.Time
	for _, c := range p.agreed {
		if c.until == nil || c.until.After(now) {
			return nil
		}
		if consentEnded == nil || c.until.After(*consentEnded) {
			consentEnded = c.until
		}
	}
	var last *RetentionCase
	for _, rule := range rules {
		var from *time.Time
		switch rule.Since {
		case retentionrule.SinceAPPLICATION_ENDED:
			if p.ended != nil && rule == ruleFor(rules, p.reason) {
				from = p.ended
			}
		case retentionrule.SinceCONSENT_ENDED:
			from = consentEnded
		case retentionrule.SinceRECORDED:
			if p.ended == nil && consentEnded == nil {
				from = &p.recorded
			}
		}
		if from == nil {
			continue
		}
		due := from.AddDate(0, rule.Months, 0)
		if due.After(now) {
			return nil
		}
		if last == nil || due.After(last.DueAt) {
			last = &RetentionCase{id: p.id, Since: rule.Since, From: from.UTC(), DueAt: due.UTC()}
		}
	}
	return last
}

// ruleFor is the rule for applications that ended with a reason: that of the reason,
// or else the one for all; nil when there is neither.
func ruleFor(rules []*db.RetentionRule, reason *gid.ID) (general *db.RetentionRule) {
	for _, rule := range rules {
		switch {
		case rule.Since != retentionrule.SinceAPPLICATION_ENDED:
		case rule.RejectionReasonID == nil:
			general = rule
		case same(rule.RejectionReasonID, reason):
			return rule
		}
	}
	return general
}
