package cluster

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
)

// A Job describes a sweep whose shards an engine is to run. Paths are as its
// tasks see them.
type Job struct {
	Name      string // of the job: lower-case letters, digits and hyphens
	Program   string // path of budget
	Plan      string // path of the plan
	Directory string // of results, shared by all tasks
	Shards    int    // tasks of the array, from 0 to Shards-1
	Parallel  int    // at most so many run at a time; 0 lets the engine decide
	Retries   int    // a task that fails is started again so often

	// Arguments that each "budget sweep" and each "budget merge" gets besides
	// those that this package writes.
	SweepArguments, MergeArguments []string
}

// A File is one of the files to write for an engine.
type File struct {
	Path       string // with slashes, from the directory of results
	Text       string
	Executable bool
}

// longestName leaves room for what Kubernetes and this package add to a name,
// such as "-99999" and "-merge", in the 63 characters of a host's name.
const longestName = 63 - 6

// hostName matches names that all engines take for jobs and Kubernetes for hosts.
var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// problems says what is wrong with a job whatever the engine.
func (j Job) problems() []error {
	var found []error
	bad := func(format string, args ...any) { found = append(found, fmt.Errorf(format, args...)) }
	if !hostName.MatchString(j.Name) || len(j.Name) > longestName {
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
		bad("%d retries: there cannot be fewer than 0", j.Retries)
	}
	return found
}

// checkPath refuses a path that tasks elsewhere would take for another one.
func checkPath(what, p string) error {
	switch {
	case !path.IsAbs(p):
		return fmt.Errorf(
			"the path of the %s is %q: it must be absolute, because tasks start in another directory",
			what, p)
	case strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return fmt.Errorf("the path of the %s is %q: a control character cannot be passed on", what, p)
	}
	return nil
}

// sweep returns the command of a task. Its index comes from the environment.
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

// refuse makes one error of all problems, or none.
func refuse(engine string, problems []error) error {
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("no job for %s: %w", engine, errors.Join(problems...))
}
