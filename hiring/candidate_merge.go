package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/candidatecontact"
	"hireloop/ent/db/consent"
	"hireloop/ent/db/externalreference"
	"hireloop/ent/db/legalhold"
	"hireloop/ent/db/note"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// MergeCandidatesInput names two candidates that are one person.
type MergeCandidatesInput struct {
	SurvivorID      gid.ID
	ExpectedVersion int // of the survivor
	AbsorbedID      gid.ID
}

// MergeCandidates gives everything of the absorbed candidate to the survivor,
// whoever may see it: applications (also a second one for the same opening),
// notes, contacts, links, tags, the privacy, consents and legal holds, what other
// systems know the person by, and candidates that were merged into it earlier. What the survivor lacks
// is filled in; where both have something else to say the survivor's word
// stands. The absorbed record stays as it was, leads on to the survivor and is
// kept whole in the record of the merge. The id is the survivor's.
func (s *Service) MergeCandidates(ctx context.Context, in MergeCandidatesInput) (gid.ID, error) {
	return in.SurvivorID, s.change(ctx, "mergeCandidates", func(ctx context.Context, w *write) error {
		survivor, absorbed, err := w.readMerge(ctx, in)
		if err != nil {
			return err
		}
		snapshot, err := w.snapshot(ctx, absorbed)
		if err != nil {
			return err
		}
		if err := w.moveContacts(ctx, survivor.ID, absorbed.ID); err != nil {
			return err
		}
		moved, err := w.moveRows(ctx, survivor.ID, absorbed.ID)
		if err != nil {
			return err
		}
		if err := w.enrich(ctx, survivor, absorbed); err != nil {
			return err
		}
		err = w.Candidate.UpdateOne(absorbed).SetMergedIntoID(survivor.ID).
			SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if err != nil {
			return err
		}
		err = w.CandidateMerge.Create().SetID(w.id(gid.CandidateMerge)).
			SetSurvivorID(survivor.ID).SetAbsorbedID(absorbed.ID).SetActorID(w.viewer.Member).
			SetMergedAt(w.now).SetAbsorbed(snapshot).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "candidate.merged", Subject: survivor.ID})
		moved["absorbedId"] = absorbed.ID
		return w.record(ctx, survivor.ID, moved)
	})
}

// readMerge holds both candidates and checks that they can be merged.
func (w *write) readMerge(ctx context.Context, in MergeCandidatesInput) (survivor, absorbed *db.Candidate, err error) {
	if in.SurvivorID == in.AbsorbedID {
		return nil, nil, fault.Invalidf("absorbedId", "is the survivor itself")
	}
	held, err := w.holdCandidates(ctx, in.SurvivorID, in.AbsorbedID)
	if err != nil {
		return nil, nil, err
	}
	survivor, absorbed = held[in.SurvivorID], held[in.AbsorbedID]
	var problems fault.List
	if survivor == nil {
		problems.Add(missing("survivorId", gid.Candidate))
	}
	if absorbed == nil {
		problems.Add(missing("absorbedId", gid.Candidate))
	}
	if err := problems.Err(); err != nil {
		return nil, nil, err
	}
	if err := w.mayEditCandidates(); err != nil {
		return nil, nil, err
	}
	if survivor.Version != in.ExpectedVersion {
		return nil, nil, overtaken("candidate", survivor.Version)
	}
	if survivor.MergedIntoID != nil {
		problems.Add(merged("survivorId", "merge"))
	}
	if absorbed.MergedIntoID != nil {
		problems.Add(merged("absorbedId", "merge"))
	}
	if survivor.IsErased {
		problems.Add(erased("survivorId", "merge"))
	}
	if absorbed.IsErased {
		problems.Add(erased("absorbedId", "merge"))
	}
	if survivor.MemberID != nil && absorbed.MemberID != nil && *survivor.MemberID != *absorbed.MemberID {
		problems.Add(fault.Conflictf("absorbedId", "is another of the company's people than the survivor"))
	}
	return survivor, absorbed, problems.Err()
}

// snapshot is the absorbed candidate as it is, with all that is about to move.
func (w *write) snapshot(ctx context.Context, c *db.Candidate) (map[string]any, error) {
	ctx = access.System(ctx)
	contacts, err := w.contactsOf(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	applications, err := w.Application.Query().Where(application.CandidateID(c.ID)).Order(application.ByID()).IDs(ctx)
	if err != nil {
		return nil, err
	}
	notes, err := w.Note.Query().Where(note.CandidateID(c.ID)).Order(note.ByID()).IDs(ctx)
	if err != nil {
		return nil, err
	}
	references, err := w.ExternalReference.Query().Where(externalreference.SubjectID(c.ID)).
		Order(externalreference.ByID()).IDs(ctx)
	if err != nil {
		return nil, err
	}
	earlier, err := w.Candidate.Query().Where(candidate.MergedIntoID(c.ID)).Order(candidate.ByID()).IDs(ctx)
	if err != nil {
		return nil, err
	}
	kept := make([]map[string]any, len(contacts))
	for i, row := range contacts {
		kept[i] = map[string]any{
			"id": row.ID, "kind": row.Kind, "position": row.Position,
			"address": row.Address, "normalized": row.Normalized,
		}
	}
	return map[string]any{
		"id": c.ID, "name": c.Name, "headline": c.Headline, "company": c.Company, "location": c.Location,
		"links": c.Links, "tags": c.Tags, "isPrivate": c.IsPrivate, "memberId": c.MemberID, "version": c.Version,
		"createdAt": c.CreatedAt, "updatedAt": c.UpdatedAt,
		"contacts": kept, "applicationIds": applications, "noteIds": notes,
		"externalReferenceIds": references, "mergedCandidateIds": earlier,
	}, nil
}

// moveContacts puts the absorbed candidate's contacts behind the survivor's.
// One that the survivor has too stays where it is.
func (w *write) moveContacts(ctx context.Context, survivor, absorbed gid.ID) error {
	present, err := w.contactsOf(ctx, survivor)
	if err != nil {
		return err
	}
	arriving, err := w.contactsOf(ctx, absorbed)
	if err != nil {
		return err
	}
	next := map[candidatecontact.Kind]int{}
	have := map[string]bool{}
	for i, c := range asContacts(present) {
		have[c.key()] = true
		next[c.Kind] = max(next[c.Kind], present[i].Position+1)
	}
	for i, c := range asContacts(arriving) {
		if have[c.key()] {
			continue
		}
		have[c.key()] = true
		err := w.CandidateContact.UpdateOne(arriving[i]).
			SetCandidateID(survivor).SetPosition(next[c.Kind]).Exec(ctx)
		if err != nil {
			return err
		}
		next[c.Kind]++
	}
	return nil
}

// moveRows makes the rows that refer to the absorbed candidate refer to the
// survivor, and counts them.
func (w *write) moveRows(ctx context.Context, survivor, absorbed gid.ID) (map[string]any, error) {
	applications, err := w.Application.Update().Where(application.CandidateID(absorbed)).
		SetCandidateID(survivor).SetUpdatedAt(w.now).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	notes, err := w.Note.Update().Where(note.CandidateID(absorbed)).
		SetCandidateID(survivor).SetUpdatedAt(w.now).Save(ctx)
	if err != nil {
		return nil, err
	}
	// By these a later import finds the survivor.
	references, err := w.ExternalReference.Update().Where(externalreference.SubjectID(absorbed)).
		SetSubjectID(survivor).Save(ctx)
	if err != nil {
		return nil, err
	}
	earlier, err := w.Candidate.Update().Where(candidate.MergedIntoID(absorbed)).
		SetMergedIntoID(survivor).SetUpdatedAt(w.now).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	consents, err := w.Consent.Update().Where(consent.CandidateID(absorbed)).SetCandidateID(survivor).Save(ctx)
	if err != nil {
		return nil, err
	}
	holds, err := w.LegalHold.Update().Where(legalhold.CandidateID(absorbed)).SetCandidateID(survivor).Save(ctx)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"applications": applications, "notes": notes, "externalReferences": references, "mergedCandidates": earlier,
		"consents": consents, "legalHolds": holds,
	}, nil
}

// enrich adds to the survivor's record what the absorbed one's has beyond it.
func (w *write) enrich(ctx context.Context, survivor, absorbed *db.Candidate) error {
	headline := survivor.Headline
	if headline == nil {
		headline = absorbed.Headline
	}
	tags := distinct(slices.Concat(survivor.Tags, absorbed.Tags))
	update := w.Candidate.UpdateOne(survivor).
		SetNillableHeadline(headline).
		SetLinks(distinct(slices.Concat(survivor.Links, absorbed.Links))).SetTags(tags).
		SetIsPrivate(survivor.IsPrivate || absorbed.IsPrivate).
		SetSearchText(SearchText(survivor.Name, text(headline), tags)).
		SetUpdatedAt(w.now).AddVersion(1)
	if survivor.MemberID == nil {
		update.SetNillableMemberID(absorbed.MemberID)
	}
	if survivor.Company == nil {
		update.SetNillableCompany(absorbed.Company)
	}
	if survivor.Location == nil {
		update.SetNillableLocation(absorbed.Location)
	}
	return update.Exec(ctx)
}
