// Package main is the binary: it reads flags and environment, opens the
// database, signs viewers in and serves. Each command has a file of its own.
//
// It does not own behaviour: requests go to graph, changes to hiring, data to
// demo and interchange.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"hireloop/internal/fault"
	"hireloop/internal/telemetry"
)

// Exit codes: 0 done, 1 it did not work, 2 it was called wrongly.
const (
	exitFailed = 1
	exitUsage  = 2
)

type commands struct {
	Log logging `embed:"" prefix:"log-"`

	Demo            demoCommand            `cmd:"" help:"Serve with demo data on a temporary database, with a ready token for each role."`
	Serve           serveCommand           `cmd:"" help:"Serve the API."`
	Migrate         migrateCommand         `cmd:"" help:"Bring the database up to date and install the built-in content."`
	Token           tokenCommand           `cmd:"" help:"Make an API key for a member, and the member if need be."`
	Import          importCommand          `cmd:"" help:"Bring in another system's data."`
	ExportCandidate exportCandidateCommand `cmd:"" help:"Print all that is recorded about a person, as JSON."`
	Retention       retentionCommand       `cmd:"" help:"Erase those who have been kept as long as the rules say."`
	Audit           auditCommand           `cmd:"" help:"Check the audit trail."`
	Version         versionCommand         `cmd:"" help:"Say which version this is."`
}

// logging says how much is logged, and how.
type logging struct {
	Level  slog.Level `default:"info" env:"HIRELOOP_LOG_LEVEL" help:"Least level that is logged: debug, info, warn or error."`
	Format string     `default:"text" enum:"text,json" env:"HIRELOOP_LOG_FORMAT" help:"Form of the log: text or json."`
}

func (l logging) logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: l.Level, ReplaceAttr: telemetry.Redact}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// terminal is what a command talks to.
type terminal struct {
	out    io.Writer // what was asked for
	err    io.Writer // log and progress
	logger *slog.Logger
}

func main() {
	// The heap is small and most of what requests make is garbage at once: collect
	// it when the heap has grown to five times what is live. GOGC still rules.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process: tests call it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var cli commands
	exit := -1
	parser, err := kong.New(&cli,
		kong.Name("hireloop"),
		kong.Description("An API for hiring pipelines."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exit = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		fmt.Fprintln(stderr, "hireloop:", err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	if exit >= 0 { // --help has spoken
		return exit
	}
	if err != nil {
		fmt.Fprintf(stderr, "hireloop: %v\nRun \"hireloop --help\" to see what there is.\n", err)
		return exitUsage
	}
	term := &terminal{out: stdout, err: stderr, logger: cli.Log.logger(stderr)}
	if err := command.Run(term); err != nil {
		fmt.Fprintln(stderr, "hireloop:", err)
		var usage usageError
		if errors.As(err, &usage) || fault.Is(err, fault.Invalid) {
			return exitUsage
		}
		return exitFailed
	}
	return 0
}

// usageError is a call that cannot work, however often it is tried.
type usageError struct{ message string }

func (e usageError) Error() string { return e.message }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }
