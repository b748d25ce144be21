package main

import (
	"context"
	"fmt"

	"hireloop/hiring"
	"hireloop/internal/gid"
)

type exportCandidateCommand struct {
	database
	acting
	Candidate string `arg:"" help:"The person's id."`
}

// Run writes all that is recorded about a person. Over the API an administrator gets
// nothing of confidential openings of other teams; whoever runs the server answers
// for them too.
func (c *exportCandidateCommand) Run(ctx context.Context, term *terminal) error {
	url, err := c.existing()
	if err != nil {
		return err
	}
	id, err := gid.Parse(c.Candidate)
	if err != nil || id.Kind() != gid.Candidate {
		return usagef("%q is no candidate's id", c.Candidate)
	}
	app, err := openApp(ctx, url, term.logger)
	if err != nil {
		return err
	}
	defer app.store.Close()
	if ctx, err = c.viewer(ctx, app); err != nil {
		return err
	}
	export, err := app.hiring.ExportCandidate(ctx, hiring.ExportCandidateInput{CandidateID: id, Whole: true})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(term.out, export.Document)
	return err
}
