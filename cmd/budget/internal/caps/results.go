package caps

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/store"
)

// shown holds the flags that select caps of a directory.
type shown struct {
	*inputs.Options
	inputs.Reading
	given cli.Given
	offer []model.Duration
	limits
}

// show prints the caps of a run or a sweep without simulating.
func (f *shown) show(sys *cli.System, dir string) error {
	if f.Output != "" {
		return cli.Usagef("-o: the tables are in %s already", dir)
	}
	if err := inputs.CheckGiven(f.given.FlagSet, dir,
		"simulate with it: give a scenario file, or none",
		"session", "reading", "offer", "tolerance", "confidence",
		shorterFlag, inputs.AboveFlag, inputs.UncheckedFlag); err != nil {
		return err
	}
	r, err := f.Results(sys, dir)
	if err != nil {
		return err
	}
	defer r.Close()
	sessions, err := inputs.Pick("session", f.Sessions, "", r.Sessions())
	if err != nil {
		return err
	}
	var rows []sweptCap
	for _, c := range r.Cells {
		if !slices.Contains(sessions, c.Session) {
			continue
		}
		caps, err := f.caps(r, c)
		if err != nil {
			return err
		}
		for _, found := range caps {
			rows = append(rows, sweptCap{c, found})
		}
	}
	answer, more := f.ofSweep, inputs.MorePlanPaths
	var offers []sweep.Offer
	if r.Plan == nil {
		if offers, err = f.offers(r, sessions); err != nil {
			return err
		}
		answer, more = func(r *store.Results, rows []sweptCap) cli.Answer {
			return f.ofRun(r, rows, offers)
		}, inputs.MorePaths
	} else {
		for _, name := range []string{"offer", inputs.AboveFlag} {
			if f.given.FlagSet.Changed(name) {
				return cli.Usagef("--%s: %s holds a sweep: expected the directory of a run of budget caps",
					name, dir)
			}
		}
	}
	if _, left := r.Simulated(); len(left) > 0 {
		more = "run it again, to its end"
	}
	unknown := 0
	for _, row := range rows {
		if row.Status == sweep.CapUnknown {
			unknown++
		}
	}
	tolerances := r.Provenance.Tolerances
	if f.given.Changed("tolerance") {
		tolerances = f.Tolerances
	}
	printed := answer(r, rows)
	if r.Changed != "" {
		printed.Notes = slices.Insert(printed.Notes, 0,
			notation.Sentence(inputs.UncheckedNote(r.Changed))+".")
	}
	if _, left := r.Simulated(); len(left) > 0 {
		printed.Notes = slices.Insert(printed.Notes, 0, store.Unreached(left))
	}
	return cmp.Or(sys.Print(printed, f.Format, f.Quiet),
		inputs.TooFew(unknown, len(rows), more), f.checkRows(r, rows, offers, tolerances))
}

// checkRows is check for rows; in a sweep a cap is named by its levels.
func (f *shown) checkRows(r *store.Results, rows []sweptCap, offers []sweep.Offer,
	tolerances []float64) error {
	var caps []sweep.Cap
	for _, row := range rows {
		caps = append(caps, row.Cap)
	}
	varying := r.Varying()
	return f.check(caps, offers, headlineTolerance(tolerances), func(i int) string {
		if r.Plan == nil {
			return notation.Case(caps[i].Case)
		}
		name := caps[i].SessionName
		for _, place := range varying {
			name += fmt.Sprintf(", %s %s", r.Columns[place].Title, r.Columns[place].Text(
				rows[i].cell.Values[place]))
		}
		return name
	})
}

// offers returns the failure of each length on the menu, which is the flag's or the run's, under
// the first reading shown. The run itself keeps those of its own first reading.
func (f *shown) offers(r *store.Results, sessions []string) (offers []sweep.Offer, err error) {
	reading, menu := f.readings(r)[0], f.offered()
	if !f.given.Changed("offer") {
		menu = r.Provenance.Offered
	}
	if !f.given.Changed("offer") && reading == r.Provenance.Readings[0] {
		return slices.DeleteFunc(slices.Clone(r.Offers), func(o sweep.Offer) bool {
			return !slices.Contains(sessions, o.Session)
		}), nil
	}
	for _, c := range r.Cells {
		if !slices.Contains(sessions, c.Session) {
			continue
		}
		if !c.Simulated() {
			for _, d := range menu {
				offers = append(offers, sweep.Offer{Case: c.Case, Reading: reading, Duration: d,
					Failure: estimate.Missing})
			}
			continue
		}
		curves, err := c.Curves()
		if err != nil {
			return nil, inputs.Resultsf(err, "no lengths but those of the run")
		}
		for _, d := range menu {
			o, err := curves.Offer(reading, d, f.confidence(r))
			if err != nil {
				return nil, err
			}
			offers = append(offers, o)
		}
	}
	return offers, nil
}

// offered returns the lengths on the menu [s], sorted.
func (f *shown) offered() []float64 {
	var menu []float64
	for _, d := range f.offer {
		menu = append(menu, float64(d))
	}
	slices.Sort(menu)
	return menu
}

// sweptCap is a cap and its cell.
type sweptCap struct {
	cell *store.Cell
	sweep.Cap
}

// caps returns the caps of a cell that the flags select. For a tolerance or confidence from a
// flag it computes them from the cell's curves.
func (f *shown) caps(r *store.Results, c *store.Cell) ([]sweep.Cap, error) {
	readings := f.readings(r)
	if len(readings) == 0 {
		return nil, cli.Usagef("--reading: the results are of %v alone", r.Provenance.Readings)
	}
	if !f.given.Changed("tolerance") && !f.given.Changed("confidence") {
		return slices.DeleteFunc(slices.Clone(c.Caps), func(cap sweep.Cap) bool {
			return !slices.Contains(readings, cap.Reading)
		}), nil
	}
	tolerances := r.Provenance.Tolerances
	if f.given.Changed("tolerance") {
		tolerances = f.Tolerances
	}
	var caps []sweep.Cap
	if !c.Simulated() {
		for _, reading := range readings {
			for _, tolerance := range tolerances {
				caps = append(caps,
					sweep.Unanswered(c.Case, solver.Reading(reading), tolerance, f.confidence(r)))
			}
		}
		return caps, nil
	}
	curves, err := c.Curves()
	if err != nil {
		return nil, inputs.Resultsf(err, "no caps but those of the table")
	}
	for _, reading := range readings {
		for _, tolerance := range tolerances {
			found, err := curves.Cap(reading, tolerance, f.confidence(r))
			if err != nil {
				return nil, err
			}
			found.Spread = spreadOf(c.Caps, found)
			caps = append(caps, found)
		}
	}
	return caps, nil
}

// readings returns those of the results that the flags ask for.
func (f *shown) readings(r *store.Results) []string {
	return slices.DeleteFunc(slices.Clone(r.Provenance.Readings), func(name string) bool {
		return !slices.Contains(f.Readings, solver.Reading(name))
	})
}

// spreadOf returns the range of the cap with the same reading, tolerance and confidence, or nil.
func spreadOf(caps []sweep.Cap, like sweep.Cap) *sweep.CapSpread {
	for _, c := range caps {
		if c.Reading == like.Reading && c.Tolerance == like.Tolerance && c.Confidence == like.Confidence {
			return c.Spread
		}
	}
	return nil
}

// confidence returns the flag's confidence, or without the flag that of the results.
func (f *shown) confidence(r *store.Results) float64 {
	if f.given.Changed("confidence") {
		return f.Confidence
	}
	return r.Provenance.Confidence
}

// ofRun returns the answer of a run of budget caps, as the run printed it.
func (f *shown) ofRun(r *store.Results, rows []sweptCap, offers []sweep.Offer) cli.Answer {
	var caps []sweep.Cap
	for _, row := range rows {
		caps = append(caps, row.Cap)
	}
	p := r.Provenance
	if f.given.Changed("tolerance") {
		p.Tolerances = f.Tolerances
	}
	t := newCapsTable(&sweep.Result{Caps: caps, Offers: offers}, p, len(r.Varying()) > 0)
	t.unexamined = "not examined in that run"
	if f.readings(r)[0] != p.Readings[0] {
		t.unexamined = "examined for the first reading alone, " + p.Readings[0]
	}
	if f.Format == cli.FormatMarkdown {
		return t.answer()
	}
	return t.answer(fmt.Sprintf("%s a case, seed %d, %s, scenario %q.",
		t.paths(), p.Seed, p.Estimator, r.Name))
}

// ofSweep returns the answer of a sweep: the caps of each cell.
func (f *shown) ofSweep(r *store.Results, rows []sweptCap) cli.Answer {
	answer := cli.Rows(sweptRecords(r, rows))
	answer.Markdown = func(w io.Writer) error { return sweptTable(r, rows).Markdown(w) }
	answer.Page = func(p *cli.Page) { p.Table(sweptTable(r, rows)) }
	answer.Notes = []string{
		fmt.Sprintf("All %s of the sweep hold together with %s confidence. The bracket is the upper "+
			"end of a cap's interval.", notation.Plural(r.Provenance.Caps, "cap"),
			notation.Percent(f.confidence(r))),
		fmt.Sprintf("%s of %q, %s a cell, seed %d.", notation.Plural(r.Plan.Cells, "cell"), r.Name,
			notation.Plural(r.Plan.PathsPerCell, "path"), r.Provenance.Seed),
	}
	return answer
}

// sweptTable lists caps with those columns that differ between cells.
func sweptTable(r *store.Results, rows []sweptCap) *texttab.Table {
	var titles []string
	varying := r.Varying()
	for _, i := range varying {
		titles = append(titles, r.Columns[i].Name)
	}
	titles = append(titles, "session")
	several := len(r.Provenance.Readings) > 1
	if several {
		titles = append(titles, "reading")
	}
	titles = append(titles, ">Tolerance", "Safe", "", ">Fails", ">Leaves", ">Refused", ">Completes",
		"Ends by")
	t := texttab.New(titles...)
	t.Keys = slices.Index(titles, "Safe")
	t.Columns[t.Keys].Span = 2
	for _, row := range rows {
		var line []texttab.Cell
		add := func(texts ...string) {
			for _, text := range texts {
				line = append(line, texttab.Cell{Text: text})
			}
		}
		for _, i := range varying {
			add(row.cell.Values[i])
		}
		add(row.cell.Session)
		if several {
			add(row.Reading)
		}
		add(notation.Percent(row.Tolerance))
		length, upper := notation.Cap(row.Cap, 0)
		if row.Status == sweep.CapNever { // only the curves have the failure of the shortest length
			length = row.Status.Name()
		}
		if upper == "" {
			line = append(line, texttab.Cell{Text: length, Span: 2})
		} else {
			add(length, upper)
		}
		chance := notation.Chance
		add(chance(row.FailureAtCap.Value), chance(row.ResignedAtCap.Value), chance(row.Refused.Value),
			chance(row.CompletedAtCap.Value), row.Binding())
		t.Row(line...)
	}
	return t
}

// sweptRecords lists caps for programs.
func sweptRecords(r *store.Results, rows []sweptCap) *cli.Records {
	out := &cli.Records{}
	for _, c := range r.Columns {
		out.Fields = append(out.Fields, c.Name)
	}
	out.Fields = append(out.Fields, "session", "reading", "tolerance", "cap_s", "cap_upper_s",
		"failure_at_cap", "binding_cause", "failure_at_limit", "resigned_at_cap",
		"completed_at_cap", "refused", "status")
	for _, row := range rows {
		var values []any
		for _, v := range row.cell.Values {
			values = append(values, v)
		}
		out.Add(append(values, row.cell.Session, row.Reading, row.Tolerance, row.Cap.Cap, row.CapUpper,
			row.FailureAtCap.Value, row.Binding(), row.FailureAtLimit.Value, row.ResignedAtCap.Value,
			row.CompletedAtCap.Value, row.Refused.Value, string(row.Status))...)
	}
	return out
}
