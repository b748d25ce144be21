package access

import "slices"

// Rights are what a viewer may do to an opening that they see, by their roles
// and by what they do in its hiring team. hiring checks them before it writes,
// and graph shows them as viewerCanX.
type Rights struct {
	Manage bool // change, open, pause, close it; seats; hiring team
	Move   bool // create, move, end, hire, correct its applications; plan, debrief and decide on their loops
	Offer  bool // read and write the terms of offers
	Lead   bool // give and take the places in its hiring team by which one may read salaries
	Pay    bool // read its pay range
}

// OfReferral are the rights over an application that remain to whoever referred
// the candidate.
func (r Rights) OfReferral() Rights {
	r.Move, r.Offer = false, false
	return r
}

// Over gives the viewer's rights over an opening in whose hiring team they have
// these roles (HIRING_MANAGER, RECRUITER, …; none when not in it). Over a
// confidential one nobody has any who is not: they may see it, as who interviews
// for it, and still not take it over. Who asks by a key for reading changes nothing.
func (v *Viewer) Over(confidential bool, teamRoles ...string) Rights {
	runs := v.Is(Admin, Recruiter) && (!confidential || len(teamRoles) > 0)
	leads := v.Is(HiringManager, Recruiter) &&
		slices.ContainsFunc(teamRoles, Leads)
	salaries := runs && v.Is(Admin) || leads
	if v.ReadOnly {
		return Rights{Pay: runs || leads}
	}
	return Rights{Manage: runs, Move: runs || leads, Offer: salaries, Lead: salaries, Pay: runs || leads}
}

// leading are the roles in a hiring team that lead it. Salaries take one of
// them, beside the role across openings.
var leading = []string{"HIRING_MANAGER", "RECRUITER"}

// mayWrite reports whether the viewer has any of these roles, and does not ask by
// a key that is for reading.
func (v *Viewer) mayWrite(any ...Role) bool { return v.Is(any...) && !v.ReadOnly }

// MayManageMembers reports whether the viewer may make members, change them, and
// say who takes part.
func (v *Viewer) MayManageMembers() bool { return v.mayWrite(Admin) }

// MayCreateAPIKeys reports whether the viewer may make keys for themselves: whoever
// asks by a key may not, lest one that was stolen outlives its end.
func (v *Viewer) MayCreateAPIKeys() bool { return v != nil && v.Key.IsNil() }

// Leads reports whether this role in a hiring team leads it.
func Leads(teamRole string) bool { return slices.Contains(leading, teamRole) }

// MayAuthorRubrics reports whether the viewer may write ladders, rubrics and
// interview plans.
func (v *Viewer) MayAuthorRubrics() bool { return v.mayWrite(Admin) }

// MayCreateOpenings reports whether the viewer may draft openings.
func (v *Viewer) MayCreateOpenings() bool { return v.mayWrite(Admin, Recruiter) }

// MayEditCandidates reports whether the viewer may record, change and merge the
// candidates that they see.
func (v *Viewer) MayEditCandidates() bool { return v.mayWrite(Admin, Recruiter) }

// MayAdministerPrivacy reports whether the viewer may erase and export people, hold
// them for law, and say how long they are kept.
func (v *Viewer) MayAdministerPrivacy() bool { return v.Is(Admin) }

// MayWriteNotes reports whether the viewer may write notes about the candidates
// that they see.
func (v *Viewer) MayWriteNotes() bool { return v.mayWrite(Admin, Recruiter, HiringManager) }

// MayDeleteNotes reports whether the viewer may take away the notes of others
// that they see.
func (v *Viewer) MayDeleteNotes() bool { return v.mayWrite(Admin) }

// counting are the roles that read what openings add up to.
var counting = []Role{Admin, Recruiter, HiringManager, Analyst}

// MayReadFunnels reports whether the viewer may read what openings add up to.
func (v *Viewer) MayReadFunnels() bool { return v.Is(counting...) }

// Counting is the viewer without the roles by which one reads no funnels: an
// opening that a member sees only as its interviewer is not counted for them.
func (v *Viewer) Counting() *Viewer { return v.as(counting...) }

// Offering is the viewer without the roles by which one sees no offers.
func (v *Viewer) Offering() *Viewer { return v.as(Admin, Recruiter, HiringManager) }

// MayCalibrate reports whether the viewer may see figures about interviewers by
// name, other than their own.
func (v *Viewer) MayCalibrate() bool { return v.Is(Admin) }

// MayReadAuditTrail reports whether the viewer may see who did and read what.
func (v *Viewer) MayReadAuditTrail() bool { return v.Is(Admin) }

// MayRecordDemographics reports whether the viewer may record what people who
// applied say of themselves. Nobody may read it again.
func (v *Viewer) MayRecordDemographics() bool { return v.mayWrite(Admin) }

// MayReadAdverseImpact reports whether the viewer may compare how groups of
// people get on.
func (v *Viewer) MayReadAdverseImpact() bool { return v.Is(Admin, Analyst) }

// Analyzing is a viewer who sees what every analyst does, whatever else they may
// see: what is counted so is the same for all.
func (v *Viewer) Analyzing() *Viewer { return &Viewer{Member: v.Member, Roles: []Role{Analyst}} }
