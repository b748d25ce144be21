package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"hireloop/internal/telemetry"
)

type versionCommand struct{}

// Run prints the module's version, the commit it was built from and Go's version.
func (versionCommand) Run(term *terminal) error {
	b := build()
	_, err := fmt.Fprintf(term.out, "hireloop %s %s %s\n", b.Version, b.Revision, b.Go)
	return err
}

// build is what the Go command wrote into the binary.
func build() telemetry.Build {
	b := telemetry.Build{Version: "devel", Revision: "unknown", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	changed := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			b.Revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+changes"
		}
	}
	b.Revision += changed
	return b
}
