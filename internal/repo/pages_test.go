package repo

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A page shows commands in blocks such as
//
//	```console
//	$ go run ./cmd/budget check docs/winter.toml
//	what it prints
//	```
//
// The commands run from the root and must print exactly the lines that follow them.
// Those in a block marked "console long" take more than half a second of processor time and run
// under -long. The tests know three commands: "go run ./cmd/budget …", "cat FILE" and
// "head -N FILE", and that what goes to /dev/null is not shown. They build the program once, with
// GOEXPERIMENT as the tests themselves have it: its output does not depend on that. What a
// command writes is visible to later commands on the same page only.
//
// A block of TOML that starts with a comment such as
//
//	# model/catalog/devices.toml, at the end:
//
// is added to that file, in memory only, for the commands after it on the page. So is a diff:
// the unsigned lines of a hunk must occur in the file exactly once, and its lines with a plus
// are inserted there. These commands need a program of their own, so they run under -long;
// package model tests that added tables are read.

// block is a fenced block of a page.
type block struct {
	info       string
	first, end int // lines of its text
}

var fence = regexp.MustCompile("^```(.*)$")

// blocks returns the fenced blocks of a page's lines.
func blocks(lines []string) []block {
	var found []block
	open := -1
	for i, line := range lines {
		match := fence.FindStringSubmatch(line)
		switch {
		case match == nil:
		case open < 0:
			found = append(found, block{info: match[1], first: i + 1})
			open = i
		default:
			found[len(found)-1].end = i
			open = -1
		}
	}
	return found
}

// addition matches the comment that names the file to which a block is added.
var addition = regexp.MustCompile(`^# (\S+), at the end:$`)

// shell runs the commands of a page.
type shell struct {
	*testing.T
	added map[string]string // files as changed by the page so far
	dir   string            // acts as the root for commands; they write here
}

// workDir returns the directory of the commands.
func (s *shell) workDir() string {
	if s.dir != "" {
		return s.dir
	}
	s.dir = s.TempDir()
	whole, err := filepath.Abs(root)
	if err != nil {
		s.Fatal(err)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		s.Fatal(err)
	}
	for _, entry := range entries {
		if err := os.Symlink(filepath.Join(whole, entry.Name()),
			filepath.Join(s.dir, entry.Name())); err != nil {
			s.Skipf("no links can be made: %v", err)
		}
	}
	return s.dir
}

// builds holds the programs that tests share, keyed by the page's additions. Its directory is
// deleted after the last test.
var builds struct {
	sync.Mutex
	dir      string
	programs map[string]string
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "budget-repo-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	builds.dir, builds.programs = dir, map[string]string{}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// program returns the path of the program with the page's additions. It builds it on the first
// call.
func (s *shell) program() string {
	s.Helper()
	key, err := json.Marshal(s.added)
	if err != nil {
		s.Fatal(err)
	}
	builds.Lock()
	defer builds.Unlock()
	if builds.programs[string(key)] == "" {
		builds.programs[string(key)] = build(s.T, s.added)
	}
	return builds.programs[string(key)]
}

func TestPagesShowWhatCommandsPrint(t *testing.T) {
	for _, page := range pages(t) {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			s := &shell{T: t, added: map[string]string{}}
			text := read(t, page)
			lines := strings.Split(text, "\n")
			var out []string
			copied := 0
			for _, b := range blocks(lines) {
				body := lines[b.first:b.end]
				switch {
				case b.info == "toml" && len(body) > 0 && addition.MatchString(body[0]):
					path := addition.FindStringSubmatch(body[0])[1]
					s.added[path] = s.changed(path) + "\n" + strings.Join(body[1:], "\n") + "\n"
				case b.info == "diff":
					s.patch(page, body)
				case *long && b.info == "console long", b.info == "console" && (*long || len(s.added) == 0):
					out = append(out, lines[copied:b.first]...)
					out = append(out, s.replay(page, b.first, body)...)
					copied = b.end
				}
			}
			out = append(out, lines[copied:]...)
			if got := strings.Join(out, "\n"); *update && got != text {
				write(t, page, got)
			}
		})
	}
}

// changed returns a file with the page's changes so far.
func (s *shell) changed(path string) string {
	if text, ok := s.added[path]; ok {
		return text
	}
	return read(s.T, path)
}

// patch applies a diff.
func (s *shell) patch(page string, diff []string) {
	path := ""
	for i := 0; i < len(diff); {
		if name, ok := strings.CutPrefix(diff[i], "+++ "); ok {
			path = name
			i++
			continue
		}
		i++ // the line that opens a hunk, or the name of the file before
		var before, after string
		for ; i < len(diff) && !strings.HasPrefix(diff[i], "@@") &&
			!strings.HasPrefix(diff[i], "+++ "); i++ {
			text, added := strings.CutPrefix(diff[i], "+")
			if text = strings.TrimPrefix(text, " ") + "\n"; !added {
				before += text
			}
			after += text
		}
		if before == "" {
			continue
		}
		if n := strings.Count(s.changed(path), before); n != 1 {
			s.Errorf("%s: %s has these lines %d times, want once:\n%s", page, path, n, before)
		}
		s.added[path] = strings.Replace(s.changed(path), before, after, 1)
	}
}

// replay runs the commands of a block and returns the block with their actual output.
func (s *shell) replay(page string, first int, body []string) []string {
	var out []string
	for i := 0; i < len(body); {
		command, ok := strings.CutPrefix(body[i], "$ ")
		if !ok {
			s.Errorf("%s:%d: the block does not start with a command", page, first+i+1)
			return body
		}
		end := i + 1
		for end < len(body) && !strings.HasPrefix(body[end], "$ ") {
			end++
		}
		shown := body[i+1 : end]
		// A blank line may separate an output from the next command.
		part := end < len(body) && end > i+1 && body[end-1] == ""
		if part {
			shown = shown[:len(shown)-1]
		}
		got := s.run(command)
		if !*update && strings.Join(got, "\n") != strings.Join(shown, "\n") {
			s.Errorf("%s:%d: $ %s prints\n%s\nand the page shows\n%s\n(go test ./internal/repo -long "+
				"-update writes the page)",
				page, first+i+1, command, strings.Join(got, "\n"), strings.Join(shown, "\n"))
		}
		out = append(append(out, body[i]), got...)
		if part {
			out = append(out, "")
		}
		i = end
	}
	return out
}

// run runs a command and returns the lines it prints.
func (s *shell) run(command string) []string {
	s.Helper()
	command, silent := strings.CutSuffix(command, " > /dev/null")
	words := split(s.T, command)
	var out []byte
	switch {
	case len(words) == 2 && words[0] == "cat":
		out = s.read(words[1])
	case len(words) == 3 && words[0] == "head":
		n, err := strconv.Atoi(strings.TrimPrefix(words[1], "-"))
		if err != nil {
			s.Fatal(err)
		}
		lines := bytes.SplitAfter(s.read(words[2]), []byte("\n"))
		out = bytes.Join(lines[:min(n, len(lines))], nil)
	case len(words) >= 3 && strings.Join(words[:3], " ") == "go run ./cmd/budget":
		out = s.runProgram(words[3:]...)
	default:
		s.Fatalf("no such command is known to pages: %s", command)
	}
	if silent {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// read returns a file with the page's changes, or as commands have written it.
func (s *shell) read(path string) []byte {
	s.Helper()
	data, err := os.ReadFile(filepath.Join(s.workDir(), path))
	if err != nil {
		s.Fatal(err)
	}
	return data
}

// runProgram runs budget like "go run", in the directory that acts as the root.
func (s *shell) runProgram(args ...string) []byte {
	s.Helper()
	cmd := exec.Command(s.program(), args...)
	cmd.Dir = s.workDir()
	cmd.Env = slices.DeleteFunc(os.Environ(), func(pair string) bool {
		return strings.HasPrefix(pair, "BUDGET_") // defaults of flags
	})
	cmd.Env = append(cmd.Env, "COLUMNS=", "NO_COLOR=1", "BUDGET_CONFIG="+os.DevNull)
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		out = fmt.Appendf(out, "exit status %d\n", exit.ExitCode())
	} else if err != nil {
		s.Fatal(err)
	}
	return out
}

// build builds the program with some files replaced.
func build(t *testing.T, added map[string]string) string {
	t.Helper()
	// The go command caches a test result until a file changes that the test itself has opened.
	for _, path := range files(t) {
		if _, err := os.Stat(filepath.Join(root, path)); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := os.MkdirTemp(builds.dir, "")
	if err != nil {
		t.Fatal(err)
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for path, text := range added {
		with := filepath.Join(dir, strconv.Itoa(len(overlay.Replace)))
		if err := os.WriteFile(with, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		whole, err := filepath.Abs(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		overlay.Replace[whole] = with
	}
	data, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "budget.exe")
	// What only debuggers read takes half of the time to link.
	cmd := exec.Command("go", "build", "-buildvcs=false", "-ldflags=-w", "-overlay", file,
		"-o", program, "./cmd/budget")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// split splits a command into words like a shell, with double quotes.
func split(t *testing.T, command string) []string {
	t.Helper()
	var words []string
	for _, match := range regexp.MustCompile(`"([^"]*)"|(\S+)`).FindAllStringSubmatch(command, -1) {
		words = append(words, match[1]+match[2])
	}
	return words
}

// pictures are the pictures of the pages and the commands on the pages that draw them.
var pictures = []struct {
	name     string
	commands []string
	drawn    string
}{
	{"docs/mindfulness.svg", []string{"caps --session mindfulness -o out"},
		"out/incidence-mindfulness.svg"},
	{"docs/charts-map.svg", []string{"sweep docs/plans/outdoors.toml -o outdoors",
		"plot outdoors --kind map -o charts"}, "charts/map-mindfulness.svg"},
	{"docs/charts-load.svg", []string{"sweep docs/plans/power.toml -o power",
		"plot power --kind load -o charts"}, "charts/load-mindfulness.svg"},
	{"docs/charts-causes.svg", []string{"sweep docs/plans/power.toml -o power",
		"plot power --kind causes -o charts"}, "charts/causes-mindfulness-power.svg"},
	{"docs/charts-strip.svg", []string{`timer "4 x (25 min, rest 5 min)" -o sits`,
		"plot sits --kind strip -o charts"}, "charts/strip.svg"},
	{"docs/charts-strategies.svg", []string{`timer "4 x (25 min, rest 5 min)" -o sits`,
		"plot sits --kind strategies -o charts"}, "charts/strategies.svg"},
	{"docs/charts-cycles.svg", []string{
		`timer "4 x (25 min, rest 5 min)" --map 10,15,20,25,30,40 -o sits`,
		"plot sits --kind cycles -o charts"}, "charts/cycles.svg"},
	{"docs/charts-front.svg", []string{"optimize docs/designs/meditation.toml -o meditation",
		"plot meditation --kind front -o charts"}, "charts/front-cues.svg"},
	{"docs/charts-prices.svg", []string{"optimize docs/designs/meditation.toml -o meditation",
		"plot meditation --kind prices -o charts"}, "charts/prices.svg"},
	{"docs/charts-knobs.svg", []string{"optimize docs/designs/meditation.toml -o meditation",
		"plot meditation --kind knobs -o charts"}, "charts/knobs.svg"},
}

// TestPagePictures draws the pictures of the pages and compares them. Charts are identical bytes
// only on the same architecture.
func TestPagePictures(t *testing.T) {
	if !*long {
		t.Skip("the pictures are drawn under -long")
	}
	if runtime.GOARCH != "amd64" {
		t.Skip("the pictures were drawn on amd64")
	}
	s := &shell{T: t}
	for _, picture := range pictures {
		for _, command := range picture.commands {
			s.runProgram(split(t, command)...)
		}
		drawn := s.read(picture.drawn)
		if len(drawn) > 150<<10 {
			t.Errorf("%s: %d bytes: too large for a page", picture.name, len(drawn))
		}
		if *update {
			write(t, picture.name, string(drawn))
		} else if !bytes.Equal(drawn, []byte(read(t, picture.name))) {
			t.Errorf("%s is not what the program draws (go test ./internal/repo -long -update writes it)",
				picture.name)
		}
	}
}

// TestPageCountsTheEvidence compares the table of evidence in docs/reading.md with
// the catalog.
func TestPageCountsTheEvidence(t *testing.T) {
	const page = "docs/reading.md"
	s := &shell{T: t}
	records, err := csv.NewReader(bytes.NewReader(s.runProgram("show", "parameters", "--format",
		"csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := -1
	for i, name := range records[0] {
		if name == "evidence" {
			column = i
		}
	}
	counts := map[string]int{}
	for _, record := range records[1:] {
		counts[record[column]]++
	}
	text := read(t, page)
	row := regexp.MustCompile(`(?m)^\| (documented|measured|derived|reported|assumed) \| +(\d+) \|`)
	shown := 0
	got := row.ReplaceAllStringFunc(text, func(match string) string {
		shown++
		groups := row.FindStringSubmatch(match)
		if want := strconv.Itoa(counts[groups[1]]); groups[2] != want && !*update {
			t.Errorf("%s: %s quantities are %s, and the catalog has %s", page, groups[2], groups[1], want)
		}
		return fmt.Sprintf("| %s | %d |", groups[1], counts[groups[1]])
	})
	if shown != len(counts) {
		t.Errorf("%s has rows for %d kinds of evidence, and the catalog has %d kinds",
			page, shown, len(counts))
	}
	if *update && got != text {
		write(t, page, got)
	}
}

// TestPageListsTheExitCodes compares the exit codes in docs/reading.md with the
// program's.
func TestPageListsTheExitCodes(t *testing.T) {
	t.Parallel()
	const page = "docs/reading.md"
	s := &shell{T: t}
	_, codes, _ := strings.Cut(string(s.runProgram("help")), "Exit codes:\n")
	lines := regexp.MustCompile(`(?m)^ +(\d+) +([^:\n]+)`).FindAllStringSubmatch(codes, -1)
	if len(lines) < 5 {
		t.Fatalf("budget help has %d exit codes", len(lines))
	}
	text := strings.Join(strings.Fields(read(t, page)), " ")
	for _, line := range lines {
		if want := fmt.Sprintf("`%s` %s", line[1], line[2]); !strings.Contains(text, want) {
			t.Errorf("%s does not say: %s", page, want)
		}
	}
}

// TestReadmeStartsPlainly checks that README is at most 200 lines long and gives its first two
// commands without any environment variable.
func TestReadmeStartsPlainly(t *testing.T) {
	t.Parallel()
	text := read(t, "README.md")
	if n := strings.Count(text, "\n"); n > 200 {
		t.Errorf("README.md has %d lines, at most 200 are allowed", n)
	}
	for _, command := range []string{"go run ./cmd/budget caps", "go test ./..."} {
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(command) + `(?: |$)`).MatchString(text) {
			t.Errorf("README.md has no line with the command %q", command)
		}
	}
	if strings.Contains(text, "GOEXPERIMENT") {
		t.Error("README.md sets GOEXPERIMENT: that belongs to docs/performance.md")
	}
}
