package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"hireloop/interchange"
	"hireloop/interchange/eventlog"
	"hireloop/interchange/greenhouse"
)

type importCommand struct {
	Greenhouse greenhouseCommand `cmd:"" help:"A Greenhouse account as warehouse connectors lay it out: a folder of CSV files."`
	EventLog   eventLogCommand   `cmd:"" name:"event-log" help:"A plain log of what happened: application_id, candidate, opening, source, at, event, stage."`
}

// importing is what importers have in common.
type importing struct {
	database
	DryRun bool   `help:"Report what an import would do, and do nothing."`
	Report string `type:"path" help:"Write the whole report as JSON here."`
	System string `help:"Name of the account in provenance; two accounts of one system need two names. The system's own when not given."`
}

type greenhouseCommand struct {
	importing
	Dir string `arg:"" type:"existingdir" help:"Folder with the CSV files."`
}

// Run imports the folder.
func (c *greenhouseCommand) Run(ctx context.Context, term *terminal) error {
	return c.run(ctx, term, func(ctx context.Context, a *app, o interchange.Options) (*interchange.Report, error) {
		return greenhouse.Import(ctx, a.store, os.DirFS(c.Dir), o)
	})
}

type eventLogCommand struct {
	importing
	File string `arg:"" type:"existingfile" help:"The CSV file."`
}

// Run imports the file.
func (c *eventLogCommand) Run(ctx context.Context, term *terminal) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	return c.run(ctx, term, func(ctx context.Context, a *app, o interchange.Options) (*interchange.Report, error) {
		return eventlog.Import(ctx, a.store, file, c.File, o)
	})
}

func (c *importing) run(
	ctx context.Context, term *terminal,
	read func(context.Context, *app, interchange.Options) (*interchange.Report, error),
) error {
	url, err := c.required()
	if err != nil {
		return err
	}
	a, err := openApp(ctx, url, term.logger)
	if err != nil {
		return err
	}
	defer a.store.Close()
	show, done := progressOf(term.err, "import", mostDemo)
	report, err := read(ctx, a, interchange.Options{
		System: c.System, DryRun: c.DryRun, IDs: a.hiring.IDs, Now: time.Now, Progress: show,
	})
	done()
	if err != nil {
		return err
	}
	if c.Report != "" {
		if err := writeWhole(c.Report, report); err != nil {
			return fmt.Errorf("the import is done, its report is not written: %w", err)
		}
	}
	return report.Print(term.out)
}
