package sessioncaps

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"howett.net/plist"

	"budget/sweep"
	"budget/sweep/starts"
)

var (
	update    = flag.Bool("update", false, "write the files of testdata")
	withSwift = flag.Bool("swift", false,
		"parse the Swift source with a parser, which needs a C compiler")
)

// TestCapsAreOfBins: every form says that a cap is for a bin of battery levels, and not for
// each of them.
func TestCapsAreOfBins(t *testing.T) {
	for name, write := range map[string]func(io.Writer, *starts.Result) error{
		"json": WriteJSON, "plist": WritePlist, "swift": WriteSwift,
	} {
		var b strings.Builder
		if err := write(&b, sample()); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "///", "")), " ")
		if !strings.Contains(text, "At a single level within a bin, above all its lowest, more may fail") {
			t.Errorf("%s does not say that caps are of bins", name)
		}
	}
}

// sample has what is awkward in names: words of Swift, quotes and line ends.
func sample() *starts.Result {
	s := &starts.Result{
		Provenance: sweep.Provenance{Version: "v0.1.0", Scenario: "Winter\n\"north\"",
			ScenarioDigest: strings.Repeat("ab", 32),
			CatalogDigest:  strings.Repeat("0f", 32), Seed: 18446744073709551615,
			Readings: []string{"cautious"}, OnResign: "pause", Confidence: 0.95,
			Assumed: []string{"a", "b"}},
		Family: 100, Drawn: 65536, Quota: 256,
		Levels: []starts.LevelBin{{From: 0, To: 10}, {From: 11, To: 49}, {From: 50, To: 100}},
		Watches: []starts.WatchClass{{ID: "small",
			Devices: []starts.WatchDevice{{ID: "a-40", Name: "A 40 mm"}, {ID: "b-41", Name: "B \"41\" mm"}}},
			{ID: "default", Devices: []starts.WatchDevice{}}},
	}
	for i, session := range []struct {
		id, name string
		limit    float64
	}{{"self-care", "Self care\nagain", 600}, {"in", "In \\(x)", 0}} {
		for j, tolerance := range []float64{0.01, 0.005} {
			t := starts.Table{Session: session.id, SessionName: session.name, Limit: session.limit,
				Tolerance: tolerance,
				Fixed:     starts.FixedCap{Cap: float64(50*i) + 2.5}}
			for _, watch := range s.Watches {
				for _, low := range []bool{false, true} {
					for k, state := range starts.ThermalStates {
						for l, level := range s.Levels {
							c := starts.Cell{Watch: watch.ID, LowPower: low, Thermal: state, Level: level,
								Paths: int64(100 * l), Basis: starts.OwnCap}
							// Every cap once, so that a lookup at another place is seen.
							c.Cap = float64(10000*i + 1000*j + len(t.Cells) + 1)
							c.OwnUpper = c.Cap + 99.5
							switch {
							case k == 3:
								c.Cap, c.Basis, c.From = 0, starts.NoTolerance, "nominal 0-10"
							case l == 2:
								c.Basis, c.From = starts.LentCap, state+" 11-49"
							}
							t.Cells = append(t.Cells, c)
						}
					}
				}
			}
			s.Tables = append(s.Tables, t)
		}
	}
	return s
}

// timer is sample for a timer of two cycles.
func timer() *starts.Result {
	s := sample()
	for i := range s.Tables {
		s.Tables[i].Limit, s.Tables[i].Cycles = 0, sweep.NewCycles([]float64{600, 1205})
	}
	return s
}

// TestFormsOfTimers: every form has the ends of the cycles.
func TestFormsOfTimers(t *testing.T) {
	for name, test := range map[string]struct {
		write func(io.Writer, *starts.Result) error
		want  []string
	}{
		"json": {WriteJSON, []string{`"limit_s": 0, "cycle_ends_s": [600,1205], "tables"`}},
		"plist": {WritePlist, []string{"cycle_ends_s", "<integer>600</integer>",
			"<integer>1205</integer>"}},
		"swift": {WriteSwift, []string{"public static let cycleEnds: [TimeInterval] = [600, 1205]",
			"/// Self care again: each of its sessions has a limit of its own."}},
	} {
		var b strings.Builder
		if err := test.write(&b, timer()); err != nil {
			t.Fatal(err)
		}
		for _, want := range test.want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s has no %q", name, want)
			}
		}
	}
}

func written(t *testing.T, write func(io.Writer, *starts.Result) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, sample()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestForms(t *testing.T) {
	for name, write := range map[string]func(io.Writer, *starts.Result) error{
		"session-caps.json": WriteJSON, "session-caps.plist": WritePlist,
		"SessionCaps.swift": WriteSwift} {
		got, path := written(t, write), filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is another (go test ./cmd/budget/internal/sessioncaps -update writes it):\n%s",
				path, got)
		}
	}
}

// TestFormsHoldTheSame: what a reader of JSON and one of property lists finds is the
// document.
func TestFormsHoldTheSame(t *testing.T) {
	want := newDocument(sample())
	var fromJSON, fromPlist document
	if err := json.Unmarshal([]byte(written(t, WriteJSON)), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if _, err := plist.Unmarshal([]byte(written(t, WritePlist)), &fromPlist); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(&fromJSON, want) {
		t.Errorf("JSON holds another document, about %+v", fromJSON.Head)
	}
	if !reflect.DeepEqual(&fromPlist, want) {
		t.Errorf("the property list holds another document, about %+v", fromPlist.Head)
	}
	row := want.Sessions[0].Tables[0].Rows[0]
	if want.Sessions[0].Tables[0].Fixed != 2 || !reflect.DeepEqual(row.Cap, []int{1, 2, 3}) ||
		!reflect.DeepEqual(row.Upper, []int{100, 101, 102}) {
		t.Errorf("caps are not rounded down to whole seconds: %+v, fixed %d",
			row, want.Sessions[0].Tables[0].Fixed)
	}
}

// TestPlistByAnotherReader asks the reader that comes with Python.
func TestPlistByAnotherReader(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3")
	}
	cmd := exec.Command(python, "-c",
		"import json, plistlib, sys; json.dump(plistlib.loads(sys.stdin.buffer.read()), sys.stdout)")
	cmd.Stdin = strings.NewReader(written(t, WritePlist))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var got document
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if want := newDocument(sample()); !reflect.DeepEqual(&got, want) {
		t.Errorf("plistlib reads another document, about %+v", got.Head)
	}
}

// swiftCaps reads the arrays of caps off Swift source, by the case that returns them.
func swiftCaps(t *testing.T, source string) map[string][]int {
	t.Helper()
	arrays := map[string][]int{}
	for _, m := range regexp.MustCompile(`(?s)private static let (caps\w+): \[Int\] = \[\n(.*?)\n    \]`).FindAllStringSubmatch(source, -1) {
		for line := range strings.SplitSeq(m[2], "\n") {
			numbers, _, _ := strings.Cut(line, "//")
			for number := range strings.SplitSeq(strings.Trim(numbers, " ,"), ",") {
				n, err := strconv.Atoi(strings.TrimSpace(number))
				if err != nil {
					t.Fatal(err)
				}
				arrays[m[1]] = append(arrays[m[1]], n)
			}
		}
	}
	caps := map[string][]int{}
	for _, m := range regexp.MustCompile(`case \((\S+), (\S+)\): return (\w+)`).
		FindAllStringSubmatch(source, -1) {
		caps[m[1]+" "+m[2]] = arrays[m[3]]
	}
	return caps
}

// TestSwiftLooksUpEveryCell: the place that the function computes holds the cap of the
// cell, for all cells of all tables.
func TestSwiftLooksUpEveryCell(t *testing.T) {
	s, source := sample(), written(t, WriteSwift)
	for _, line := range []string{
		"let mode = 2 * place(of: watch) + (lowPowerMode ? 1 : 0)",
		"let index = (4 * mode + state) * lowestLevels.count + bin",
		"private static let lowestLevels = [0, 11, 50]",
		"guard let bin = lowestLevels.lastIndex(where: { $0 <= percent }) else { return nil }",
		"case .small: return 0", "case .`default`: return 1", "case .fair: state = 1",
		"case .critical: state = 3", "@unknown default: return nil",
	} {
		if !strings.Contains(source, line) {
			t.Fatalf("the source has no %q, which this test follows", line)
		}
	}
	caps := swiftCaps(t, source)
	sessions := map[string]string{"self-care": ".selfCare", "in": ".`in`"}
	tolerances := map[float64]string{0.01: ".percent1", 0.005: ".percent0_5"}
	for _, table := range s.Tables {
		got := caps[sessions[table.Session]+" "+tolerances[table.Tolerance]]
		if len(got) != len(table.Cells) {
			t.Fatalf("%s at %v: %d caps of %d", table.Session, table.Tolerance, len(got), len(table.Cells))
		}
		for _, c := range table.Cells {
			mode := 2 * map[string]int{"small": 0, "default": 1}[c.Watch]
			if c.LowPower {
				mode++
			}
			state := map[string]int{"nominal": 0, "fair": 1, "serious": 2, "critical": 3}[c.Thermal]
			bin := map[int]int{0: 0, 11: 1, 50: 2}[c.Level.From]
			if at := (4*mode+state)*3 + bin; got[at] != int(c.Cap) {
				t.Fatalf("%s at %v, %+v: Swift looks up %d", table.Session, table.Tolerance, c, got[at])
			}
		}
	}
}

func TestIdentifiers(t *testing.T) {
	ids := []string{"self-care", "self_care", "Self care", "in", "9 lives", "", "é", "allCases",
		"a--b", "percent0_5", "self", "selfCare"}
	want := []string{"selfCare", "self_care", "SelfCare", "`in`", "_9Lives", "other", "other_2",
		"allCases_", "aB", "percent0_5", "self_", "selfCare_2"}
	if got := identifiers(ids, func(id string) string { return id }); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
	if got := quoted("a\"b\\(c)\n"); got != `"a\"b\\(c)\u{A}"` {
		t.Errorf("got %s", got)
	}
}

// TestSwiftParses gives the source to a parser of Swift, in a module of its own, and so it
// does with source that is none, which must be seen. It also parses what the pages show.
func TestSwiftParses(t *testing.T) {
	if !*withSwift {
		t.Skip("it takes a C compiler and a minute the first time: -swift")
	}
	parser := filepath.Join(t.TempDir(), "swiftcheck")
	build := exec.Command("go", "build", "-o", parser, ".")
	build.Dir, build.Env = "swiftcheck", append(os.Environ(), "CGO_ENABLED=1", "GOFLAGS=-mod=readonly",
		"GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	parse := func(source string) error {
		cmd := exec.Command(parser)
		cmd.Stdin = strings.NewReader(source)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		return nil
	}
	good := written(t, WriteSwift)
	var ofTimer strings.Builder
	err := WriteSwift(&ofTimer, timer())
	if err = errors.Join(err, parse(ofTimer.String()), parse(good)); err != nil {
		t.Errorf("%v", err)
	}
	pages, err := filepath.Glob("../../../../docs/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range strings.Split(string(text), "```swift\n")[1:] {
			source, _, _ := strings.Cut(block, "```")
			if err := parse(source); err != nil {
				t.Errorf("%s: %v\n%s", page, err, source)
			}
		}
	}
	for _, change := range [][2]string{
		{"@unknown default: return nil", "@unknown default return nil"},
		{"guard level >= 0, level", "guard level >= 0 level"},
		{"case selfCare = ", "case self-care = "},
		{"1, 2, 3, // small", "1, 2 3, // small"},
		{") -> TimeInterval? {", ") -> TimeInterval? "},
		{`= "self-care"`, `= "self-care`},
		{"public enum SessionCaps {", "public enum {"},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("%q is not in the source", change[0])
		}
		if parse(bad) == nil {
			t.Errorf("%q parses", change[1])
		}
	}
}
