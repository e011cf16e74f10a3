package fit

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/model"
	"budget/sweep/field"
	"budget/sweep/sessionlog"
)

// reducedFile is the name of a reduced log in a directory.
const reducedFile = "log.reduced"

// sortArgs tells logs from the scenario: a file is a scenario if its name ends in .toml, or if it
// reads like one. A directory stands for its reduced log. Standard input is a log if it comes
// first, else the scenario.
func sortArgs(args []string) (logs, scenario []string, err error) {
	for i, arg := range args {
		switch {
		case arg == cli.Stdin && i > 0, arg != cli.Stdin && isScenario(arg):
			scenario = append(scenario, arg)
		case inputs.IsDirectory(arg):
			logs = append(logs, filepath.Join(arg, reducedFile))
		default:
			logs = append(logs, arg)
		}
	}
	const example = "such as: budget fit log.csv"
	switch {
	case len(args) == 0:
		return nil, nil, cli.Usagef("expected a log of sessions, %s", example)
	case len(logs) == 0:
		return nil, nil, cli.Usagef("%s is a scenario: expected a log of sessions before it, %s %s",
			scenario[0], example, scenario[0])
	case len(scenario) > 1:
		return nil, nil, cli.Usagef("expected one scenario, not %d: %s", len(scenario),
			strings.Join(scenario, ", "))
	}
	return logs, scenario, nil
}

// setting is a line of a scenario: a table, or a value.
var setting = regexp.MustCompile(`^(\[\[?[\w."-]+\]\]?\s*(#.*)?$|[\w."-]+\s*=\s*\S)`)

// isScenario reports whether a file is a scenario: by its name, or by its first line that says
// something.
func isScenario(file string) bool {
	if strings.HasSuffix(file, ".toml") {
		return true
	}
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() {
		return false // reading it says why
	}
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	lines := bufio.NewScanner(io.LimitReader(f, 1<<16))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line != "" && line[0] != '#' {
			return setting.MatchString(line) && !strings.HasPrefix(strings.ToLower(line), "sep=")
		}
	}
	return false
}

// readLogs reads the logs as one. The files stay open, to be read again, until the caller closes
// them.
func (f *fitFlags) readLogs(ctx context.Context, sys *cli.System, logs []string,
	s *model.Scenario) (l *field.Log, done func(), err error) {
	var files []*cli.InputFile
	done = func() {
		for _, file := range files {
			file.Close()
		}
	}
	var sources []sessionlog.Source
	for _, name := range logs {
		file, err := sys.OpenFile(name)
		if err != nil {
			return nil, done, cli.Filef(err, "cannot read log %s", name)
		}
		files = append(files, file)
		sources = append(sources, sessionlog.Source{Name: file.Called, Data: file, Size: file.Size})
	}
	if f.mapped, err = readMaps(sys, f.maps); err != nil {
		return nil, done, err
	}
	// Most of the heap is one table without pointers: collecting often costs little, and keeps the
	// memory near what is in use.
	defer debug.SetGCPercent(debug.SetGCPercent(25))
	l, err = field.ReadAll(ctx, sources, s, sessionlog.Options{Map: f.mapped, Slack: f.slack,
		Workers: f.Processors()})
	if _, ok := errors.AsType[model.Problems](err); err != nil && !ok {
		err = cli.Failf(cli.ExitFile, "cannot read log %v", err)
	}
	if ctx.Err() != nil {
		err = cli.Interruptedf("no result yet")
	}
	return l, done, err
}

// readMaps reads the names of columns: pairs, or files of them.
func readMaps(sys *cli.System, maps []string) (map[string]string, error) {
	mapped := map[string]string{}
	for _, text := range maps {
		if strings.Contains(text, "=") {
			if err := sessionlog.AddMap(mapped, text); err != nil {
				return nil, cli.Usagef("--map: %v", err)
			}
			continue
		}
		columns, lines, err := sys.ReadFile(text)
		if err != nil {
			return nil, cli.Filef(err, "cannot read --map %s", text)
		}
		if err := sessionlog.AddMapFile(mapped, columns, lines); err != nil {
			return nil, err
		}
	}
	return mapped, nil
}
