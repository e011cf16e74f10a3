package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
)

// showFlags are the flags of budget show.
type showFlags struct {
	inputs.Settings
	format   cli.Format
	scenario string
	assumed  bool
	quiet    bool
}

// Words that budget show takes.
const (
	showSessions     = "sessions"
	showDevices      = "devices"
	showEnvironments = "environments"
	showWorkloads    = "workloads"
	showParameters   = "parameters"
)

func shown() []string {
	return []string{showSessions, showDevices, showEnvironments, showWorkloads, showParameters}
}

func showCommand() cli.Command {
	return cli.Command{
		Name: "show", Args: "WHAT [KEY] [scenario.toml]",
		Summary: "show the catalog with units, ranges, evidence and sources",
		Help: `
WHAT is sessions, devices, environments or workloads, or else parameters: every quantity with its
value, unit, range to vary it over, evidence and source. A workload moves between four states: quiet,
glance (the wrist is raised), sync (data are exchanged) and cue (the app taps or sounds).

KEY narrows the list: an id such as mindfulness, the start of a key such as battery or
session.mindfulness, or a whole key such as policy.suppress_low, which shows all details.
A scenario file as the last argument, or --scenario, shows that file's values, including what it
overrides and adds. --assumed leaves out what is documented, measured or derived.`,
		Examples: []string{
			`budget show sessions`,
			`budget show parameters battery`,
			`budget show parameters session.mindfulness.resign`,
			`budget show parameters --assumed`,
			`budget show workloads mine.toml`,
			`budget show devices --scenario winter.toml --format csv`,
		},
		Words: showWords,
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &showFlags{format: cli.FormatTable}
			cli.AddFormat(fs, &f.format)
			fs.StringVar(&f.scenario, "scenario", "", "show the values of this scenario `file`")
			fs.BoolVar(&f.assumed, "assumed", false,
				"with parameters: only our assumptions (evidence assumed or reported)")
			f.AddSet(fs)
			cli.AddQuiet(fs, &f.quiet, "no notes")
			return f.run
		},
	}
}

// showWords completes what to show and its key.
func showWords(n int) []string {
	if n == 0 {
		return shown()
	}
	s := model.Default()
	return slices.Concat(model.IDs(s.Sessions), model.IDs(s.Devices), model.IDs(s.Environments),
		s.WorkloadIDs(), inputs.Keys())
}

func (f *showFlags) run(_ context.Context, sys *cli.System, args []string) error {
	var file []string
	if n := len(args) - 1; n > 0 && inputs.IsScenario(args[n]) && f.scenario == "" {
		file, args = args[n:], args[:n]
	}
	if len(args) == 0 || len(args) > 2 {
		return cli.Usagef("expected what to show and at most one key: budget show %s [KEY]",
			strings.Join(shown(), "|"))
	}
	if !slices.Contains(shown(), args[0]) {
		return cli.Usagef("cannot show %q%s", args[0], cli.Suggest(args[0], shown()))
	}
	if f.assumed && args[0] != showParameters {
		return cli.Usagef("--assumed is for parameters: budget show parameters --assumed")
	}
	if f.scenario != "" {
		file = []string{f.scenario}
	}
	s, err := inputs.LoadScenario(sys, file)
	if err == nil {
		s, err = f.Over(s)
	}
	if err != nil {
		return err
	}
	key := ""
	if len(args) == 2 {
		key = args[1]
	}
	var answer cli.Answer
	if args[0] == showParameters {
		answer, err = parameters(s, key, f.assumed)
	} else {
		answer, err = f.list(s, args[0], key)
	}
	if err != nil {
		return err
	}
	return sys.Print(answer, f.format, f.quiet)
}

// list shows the session types, devices or environments; a key picks one, with
// its quantities.
func (f *showFlags) list(s *model.Scenario, what, key string) (cli.Answer, error) {
	var r *cli.Records
	var t *texttab.Table
	switch what {
	case showSessions:
		r, t = sessionRecords(s), texttab.New("Session", "Name", "Limit", "Runs", "Workload",
			">Loses front", ">User stops", ">Looked at")
	case showDevices:
		r, t = deviceRecords(s), texttab.New("Device", "Name", ">Capacity", "Build", ">Share of fleet")
	case showEnvironments:
		r, t = environmentRecords(s), texttab.New("Environment", ">Share of mix", "Airflow", ">Ambient",
			">Spread", ">In the sun", ">Strongest sun")
	case showWorkloads:
		r, t = workloadRecords(s), texttab.New("Workload", "State", ">Power", ">Share of time", ">CPU")
	}
	prefix := r.Fields[0] + "."
	if key != "" {
		var ids []string
		for _, row := range r.Rows {
			ids = append(ids, row[0].(string))
		}
		i := slices.Index(ids, strings.TrimPrefix(key, prefix))
		if i < 0 {
			return cli.Answer{}, cli.Usagef("unknown key %q%s", key, cli.Suggest(key, ids))
		}
		r.Rows = slices.DeleteFunc(r.Rows, func(row []any) bool { return row[0] != ids[i] })
		// People see its quantities, programs the row of the list.
		answer, err := parameters(s, prefix+ids[i], false)
		answer.CSV, answer.JSON = r.WriteCSV, cli.JSON(r)
		return answer, err
	}
	before := ""
	for _, row := range r.Texts() {
		var cells []texttab.Cell
		for _, text := range row[:len(t.Columns)] { // the rest is for programs
			cells = append(cells, texttab.Cell{Text: text})
		}
		cells[0].Style = texttab.Bold
		if cells[0].Text == before {
			cells[0].Text = "" // a state of the same workload
		}
		before = row[0]
		t.Row(cells...)
	}
	answer := cli.Rows(r)
	answer.Page = func(p *cli.Page) { p.Table(t) }
	answer.Notes = []string{fmt.Sprintf("Where the numbers of one come from: budget show %s %s", what,
		cmp.Or(r.Rows[0][0].(string), "ID"))}
	return answer, nil
}

// valueOf writes a quantity of the scenario as its file has it, or "".
func valueOf(s *model.Scenario, key string) string {
	for _, p := range s.Parameters() {
		if p.Key == key {
			return inputs.WithUnit(p.Text(), p.Unit)
		}
	}
	return ""
}

func sessionRecords(s *model.Scenario) *cli.Records {
	r := &cli.Records{Fields: []string{"session", "name", "limit", "runs", "workload", "resign",
		"stop", "horizon", "background_mode"}}
	for _, x := range s.Sessions {
		key := "session." + x.ID + "."
		limit, runs := "none", "background"
		if x.Limit > 0 {
			limit = notation.Length(float64(x.Limit))
		}
		if x.Frontmost {
			runs = "frontmost"
		}
		r.Add(x.ID, x.Name, limit, runs, x.Workload, valueOf(s, key+"resign"), valueOf(s, key+"stop"),
			notation.Length(float64(x.Horizon)), x.BackgroundMode)
	}
	return r
}

func deviceRecords(s *model.Scenario) *cli.Records {
	r := &cli.Records{Fields: []string{"device", "name", "capacity", "build", "weight"}}
	for _, x := range s.Devices {
		key := "device." + x.ID + "."
		r.Add(x.ID, x.Name, valueOf(s, key+"capacity"), x.Build, notation.Percent(float64(x.Weight)))
	}
	return r
}

func environmentRecords(s *model.Scenario) *cli.Records {
	r := &cli.Records{Fields: []string{"environment", "share", "airflow", "ambient_mean", "ambient_sd",
		"sun_share", "irradiance_max"}}
	for _, x := range s.Environments {
		key := "environment." + x.ID + "."
		r.Add(x.ID, notation.Percent(float64(x.Share)), x.Airflow, valueOf(s, key+"ambient_mean"),
			valueOf(s, key+"ambient_sd"), notation.Percent(float64(x.SunShare)),
			valueOf(s, key+"irradiance_max"))
	}
	return r
}

// workloadRecords lists each workload on average over a long session, and its states.
func workloadRecords(s *model.Scenario) *cli.Records {
	r := &cli.Records{Fields: []string{"workload", "state", "power", "share_of_time", "cpu"}}
	for _, id := range s.WorkloadIDs() {
		w := s.Workload.ByID[id]
		cpu := 0.0
		shares := w.Shares(s.Grid.Step)
		for i, share := range shares {
			cpu += share * float64(w.CPU[i])
		}
		watts := func(x float64) string { return fmt.Sprintf("%.3g mW", 1000*x) }
		percent := func(x float64) string { return fmt.Sprintf("%.3g %%", 100*x) }
		r.Add(id, "all", watts(w.MeanPower(s.Grid.Step)), percent(1), percent(cpu))
		for i, share := range shares {
			r.Add(id, model.StateNames[i], watts(float64(w.Power[i])), percent(share),
				percent(float64(w.CPU[i])))
		}
	}
	return r
}

// parameters shows the quantities that a key picks, or only those of them that are assumed.
func parameters(s *model.Scenario, key string, onlyAssumed bool) (cli.Answer, error) {
	picked, exact, err := pickParameters(s, key)
	if err != nil {
		return cli.Answer{}, err
	}
	all := len(picked)
	if onlyAssumed {
		picked = slices.DeleteFunc(picked, func(p *model.Parameter) bool { return !isAssumed(p) })
		if len(picked) == 0 {
			return cli.Answer{}, cli.Usagef("%s: no input is an assumption: leave --assumed out", key)
		}
	}
	r := &cli.Records{Fields: []string{"key", "value", "unit", "range", "evidence", "source",
		"default"}}
	assumed := 0
	for _, p := range picked {
		if isAssumed(p) {
			assumed++
		}
		standard := any(nil)
		if p.Overridden {
			standard = inputs.DefaultText(p)
		}
		r.Add(p.Key, p.Text(), unitText(p.Unit), inputs.RangeText(p), string(p.Evidence), p.Source,
			standard)
	}
	answer := cli.Rows(r)
	if exact {
		answer.Page = func(page *cli.Page) { page.Table(parameterTable(picked[0])) }
		return answer, nil
	}
	answer.Page = func(page *cli.Page) {
		for i, t := range parameterTables(picked) {
			if i > 0 {
				page.Printf("\n")
			}
			page.Table(t)
		}
	}
	answer.Notes = []string{
		fmt.Sprintf("%d of %d inputs are our assumptions (evidence assumed or reported).", assumed, all),
		fmt.Sprintf("Sources in full: budget show parameters %s", picked[0].Key),
	}
	return answer, nil
}

// parameterTables lists quantities, those of a part of the model in a table of their own, so
// that a long key makes no other table wide.
func parameterTables(picked []*model.Parameter) (tables []*texttab.Table) {
	part := ""
	for _, p := range picked {
		if first, _, _ := strings.Cut(p.Key, "."); first != part {
			part = first
			tables = append(tables, &texttab.Table{Columns: []texttab.Column{{Title: "Key"},
				{Title: "Value", Wrap: 14}, {Title: "Range", Wrap: 14}, {Title: "Evidence"},
				{Title: "Source", Wrap: 18}}})
		}
		value := texttab.Cell{Text: inputs.WithUnit(p.Text(), p.Unit)}
		if p.Overridden {
			value.Style = texttab.Bold
		}
		evidence := texttab.Cell{Text: string(p.Evidence)}
		if isAssumed(p) {
			evidence.Style = texttab.Doubtful
		}
		tables[len(tables)-1].Row(texttab.Cell{Text: p.Key}, value,
			texttab.Cell{Text: inputs.RangeText(p)}, evidence,
			texttab.Cell{Text: p.Source, Style: texttab.Dim})
	}
	return tables
}

// isAssumed reports whether a quantity is an assumption or an anecdote.
func isAssumed(p *model.Parameter) bool {
	return p.Evidence == model.Assumed || p.Evidence == model.Reported
}

// pickParameters returns the quantities whose key is the given one, starts with
// it at a dot, or has it as one of its parts.
func pickParameters(s *model.Scenario, key string) (picked []*model.Parameter, exact bool,
	err error) {
	all := s.Parameters()
	if key == "" {
		return all, false, nil
	}
	var known []string
	for _, p := range all {
		if p.Key == key {
			return []*model.Parameter{p}, true, nil
		}
		if strings.HasPrefix(p.Key, key+".") || slices.Contains(strings.Split(p.Key, "."), key) {
			picked = append(picked, p)
		}
		parts := strings.Split(p.Key, ".")
		for i := range parts {
			known = append(known, strings.Join(parts[:i+1], "."), parts[i])
		}
	}
	if len(picked) > 0 {
		return picked, false, nil
	}
	if near := model.Nearest(key, known); near != "" {
		return nil, false, cli.Usagef("unknown key %q: did you mean %s?", key, near)
	}
	return nil, false, cli.Usagef("unknown key %q: 'budget show parameters' lists all", key)
}

func unitText(unit string) string {
	if unit == "1" {
		return ""
	}
	return unit
}

// parameterTable shows all that is known of one quantity.
func parameterTable(p *model.Parameter) *texttab.Table {
	table := &texttab.Table{Columns: []texttab.Column{{}, {Wrap: 20}}}
	add := func(name, value string) {
		if value != "" {
			table.Row(texttab.Cell{Text: name, Style: texttab.Dim}, texttab.Cell{Text: value})
		}
	}
	add("key", p.Key)
	add("value", inputs.WithUnit(p.Text(), p.Unit))
	if p.Overridden {
		add("default", inputs.DefaultText(p))
		add("set at", p.Place)
	}
	add("unit", cmp.Or(unitText(p.Unit), "none: a plain number"))
	add("range", cmp.Or(inputs.RangeText(p), "none given"))
	add("evidence", evidenceText(p.Evidence))
	add("source", p.Source)
	for _, c := range model.Cite(p.Source) {
		add("", c.Tag+": "+c.Text)
	}
	return table
}

// evidenceText says what a kind of evidence means.
func evidenceText(e model.Evidence) string {
	meaning := map[model.Evidence]string{
		model.Documented: "the maker says so",
		model.Measured:   "a third party measured it",
		model.Derived:    "computed from such facts",
		model.Reported:   "an anecdote",
		model.Assumed:    "our assumption",
	}[e]
	if meaning == "" {
		return string(e)
	}
	return string(e) + ": " + meaning
}
