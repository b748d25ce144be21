package access

import (
	"context"

	"entgo.io/ent/dialect/sql"
)

// table says who reads what: entity → rule. An entity that is not listed is
// read by the program itself only. This is the one page to read, and to change,
// when the question is "who sees …".
var table = map[string]func(*Viewer) *condition{
	// Reference lists: everybody who signed in.
	"Department":            everybody,
	"Location":              everybody,
	"Member":                everybody,
	"Ladder":                everybody,
	"Level":                 everybody,
	"RubricVersion":         everybody,
	"RubricSignal":          everybody,
	"LevelSignal":           everybody,
	"PipelineTemplate":      everybody,
	"PipelineTemplateStage": everybody,
	"InterviewPlan":         everybody,
	"InterviewPlanSession":  everybody,
	"Source":                everybody,
	"RejectionReason":       everybody,

	// API keys: administrators all, members their own.
	"ApiKey": func(v *Viewer) *condition {
		if v.Is(Admin) {
			return nil
		}
		return where("{member_id} = ?", v.Member)
	},

	// Openings, and what belongs to them.
	"Opening":          openings,
	"Stage":            ofOpening,
	"Seat":             ofOpening,
	"HiringTeamMember": ofOpening,

	// Applications, and what belongs to them.
	"Application": applications,
	"StageEvent":  ofApplication,
	"Visit":       ofApplication,
	"Loop":        ofApplication,
	"Interview": func(v *Viewer) *condition {
		return applications(v).of("loops acc_l JOIN applications acc_a ON acc_a.id = acc_l.application_id",
			"acc_a", "acc_l.id = {loop_id}")
	},
	"InterviewSeat": func(v *Viewer) *condition {
		return applications(v).of("interviews acc_i JOIN loops acc_l ON acc_l.id = acc_i.loop_id"+
			" JOIN applications acc_a ON acc_a.id = acc_l.application_id",
			"acc_a", "acc_i.id = {interview_id}")
	},

	// Candidates, and how to reach them.
	"Candidate":        candidates,
	"CandidateContact": contacts,
	"Consent":          contacts,

	// The rights of the people it is about: administrators.
	"ErasureReceipt": administrators,
	"LegalHold":      administrators,
	"RetentionRule":  administrators,

	// What was written about them.
	"Note": notes,

	// Scorecards, and all that would tell of them: blind until own.
	"Scorecard": scorecards,
	"ScorecardRevision": func(v *Viewer) *condition {
		return scorecards(v).of("scorecards acc_c", "acc_c", "acc_c.id = {scorecard_id}")
	},
	"SignalRating": func(v *Viewer) *condition {
		return scorecards(v).of("scorecard_revisions acc_r JOIN scorecards acc_c ON acc_c.id = acc_r.scorecard_id",
			"acc_c", "acc_r.id = {revision_id}")
	},
	"RedFlagObservation": func(v *Viewer) *condition {
		return scorecards(v).of("scorecards acc_c", "acc_c", "acc_c.id = {scorecard_id}")
	},
	"Debrief": revealed,
	"DebriefResolution": func(v *Viewer) *condition {
		return revealed(v).of("debriefs acc_d", "acc_d", "acc_d.id = {debrief_id}")
	},
	"Decision": revealed,
	"DecisionMaker": func(v *Viewer) *condition {
		return revealed(v).of("decisions acc_d", "acc_d", "acc_d.id = {decision_id}")
	},
	LoopEvidence: func(v *Viewer) *condition { return revealedBy(v, "{id}") },

	// Offers: where they stand, and on which terms. Both would tell those who must
	// be blind what was decided, and at which level.
	"Offer": func(v *Viewer) *condition {
		return unbiased(v, "{application_id}").and(ofApplication(v.Offering()))
	},
	// The audit trail, to administrators.
	"AuditEntry": trail,

	"OfferVersion": func(v *Viewer) *condition {
		return unbiased(v, "{id}").and(terms(v)).
			of("offers acc_f JOIN applications acc_a ON acc_a.id = acc_f.application_id", "acc_a", "acc_f.id = {offer_id}")
	},
}

// LoopEvidence stands in the table for what the scorecards of a loop add up to:
// level fit and debrief packet. It restricts rows of Loop: see Visible.
const LoopEvidence = "Loop.evidence"

func everybody(*Viewer) *condition { return nil }

func administrators(v *Viewer) *condition {
	if v.Is(Admin) {
		return nil
	}
	return never
}

// openings: administrators and recruiters all but the confidential ones of
// other teams, analysts all but the confidential ones, hiring managers those of
// their teams, interviewers also those whose candidates they interview.
func openings(v *Viewer) *condition {
	seen := []*condition{}
	if v.Is(Admin, Recruiter) {
		seen = append(seen, notAmong(v, "{id}", "confidential"))
	}
	if v.Is(Analyst) {
		seen = append(seen, where("NOT {is_confidential}"))
	}
	if v.Is(HiringManager, Interviewer) {
		seen = append(seen, where("{id} IN ([teams])", v.Member))
	}
	if v.Is(Interviewer) {
		seen = append(seen, where("{id} IN ([interviewing])", v.Member))
	}
	return anyOf(seen...)
}

func ofOpening(v *Viewer) *condition {
	return openings(v).of("openings acc_o", "acc_o", "acc_o.id = {opening_id}")
}

// applications: administrators and recruiters those of openings that they see,
// hiring managers those of their teams, interviewers those that they interview,
// analysts none. Nobody sees their own.
func applications(v *Viewer) *condition {
	seen := []*condition{}
	if v.Is(Admin, Recruiter) {
		seen = append(seen, notAmong(v, "{opening_id}", "confidential"))
	}
	if v.Is(HiringManager) {
		seen = append(seen, where("{opening_id} IN ([teams])", v.Member))
	}
	if v.Is(Interviewer) {
		seen = append(seen, where("{id} IN ([interviewed])", v.Member))
	}
	return anyOf(seen...).and(others(v, "{candidate_id}"))
}

func ofApplication(v *Viewer) *condition {
	return applications(v).of("applications acc_a", "acc_a", "acc_a.id = {application_id}")
}

// candidates: administrators all; recruiters all but the private ones of other
// teams (a private one who has not applied yet has no team, and somebody must be
// able to begin); hiring managers and interviewers those whose applications they
// see as such. A private one who was merged into another is administrators' only.
// Nobody sees the record of themselves, nor one that was merged into it.
func candidates(v *Viewer) *condition {
	notSelf := others(v, "COALESCE({merged_into_id}, {id})")
	if v.Is(Admin) {
		return notSelf
	}
	applied := func(c *condition) *condition {
		return c.of("applications acc_a", "acc_a", "acc_a.candidate_id = {id}")
	}
	seen := []*condition{applied(applications(v.as(HiringManager, Interviewer)))}
	if v.Is(Recruiter) {
		seen = append(seen,
			where("NOT {is_private}"),
			where("{merged_into_id} IS NULL AND NOT EXISTS ([applied {id}])"),
			applied(where("{opening_id} IN ([teams])", v.Member)))
	}
	return anyOf(seen...).and(notSelf)
}

// others restricts a column of candidates to other people than the viewer.
func others(v *Viewer, candidate string) *condition {
	return notAmong(v, candidate, "self")
}

// contacts: whoever sees the candidate, but for interviewers, who do not need
// them.
func contacts(v *Viewer) *condition {
	if !v.Is(Admin, Recruiter, HiringManager) {
		return never
	}
	return candidates(v.as(Admin, Recruiter, HiringManager)).of("candidates acc_p", "acc_p", "acc_p.id = {candidate_id}")
}

// notes: one's own; and of those about what recruiters, hiring managers and
// administrators see as such, those for the team, the private ones about
// applications to openings that they lead and that were there already, and administrators theirs. Whoever
// owes a scorecard on the candidate, or referred them, reads nothing that others
// wrote, and nobody what was written about themselves.
func notes(v *Viewer) *condition {
	own := where("{author_id} = ?", v.Member)
	desk := v.as(Admin, Recruiter, HiringManager)
	seen := candidates(desk).of("candidates acc_p", "acc_p", "acc_p.id = {candidate_id}")
	about := anyOf(where("{application_id} IS NULL"), applications(desk).of("applications acc_a", "acc_a", "acc_a.id = {application_id}"))
	readers := []*condition{where("{visibility} = 'TEAM'")}
	if v.Is(Recruiter, HiringManager) {
		readers = append(readers, where("{visibility} = 'PRIVATE'").and(where("{opening_id} IN ([led])", v.Member).
			of("applications acc_t", "acc_t", "acc_t.candidate_id = {candidate_id} AND ({application_id} IS NULL AND acc_t.created_at <= {created_at} OR acc_t.id = {application_id})")))
	}
	if v.Is(Admin) {
		readers = append(readers, where("{visibility} = 'ADMIN'"))
	}
	uninvolved := notAmong(v, "{candidate_id}", "involved")
	return anyOf(own, seen.and(about).and(anyOf(readers...)).and(uninvolved)).and(others(v, "{candidate_id}"))
}

// scorecards: one's own; and those handed in that are revealed. What was never
// handed in, a draft or one voided as such, is never seen by anybody else. What
// interviewers learn of one another is bound by this rule alone.
func scorecards(v *Viewer) *condition {
	return anyOf(
		where("{interviewer_id} = ?", v.Member),
		where("{status} <> 'DRAFT' AND {submitted_at} IS NOT NULL").and(revealed(v)))
}

// revealed is what a loop tells of an application: to those who see the
// application, are unbiased about it, and when the loop's policy says so. The row
// has application_id and loop_id.
func revealed(v *Viewer) *condition { return revealedBy(v, "{loop_id}") }

func revealedBy(v *Viewer, loop string) *condition {
	return ofApplication(v).and(unbiased(v, "{application_id}")).
		and(anyOf(where(loop+" IS NULL"), open(v).of("loops acc_p", "acc_p", "acc_p.id = "+loop)))
}

// unbiased restricts a column of applications to those for which the viewer owes
// no scorecard, and whose candidate they did not refer.
func unbiased(v *Viewer, application string) *condition {
	return notAmong(v, application, "biased")
}

// trail: administrators, but for what was done in confidential openings of other
// teams, to an application for which they are biased or to themselves as a
// candidate, and to what a loop does not tell yet.
func trail(v *Viewer) *condition {
	if !v.Is(Admin) {
		return never
	}
	return where("({opening_id} IS NULL OR {opening_id} NOT IN ([confidential]))"+
		" AND ({application_id} IS NULL OR {application_id} NOT IN ([biased] UNION ALL [candidacies]))"+
		" AND ({subject_id} IS NULL OR {subject_id} NOT IN ([self]))"+
		" AND NOT EXISTS ([concealed {loop_id}])",
		v.Member, v.Member, v.Member, v.Member)
}

// Biased restricts rows of Application to those for which the viewer owes a
// scorecard, whose candidate they referred, or are. What cards, decisions and
// offers add up to is told the viewer without these: of few, a sum tells each.
func Biased(ctx context.Context) func(*sql.Selector) {
	c := never
	if v := ViewerOf(ctx); v != nil {
		c = where("{id} IN ([biased]) OR {candidate_id} IN ([self])", v.Member, v.Member)
	}
	return c.where
}

// Referred restricts rows of Application to those of people whom the viewer
// referred: others assess them, decide about them and move them.
func Referred(ctx context.Context) func(*sql.Selector) {
	c := never
	if v := ViewerOf(ctx); v != nil {
		c = where("{id} IN ([referred])", v.Member)
	}
	return c.where
}

// Concealing restricts rows of Loop to those whose policy does not let cards be
// seen yet, whoever asks. Nor do sums tell what was decided on them.
func Concealing() func(*sql.Selector) {
	return where("{reveal_policy} <> 'OWN_SUBMITTED' AND EXISTS ([concealed {id}])").where
}

// terms are the applications whose offers' terms one reads: administrators those
// that they see, recruiters and hiring managers those of openings that they lead.
func terms(v *Viewer) *condition {
	seen := []*condition{applications(v.as(Admin))}
	if v.Is(Recruiter, HiringManager) {
		seen = append(seen, where("{opening_id} IN ([led])", v.Member))
	}
	return anyOf(seen...)
}
