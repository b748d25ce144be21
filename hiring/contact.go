package hiring

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hireloop/ent/db"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/candidatecontact"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

const (
	maxContacts = 20  // of a kind
	maxAddress  = 254 // of an e-mail address, as mail servers have it
)

// contact is an e-mail address or a telephone number of a candidate.
type contact struct {
	Kind       candidatecontact.Kind
	Address    string // as given
	Normalized string // by which duplicates are found
	Path       string // into the input
}

// whoIs tells whether a member is the candidate: they are linked, or the work
// address is among the contacts. It is the rule by which access hides people from
// themselves, whoever asks.
func (w *write) whoIs(ctx context.Context, candidateID gid.ID) (func(*db.Member) bool, error) {
	ctx = access.System(ctx)
	c, err := w.Candidate.Query().Where(candidate.ID(candidateID)).WithContacts().Only(ctx)
	if err != nil {
		return nil, err
	}
	return func(m *db.Member) bool {
		return c.MemberID != nil && *c.MemberID == m.ID || slices.ContainsFunc(c.Edges.Contacts, func(row *db.CandidateContact) bool {
			return row.Kind == candidatecontact.KindEMAIL && row.Normalized == NormalizeEmail(m.Email)
		})
	}, nil
}

// key tells contacts apart.
func (c contact) key() string { return string(c.Kind) + " " + c.Normalized }

// readContacts checks the addresses of one kind and drops repeats.
func readContacts(problems *fault.List, path string, kind candidatecontact.Kind, addresses []string) []contact {
	if !atMost(problems, path, len(addresses), maxContacts) {
		return nil
	}
	normalize, wrong := NormalizeEmail, "is not an e-mail address"
	if kind == candidatecontact.KindPHONE {
		normalize, wrong = NormalizePhone, "is not a telephone number of 5 to 15 digits"
	}
	var contacts []contact
	seen := map[string]bool{}
	for i, address := range addresses {
		before := len(*problems)
		c := contact{Kind: kind, Path: at(path, i), Address: line(problems, at(path, i), address, maxAddress)}
		if len(*problems) > before {
			continue
		}
		c.Normalized = normalize(c.Address)
		if c.Normalized == "" {
			problems.Add(fault.Invalidf(c.Path, "%s", wrong))
		} else if !seen[c.key()] {
			seen[c.key()] = true
			contacts = append(contacts, c)
		}
	}
	return contacts
}

// NormalizeEmail is the form by which e-mail addresses are compared: trimmed
// and in lower case. It is "" for what cannot be an address.
func NormalizeEmail(address string) string {
	address = strings.ToLower(norm.NFC.String(strings.TrimSpace(address)))
	cut := strings.LastIndexByte(address, '@')
	if cut < 1 || len(address) > maxAddress || strings.ContainsFunc(address, notInAddress) {
		return ""
	}
	local, domain := address[:cut], address[cut+1:]
	if strings.Contains(local, "@") || !strings.Contains(domain, ".") {
		return ""
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" {
			return ""
		}
	}
	return address
}

func notInAddress(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`<>(),;"`, r)
}

// NormalizePhone is the form by which telephone numbers are compared: digits,
// with a + before them when the number begins with a country code, be it
// written + or 00. It is "" for what cannot be a number.
func NormalizePhone(number string) string {
	number, plus := strings.CutPrefix(strings.TrimSpace(norm.NFKC.String(number)), "+")
	if plus || strings.HasPrefix(number, "00") {
		// The trunk digit that some write into an international number is not dialled.
		number = strings.Replace(number, "(0)", "", 1)
	}
	var b strings.Builder
	for _, r := range number {
		switch {
		case '0' <= r && r <= '9':
			b.WriteRune(r)
		case unicode.IsSpace(r) || unicode.Is(unicode.Dash, r) || strings.ContainsRune("./()", r):
		default:
			return ""
		}
	}
	digits := b.String()
	international := plus || strings.HasPrefix(digits, "00")
	if international {
		digits = strings.TrimLeft(digits, "0") // no country code begins with it
	}
	if len(digits) < 5 || len(digits) > 15 {
		return ""
	}
	if international {
		return "+" + digits
	}
	return digits
}

// asContacts are the contacts in these rows.
func asContacts(rows []*db.CandidateContact) []contact {
	contacts := make([]contact, len(rows))
	for i, row := range rows {
		contacts[i] = contact{Kind: row.Kind, Address: row.Address, Normalized: row.Normalized}
	}
	return contacts
}

func ofKind(rows []*db.CandidateContact, kind candidatecontact.Kind) []*db.CandidateContact {
	return slices.DeleteFunc(slices.Clone(rows), func(row *db.CandidateContact) bool { return row.Kind != kind })
}

// contactsOf are a candidate's contacts, the primary ones first.
func (w *write) contactsOf(ctx context.Context, candidateID gid.ID) ([]*db.CandidateContact, error) {
	return w.CandidateContact.Query().Where(candidatecontact.CandidateID(candidateID)).
		Order(candidatecontact.ByPosition(), candidatecontact.ByID()).All(access.System(ctx))
}

// saveContacts makes the wanted contacts, all of one kind, those of a
// candidate. Positions count within the kind; contacts that stay keep their ids.
func (w *write) saveContacts(ctx context.Context, candidateID gid.ID, present []*db.CandidateContact, wanted []contact) error {
	old := asContacts(present)
	var kept []gid.ID
	var added []*db.CandidateContactCreate
	for position, c := range wanted {
		i := slices.IndexFunc(old, func(o contact) bool { return o.key() == c.key() })
		if i < 0 {
			added = append(added, w.CandidateContact.Create().SetID(w.id(gid.CandidateContact)).
				SetCandidateID(candidateID).SetKind(c.Kind).SetPosition(position).
				SetAddress(c.Address).SetNormalized(c.Normalized))
			continue
		}
		kept = append(kept, present[i].ID)
		if present[i].Position == position && present[i].Address == c.Address {
			continue
		}
		if err := w.CandidateContact.UpdateOne(present[i]).SetPosition(position).SetAddress(c.Address).Exec(ctx); err != nil {
			return err
		}
	}
	for _, row := range present {
		if slices.Contains(kept, row.ID) {
			continue
		}
		if err := w.CandidateContact.DeleteOneID(row.ID).Exec(ctx); err != nil {
			return err
		}
	}
	return w.CandidateContact.CreateBulk(added...).Exec(ctx)
}

// refuseDuplicates reports each contact that another candidate has. Two who
// record the same contact at once wait for each other. One whom the viewer does
// not see is no obstacle, as a refusal would tell of them: those who see both find
// them among the duplicates.
func (w *write) refuseDuplicates(ctx context.Context, problems *fault.List, contacts []contact) error {
	var keys, normalized []string
	for _, c := range contacts {
		keys = append(keys, c.key())
		normalized = append(normalized, c.Normalized)
	}
	if err := w.alone(ctx, keys); err != nil {
		return err
	}
	rows, err := w.CandidateContact.Query().
		Where(candidatecontact.NormalizedIn(normalized...),
			candidatecontact.HasCandidateWith(candidate.MergedIntoIDIsNil())).
		Order(candidatecontact.ByCandidateID()).All(ctx)
	if err != nil {
		return err
	}
	owners := map[string][]string{}
	for i, c := range asContacts(rows) {
		owners[c.key()] = append(owners[c.key()], rows[i].CandidateID.String())
	}
	for _, c := range contacts {
		if names := distinct(owners[c.key()]); len(names) > 0 {
			problems.Add(fault.New(fault.Invalid, fault.CodeDuplicate, c.Path, "another candidate has it already: %s", strings.Join(names, ", ")).
				WithHint("use that candidate, or set allowDuplicate"))
		}
	}
	return nil
}
