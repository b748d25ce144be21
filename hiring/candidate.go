package hiring

import (
	"context"
	"net/url"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/candidatecontact"
	"hireloop/ent/db/member"
	"hireloop/ent/schema"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

const (
	maxHeadline = 500
	maxLinks    = 20
	maxURL      = 2000
	maxTags     = 50
	maxTag      = 100
)

// CandidateLinkKind says what kind of page a link leads to.
type CandidateLinkKind string

const (
	LinkLinkedIn CandidateLinkKind = "LINKEDIN"
	LinkGitHub   CandidateLinkKind = "GITHUB"
	LinkWebsite  CandidateLinkKind = "WEBSITE"
	LinkOther    CandidateLinkKind = "OTHER"
)

// CandidateLinkInput is a page about a candidate.
type CandidateLinkInput struct {
	Kind CandidateLinkKind
	URL  string // http or https
}

// CreateCandidateInput is a person to record.
type CreateCandidateInput struct {
	Name           string
	Headline       *string
	Company        *string
	Location       *string
	Emails         []string
	Phones         []string
	Links          []*CandidateLinkInput
	Tags           []string
	IsPrivate      *bool
	MemberID       *gid.ID
	AllowDuplicate *bool
}

// CandidateUpdate is changes to a candidate: the SDL's UpdateCandidateInput.
type CandidateUpdate struct {
	CandidateID     gid.ID
	ExpectedVersion int
	Name            Change[*string]
	Headline        Change[*string]
	Company         Change[*string]
	Location        Change[*string]
	Emails          Change[[]string]
	Phones          Change[[]string]
	Links           Change[[]*CandidateLinkInput]
	Tags            Change[[]string]
	IsPrivate       Change[*bool]
	MemberID        Change[*gid.ID]
}

// CreateCandidate records a person, unless somebody with the same e-mail
// address or telephone number is there already and the input does not allow it.
func (s *Service) CreateCandidate(ctx context.Context, in CreateCandidateInput) (gid.ID, error) {
	return s.create(ctx, "createCandidate", func(ctx context.Context, w *write) (gid.ID, error) {
		if err := w.mayEditCandidates(); err != nil {
			return gid.Nil, err
		}
		id := w.id(gid.Candidate)
		var problems fault.List
		name := line(&problems, "name", in.Name, maxName)
		headline := optionalLine(&problems, "headline", in.Headline, maxHeadline)
		tags := readTags(&problems, in.Tags)
		emails := readContacts(&problems, "emails", candidatecontact.KindEMAIL, in.Emails)
		phones := readContacts(&problems, "phones", candidatecontact.KindPHONE, in.Phones)
		create := w.Candidate.Create().SetID(id).SetCreatedAt(w.now).SetUpdatedAt(w.now).
			SetName(name).SetNillableHeadline(headline).
			SetNillableCompany(optionalLine(&problems, "company", in.Company, maxName)).
			SetNillableLocation(optionalLine(&problems, "location", in.Location, maxName)).
			SetLinks(readLinks(&problems, in.Links)).SetTags(tags).SetNillableIsPrivate(in.IsPrivate).SetNillableMemberID(in.MemberID).
			SetSearchText(SearchText(name, text(headline), tags))
		if err := w.readMember(ctx, &problems, in.MemberID); err != nil {
			return gid.Nil, err
		}
		if err := w.spareAdministrators(ctx, &problems, nil, emails); err != nil {
			return gid.Nil, err
		}
		contacts := slices.Concat(emails, phones)
		if in.AllowDuplicate == nil || !*in.AllowDuplicate {
			if err := w.refuseDuplicates(ctx, &problems, contacts); err != nil {
				return gid.Nil, err
			}
		}
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		if err := create.Exec(ctx); err != nil {
			return gid.Nil, err
		}
		if err := w.saveContacts(ctx, id, nil, emails); err != nil {
			return gid.Nil, err
		}
		if err := w.saveContacts(ctx, id, nil, phones); err != nil {
			return gid.Nil, err
		}
		w.emit(happening{Type: "candidate.created", Subject: id})
		return id, w.record(ctx, id, map[string]any{"contacts": len(contacts)})
	})
}

// UpdateCandidate changes what is recorded of a person.
func (s *Service) UpdateCandidate(ctx context.Context, in CandidateUpdate) (gid.ID, error) {
	return in.CandidateID, s.change(ctx, "updateCandidate", func(ctx context.Context, w *write) error {
		held, err := w.holdCandidates(ctx, in.CandidateID)
		if err != nil {
			return err
		}
		c := held[in.CandidateID]
		if c == nil {
			return missing("candidateId", gid.Candidate)
		}
		if err := w.mayEditCandidates(); err != nil {
			return err
		}
		if c.Version != in.ExpectedVersion {
			return overtaken("candidate", c.Version)
		}
		present, err := w.contactsOf(ctx, c.ID)
		if err != nil {
			return err
		}
		var problems fault.List
		if c.MergedIntoID != nil {
			problems.Add(merged("candidateId", "update"))
		}
		if c.IsErased {
			problems.Add(erased("candidateId", "update"))
		}
		update := w.Candidate.UpdateOne(c).SetUpdatedAt(w.now).AddVersion(1)
		name, headline, tags := c.Name, c.Headline, c.Tags
		if in.Name.Set {
			if in.Name.To == nil {
				problems.Add(fault.Required("name"))
			} else {
				name = line(&problems, "name", *in.Name.To, maxName)
				update.SetName(name)
			}
		}
		if in.Headline.Set {
			headline = optionalLine(&problems, "headline", in.Headline.To, maxHeadline)
			apply(headline, update.SetHeadline, update.ClearHeadline)
		}
		if in.Company.Set {
			apply(optionalLine(&problems, "company", in.Company.To, maxName), update.SetCompany, update.ClearCompany)
		}
		if in.Location.Set {
			apply(optionalLine(&problems, "location", in.Location.To, maxName), update.SetLocation, update.ClearLocation)
		}
		if in.Links.Set {
			update.SetLinks(readLinks(&problems, in.Links.To))
		}
		if in.Tags.Set {
			tags = readTags(&problems, in.Tags.To)
			update.SetTags(tags)
		}
		if in.IsPrivate.Set {
			if in.IsPrivate.To == nil {
				problems.Add(fault.Required("isPrivate"))
			} else {
				update.SetIsPrivate(*in.IsPrivate.To)
			}
		}
		if in.MemberID.Set {
			if err := w.readMember(ctx, &problems, in.MemberID.To); err != nil {
				return err
			}
			apply(in.MemberID.To, update.SetMemberID, update.ClearMemberID)
		}
		emails, phones := ofKind(present, candidatecontact.KindEMAIL), ofKind(present, candidatecontact.KindPHONE)
		newEmails := readContacts(&problems, "emails", candidatecontact.KindEMAIL, in.Emails.To)
		newPhones := readContacts(&problems, "phones", candidatecontact.KindPHONE, in.Phones.To)
		if !in.Emails.Set {
			newEmails = asContacts(emails)
		}
		if !in.Phones.Set {
			newPhones = asContacts(phones)
		}
		if err := w.spareAdministrators(ctx, &problems, asContacts(emails), newEmails); err != nil {
			return err
		}
		if err := problems.Err(); err != nil {
			return err
		}
		update.SetSearchText(SearchText(name, text(headline), tags))
		if err := update.Exec(ctx); err != nil {
			return err
		}
		if err := w.saveContacts(ctx, c.ID, emails, newEmails); err != nil {
			return err
		}
		if err := w.saveContacts(ctx, c.ID, phones, newPhones); err != nil {
			return err
		}
		w.emit(happening{Type: "candidate.updated", Subject: c.ID})
		return w.record(ctx, c.ID, map[string]any{"fields": in.fields()})
	})
}

// fields names what an update changes, for the audit trail.
func (in CandidateUpdate) fields() []string {
	return changed(map[string]bool{
		"name": in.Name.Set, "headline": in.Headline.Set, "company": in.Company.Set, "location": in.Location.Set,
		"emails": in.Emails.Set, "phones": in.Phones.Set, "links": in.Links.Set, "tags": in.Tags.Set,
		"isPrivate": in.IsPrivate.Set, "memberId": in.MemberID.Set,
	})
}

// readMember checks the input's memberId; nil is fine.
func (w *write) readMember(ctx context.Context, problems *fault.List, id *gid.ID) error {
	if id == nil || !of(problems, "memberId", *id, gid.Member) {
		return nil
	}
	there, err := w.Member.Query().Where(member.ID(*id)).Exist(ctx)
	if err != nil {
		return err
	}
	if !there {
		problems.Add(missing("memberId", gid.Member))
	}
	return w.spareAdministrator(ctx, problems, "memberId", id)
}

func (w *write) mayEditCandidates() error {
	if !w.viewer.MayEditCandidates() {
		return fault.Deniedf("you may not record or change candidates")
	}
	return nil
}

// holdCandidates reads those of the candidates that the viewer sees and holds
// them, in the order of their ids so that two such holds cannot block each other.
func (w *write) holdCandidates(ctx context.Context, ids ...gid.ID) (map[gid.ID]*db.Candidate, error) {
	rows, err := locked(w, w.Candidate.Query().Where(candidate.IDIn(ids...)).Order(candidate.ByID())).All(ctx)
	if err != nil {
		return nil, err
	}
	byID := make(map[gid.ID]*db.Candidate, len(rows))
	for _, row := range rows {
		byID[row.ID] = row
	}
	return byID, nil
}

// merged refuses to do something to a candidate that was merged into another.
func merged(path, verb string) *fault.Error {
	return fault.Transition(path, "candidate", "merged into another", verb).
		WithHint("use the one that mergedInto leads to")
}

// erased refuses to do something to a candidate of whom nothing is left.
func erased(path, verb string) *fault.Error {
	return fault.Transition(path, "candidate", "erased", verb)
}

// readTags checks the input's tags and drops repeats.
func readTags(problems *fault.List, in []string) []string {
	if !atMost(problems, "tags", len(in), maxTags) {
		return nil
	}
	tags := make([]string, len(in))
	for i, tag := range in {
		tags[i] = line(problems, at("tags", i), tag, maxTag)
	}
	return distinct(tags)
}

// readLinks checks the input's links and drops repeats.
func readLinks(problems *fault.List, in []*CandidateLinkInput) []schema.CandidateLink {
	if !atMost(problems, "links", len(in), maxLinks) {
		return nil
	}
	links := make([]schema.CandidateLink, len(in))
	for i, l := range in {
		if !slices.Contains([]CandidateLinkKind{LinkLinkedIn, LinkGitHub, LinkWebsite, LinkOther}, l.Kind) {
			problems.Add(fault.Invalidf(at("links", i, "kind"), "is not one of the values that this field has"))
		}
		address := line(problems, at("links", i, "url"), l.URL, maxURL)
		if page, err := url.Parse(address); address != "" && (err != nil || page.Host == "" || !slices.Contains([]string{"http", "https"}, page.Scheme)) {
			problems.Add(fault.Invalidf(at("links", i, "url"), "is not an http or https address"))
		}
		links[i] = schema.CandidateLink{Kind: string(l.Kind), URL: address}
	}
	return distinct(links)
}

// text is "" for what is absent.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
