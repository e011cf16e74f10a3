package cluster

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Job describes a sweep whose shards an engine runs. Paths are those inside
// its tasks.
type Job struct {
	Name      string // of the job: lower-case letters, digits and hyphens
	Program   string // path of budget
	Plan      string // path of the plan
	Directory string // of results, shared by all tasks
	Shards    int    // tasks of the array, from 0 to Shards-1
	Parallel  int    // most tasks at a time; 0 lets the engine decide
	Retries   int    // most restarts of a task that fails
	Final     []int  // exit codes after which a restart would not help: at most 5

	// Additional arguments of "budget sweep" and "budget merge".
	SweepArguments, MergeArguments []string
}

// A File is a file for an engine.
type File struct {
	Path       string // relative to the directory of results, with slashes
	Text       string
	Executable bool
}

const (
	// mostFinal is the number of conditions on exit codes that AWS Batch takes.
	mostFinal = 5
	// crashed is the exit code of a program in Go after a crash and without memory.
	crashed = 2
)

// longestName leaves room for the suffixes "-99999" and "-merge", which
// Kubernetes and this package add, in the 63 characters of a host name.
const longestName = 63 - 6

// hostName matches names that are valid for jobs of all engines and for hosts of
// Kubernetes.
const hostName = `^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`

// matches reports whether a text matches a pattern. Patterns are compiled here, because most
// commands need none.
func matches(pattern, text string) bool { return regexp.MustCompile(pattern).MatchString(text) }

// problems lists the problems of a job that do not depend on the engine.
func (j Job) problems() []error {
	var found []error
	bad := func(format string, args ...any) { found = append(found, fmt.Errorf(format, args...)) }
	if !matches(hostName, j.Name) || len(j.Name) > longestName {
		bad("the job's name is %q: it must have 1 to %d lower-case letters, digits and hyphens, with "+
			"no hyphen at its ends", j.Name, longestName)
	}
	for _, p := range []struct{ what, path string }{{"program", j.Program}, {"plan", j.Plan},
		{"directory", j.Directory}} {
		if err := checkPath(p.what, p.path); err != nil {
			found = append(found, err)
		}
	}
	if j.Shards < 1 {
		bad("%d shards: a job has at least 1", j.Shards)
	}
	if j.Parallel < 0 {
		bad("%d tasks at a time: it must be at least 1, or 0 to let the engine decide", j.Parallel)
	}
	if j.Retries < 0 {
		bad("%d retries: expected 0 or more", j.Retries)
	}
	if len(j.Final) > mostFinal {
		bad("%d final exit codes: expected at most %d", len(j.Final), mostFinal)
	}
	for _, code := range j.Final {
		if code < 1 || code > 125 || code == crashed {
			bad("exit code %d cannot be final: expected 1 to 125, but not %d, with which programs in Go "+
				"crash", code, crashed)
		}
	}
	for _, word := range slices.Concat(j.SweepArguments, j.MergeArguments) {
		if err := checkText("argument", word); err != nil {
			found = append(found, err)
		}
	}
	return found
}

// checkPath returns an error if a path could be another one in a task.
func checkPath(what, p string) error {
	switch {
	case !path.IsAbs(p):
		return fmt.Errorf(
			"the path of the %s is %q: it must be absolute, because tasks start in another directory",
			what, p)
	}
	return checkText("path of the "+what, p)
}

// checkText returns an error if a file for an engine cannot hold a text as it is: JSON is
// UTF-8, and a line of a script ends at a control character.
func checkText(what, text string) error {
	switch {
	case !utf8.ValidString(text):
		return fmt.Errorf("the %s is %q: it must be UTF-8", what, text)
	case strings.ContainsFunc(text, unicode.IsControl):
		return fmt.Errorf("the %s is %q: it must have no control characters", what, text)
	}
	return nil
}

// sweep returns the command of a task. The index of the shard comes from the
// environment.
func (j Job) sweep() []string {
	command := []string{j.Program, "sweep", j.Plan, "-o", j.Directory, "--shard",
		fmt.Sprintf("env/%d", j.Shards)}
	return append(command, j.SweepArguments...)
}

// merge returns the command that makes the tables.
func (j Job) merge() []string {
	command := []string{j.Program, "merge", j.Plan, "-o", j.Directory, "--shards",
		fmt.Sprint(j.Shards)}
	return append(command, j.MergeArguments...)
}

// refuse joins all problems to one error, nil if there are none.
func refuse(engine string, problems []error) error {
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("no job for %s: %w", engine, errors.Join(problems...))
}
