package hiring

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/candidatecontact"
	"hireloop/internal/gid"
)

// CandidateDuplicates are, for each of these candidates, the others with the
// same e-mail address or telephone number that the viewer sees, oldest first;
// those merged into another do not count. It takes two statements for all.
func (s *Service) CandidateDuplicates(ctx context.Context, ids []gid.ID) (map[gid.ID][]*db.Candidate, error) {
	var pairs []struct {
		ID    gid.ID `sql:"candidate_id"`
		Other gid.ID `sql:"other_id"`
	}
	// Who may not see contacts is not told that two are the same. Which others the
	// viewer sees is decided below.
	err := s.DB.CandidateContact.Query().Where(candidatecontact.CandidateIDIn(ids...)).
		Modify(func(mine *sql.Selector) {
			theirs := sql.Table(candidatecontact.Table).As("other_contacts")
			mine.Join(theirs).OnP(sql.And(
				sql.ColumnsEQ(mine.C(candidatecontact.FieldKind), theirs.C(candidatecontact.FieldKind)),
				sql.ColumnsEQ(mine.C(candidatecontact.FieldNormalized), theirs.C(candidatecontact.FieldNormalized)),
				sql.ColumnsNEQ(mine.C(candidatecontact.FieldCandidateID), theirs.C(candidatecontact.FieldCandidateID)),
			)).Select(
				mine.C(candidatecontact.FieldCandidateID),
				sql.As(theirs.C(candidatecontact.FieldCandidateID), "other_id"),
			).Distinct()
		}).Scan(ctx, &pairs)
	if err != nil || len(pairs) == 0 {
		return nil, err
	}
	others := make([]gid.ID, len(pairs))
	twins := map[gid.ID][]gid.ID{} // other → those that have it
	for i, p := range pairs {
		others[i] = p.Other
		twins[p.Other] = append(twins[p.Other], p.ID)
	}
	seen, err := s.DB.Candidate.Query().
		Where(candidate.IDIn(distinct(others)...), candidate.MergedIntoIDIsNil()).
		Order(candidate.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	duplicates := map[gid.ID][]*db.Candidate{}
	for _, other := range seen {
		for _, id := range twins[other.ID] {
			duplicates[id] = append(duplicates[id], other)
		}
	}
	return duplicates, nil
}
