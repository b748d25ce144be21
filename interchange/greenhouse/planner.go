package greenhouse

import "hireloop/interchange"

// planner makes records of the rows of an export. Its steps run in the order
// in which plan lists them.
type planner struct {
	sheets map[string]*sheet
	report *interchange.Report
	world  *interchange.World
	system string

	members                        map[string]*interchange.Member
	departments                    map[string]*interchange.Department
	locations                      map[string]*interchange.Location
	sources                        map[string]*interchange.Source
	reasons                        map[string]*interchange.RejectionReason
	people                         map[string]*interchange.Candidate // candidates, also by the ids that they had before
	openings                       map[string]*job
	stages                         map[string]*step                      // by the stage's id
	pools                          map[string]string                     // names of prospect pools, which are kept as tags
	filed                          map[string][]*interchange.Application // by the application's id; the first is the main one
	departmentNames, locationNames names
	roles                          map[*interchange.Member]map[string]bool
}
