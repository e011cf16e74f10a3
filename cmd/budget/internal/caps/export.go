package caps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/sessioncaps"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/starts"
)

// appForm is a format of caps for apps.
type appForm string

// appForms lists the formats with their file names in a directory.
var appForms = []struct {
	form  appForm
	file  string
	write func(io.Writer, *starts.Result) error
}{
	{"json", "session-caps.json", sessioncaps.WriteJSON},
	{"plist", "session-caps.plist", sessioncaps.WritePlist},
	{"swift", "SessionCaps.swift", sessioncaps.WriteSwift},
}

// exportFlags are the flags of budget export.
type exportFlags struct {
	*inputs.Options
	inputs.Reading
	given   cli.Given
	reading solver.Reading
	form    appForm
}

// ExportCommand is budget export.
func ExportCommand() cli.Command {
	return cli.Command{
		Name: "export", Args: "[scenario.toml | DIR]",
		Summary: "export caps for an app, by what it can observe",
		Help: `
Exports caps for an app to look up when a session starts, by what the app can observe then: the
battery level (in bins), the thermal state, Low Power Mode and the class of the watch. A cap is for
the starts of its row and bin: at most the tolerance of these sessions fail. At a single level
within a bin, above all its lowest, more may fail. All caps hold together with the confidence.

A bin with too few simulated sessions uses the cap of a lower battery level. No start is allowed
more than one with at least as much battery that is at least as cool. Where there is no cap, the
file says why: none, or too few sessions simulated. With any of the latter the exit code is 6.

Caps of a timer (--timer, or timer.phases of a scenario) are ends of its cycles, by what the app
observes when the first session starts.

Standard error shows what the table gains over one fixed cap for everyone. -o writes the caps in
all forms to files; standard output then gets them only with --format.

Give a directory written by -o instead of a scenario file to print its caps again without
simulating. A scenario file overrides the catalog's defaults; - reads it from standard input.`,
		Examples: []string{
			`budget export --session mindfulness > session-caps.json`,
			`budget export --format swift --tolerance "1 %" > SessionCaps.swift`,
			`budget export -o caps && budget export caps --format plist`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &exportFlags{Options: inputs.NewOptions(8192), given: cli.Given{FlagSet: fs},
				reading: solver.Cautious, form: "json"}
			f.Tolerances = []float64{0.01}
			f.Sampling = solver.Independent
			cli.AddChoice(fs, &f.form, "format", []appForm{"json", "plist", "swift"},
				"`form` of the caps: json, plist or swift")
			f.AddSessions(fs, "session type `id`")
			f.AddTolerances(fs)
			f.AddConfidence(fs, "all caps hold together")
			inputs.AddReading(fs, &f.reading, inputs.ReadingsMean)
			f.AddOnResign(fs)
			f.AddWorkload(fs)
			f.AddTimer(fs)
			f.AddSet(fs)
			cli.AddValue(fs, &f.Paths, "paths", parseQuota, "largest `number` of simulated sessions "+
				"for each kind of start; 256 times as many are drawn")
			f.AddSeed(fs)
			f.AddMachine(fs)
			f.AddUnchecked(fs)
			cli.AddExplain(fs)
			f.AddFiles(fs, "starts.csv, starts.json and the caps in all forms")
			return f.run
		},
	}
}

// The least and the largest number of paths for each kind of start. Fewer give no interval; more
// need too many draws.
const leastQuota, mostQuota = 64, 1 << 18

func parseQuota(text string) (int64, error) {
	n, err := inputs.ParsePaths(text)
	if err == nil && (n < leastQuota || n > mostQuota) {
		err = fmt.Errorf("%s is out of range: expected %d to %s for each kind of start", text,
			leastQuota, notation.Count(mostQuota))
	}
	return n, err
}

func (f *exportFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	if dir, ok := inputs.Directory(args); ok {
		return f.again(sys, dir)
	}
	if f.given.Changed(inputs.UncheckedFlag) {
		return cli.Usagef("--%s is for a directory of results", inputs.UncheckedFlag)
	}
	f.Readings = []solver.Reading{f.reading}
	s, q, err := f.Ask(sys, args)
	if err != nil {
		return err
	}
	q.MaxPaths, q.Precision = solver.DefaultMaxPaths, solver.DefaultPrecision
	q.RelativePrecision = solver.DefaultRelativePrecision
	found := &starts.Result{}
	out, err := f.Open(sys, s, files(found))
	if err != nil {
		return err
	}
	err = f.Simulate(sys, false, func(control sweep.Control) (err error) {
		found, err = starts.Find(ctx, s, q, control)
		return err
	})
	if ctx.Err() != nil && err != nil {
		return cli.Interruptedf("nothing is exported")
	}
	if err != nil {
		return err
	}
	found.Provenance = f.Provenance(s, q, fmt.Sprintf("%d paths of each kind of start at most, "+
		"out of %d sessions drawn", found.Quota, found.Drawn), solver.Done)
	found.Provenance.Caps = found.Family
	return f.deliver(sys, out, found)
}

// again exports the caps in a directory without simulating.
func (f *exportFlags) again(sys *cli.System, dir string) error {
	if err := inputs.CheckGiven(f.given.FlagSet, dir,
		"simulate with it: give a scenario file, or none",
		"session", "tolerance", "format", "explain", "output", "quiet",
		inputs.UncheckedFlag); err != nil {
		return err
	}
	found, err := starts.Read(dir)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		if err := f.Check(sys, dir, starts.CSVFile, starts.JSONFile); err != nil {
			return err
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return cli.Filef(errors.New("budget export -o DIR writes them"),
			"no %s and %s in directory %s", starts.CSVFile, starts.JSONFile, dir)
	}
	if err != nil {
		return cli.Failf(cli.ExitFile, "%v", err)
	}
	if err := f.narrow(found, dir); err != nil {
		return err
	}
	out, err := cli.OpenOutput(sys, f.Output, files(found))
	if err != nil {
		return err
	}
	return f.deliver(sys, out, found)
}

// narrow keeps only the session types and tolerances that the flags select.
func (f *exportFlags) narrow(found *starts.Result, dir string) error {
	var sessions []string
	var tolerances []float64
	for _, t := range found.Tables {
		if !slices.Contains(sessions, t.Session) {
			sessions = append(sessions, t.Session)
		}
		if !slices.Contains(tolerances, t.Tolerance) {
			tolerances = append(tolerances, t.Tolerance)
		}
	}
	wanted, err := inputs.Pick("session", f.Sessions, "", sessions)
	if err != nil {
		return err
	}
	if f.given.Changed("tolerance") {
		for _, t := range f.Tolerances {
			if !slices.Contains(tolerances, t) {
				return cli.Usagef("--tolerance: %s is not in %s", notation.Percent(t), dir)
			}
		}
		tolerances = f.Tolerances
	}
	found.Tables = slices.DeleteFunc(found.Tables, func(t starts.Table) bool {
		return !slices.Contains(wanted, t.Session) || !slices.Contains(tolerances, t.Tolerance)
	})
	return nil
}

// files lists the files to write for caps.
func files(found *starts.Result) []cli.File {
	files := []cli.File{{Name: starts.CSVFile, Write: found.WriteCells},
		{Name: starts.JSONFile, Write: found.WriteRest}}
	for _, a := range appForms {
		files = append(files, cli.File{Name: a.file, Write: func(w io.Writer) error {
			return a.write(w, found)
		}})
	}
	return files
}

// deliver writes the files first, because writing to standard output can fail if its reader is
// gone.
func (f *exportFlags) deliver(sys *cli.System, out *cli.Output, found *starts.Result) error {
	if err := out.Write(files(found)); err != nil {
		return err
	}
	// With -o the answer is in the files. Standard output gets it only with --format.
	if out == nil || f.given.Changed("format") {
		for _, a := range appForms {
			if a.form != f.form {
				continue
			}
			if err := a.write(sys.Stdout, found); err != nil {
				return err
			}
		}
	}
	if !f.Quiet {
		sayGain(sys, found)
	}
	unknown, all := found.Unknown()
	return inputs.TooFew(unknown, all, inputs.MorePaths)
}

// sayGain prints on standard error what caps by start gain over one fixed cap.
func sayGain(sys *cli.System, s *starts.Result) {
	sys.PrintAside(cli.Answer{
		Page: func(p *cli.Page) {
			if text := worstOff(s); text != "" {
				p.Wrap(text)
				p.Printf("\n")
			}
			p.Table(gainTable(s))
		},
		Notes: []string{
			"One cap: for everyone. By start: the average over starts; without a cap 0.",
			"Fails: share of the starts, if all sessions are as long as they may be.",
			fmt.Sprintf("All %s hold together with %s confidence.", notation.Plural(s.Family, "cap"),
				notation.Percent(s.Provenance.Confidence)),
		},
		Explain: []string{
			"Worst off: the kind of start that fails most often under the one cap. It is named by the " +
				"class of the watch, the battery level, the thermal state and Low Power Mode.",
			fmt.Sprintf("%s our assumptions. See them: budget show parameters --assumed.",
				notation.Plural(len(s.Provenance.Assumed), "input is one of", "inputs are")),
		}})
}

// worstOff gives the kind of start that fails most often under one fixed cap, of all session
// types, or "" if it is unknown.
func worstOff(s *starts.Result) string {
	var of *starts.Table
	var worst *starts.Cell
	for i := range s.Tables {
		w := s.Tables[i].Gain().Worst
		if w != nil && (worst == nil || w.FailsAtFixed.Value > worst.FailsAtFixed.Value) {
			of, worst = &s.Tables[i], w
		}
	}
	if worst == nil {
		return ""
	}
	return fmt.Sprintf("One cap for everyone fails %s of one kind of start (%s at %s: %s); caps by "+
		"start hold for each.", notation.Chance(worst.FailsAtFixed.Value), of.SessionName,
		notation.Percent(of.Tolerance), describeStart(worst))
}

func gainTable(s *starts.Result) *texttab.Table {
	t := texttab.New("Session", ">Tolerance", ">One cap, min", ">Fails, %", ">By start, min",
		">Fails, %", ">No cap, %", "Worst off under one cap")
	t.Keys, t.Columns[2].Wrap, t.Columns[7].Wrap = 2, 8, 18
	for i := range s.Tables {
		table := &s.Tables[i]
		g := table.Gain()
		cells := []texttab.Cell{{Text: table.Session}, {Text: notation.Percent(table.Tolerance)},
			fixedCap(table.Fixed), {Text: notation.ChanceNumber(g.FixedFails.Value)},
			{Text: strings.TrimSuffix(notation.Minutes(g.Table), " min")},
			{Text: notation.ChanceNumber(g.TableFails.Value)},
			{Text: notation.ChanceNumber(1 - g.Offered)}}
		if w := g.Worst; w != nil {
			worst := texttab.Cell{Text: notation.Chance(w.FailsAtFixed.Value) + " of " + describeStart(w)}
			if w.FailsAtFixed.Value > table.Tolerance {
				worst.Style = texttab.Bad
			}
			cells = append(cells, worst)
		}
		t.Row(cells...)
	}
	return t
}

// fixedCap writes the one cap for everyone in minutes.
func fixedCap(c starts.FixedCap) texttab.Cell {
	switch {
	case c.Status.HasCap():
		return texttab.Cell{Text: notation.CapMinutes(c.Cap)}
	case c.Status == sweep.CapNever:
		return texttab.Cell{Text: c.Status.Name(), Style: texttab.Bad}
	}
	return texttab.Cell{Text: c.Status.Name(), Style: texttab.Doubtful}
}

// describeStart names a start in words.
func describeStart(c *starts.Cell) string {
	mode := ""
	if c.LowPower {
		mode = ", Low Power Mode"
	}
	return fmt.Sprintf("%s, %d to %d %%, %s%s", c.Watch, c.Level.From, c.Level.To, c.Thermal, mode)
}
