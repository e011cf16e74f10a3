package timer

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/compare"
	"budget/sweep/table"
)

// answer is the result of budget timer. The first of the timers is as asked.
type answer struct {
	held
	text       string // the phases as typed
	timers     []sweep.Timer
	without    noSession
	provenance sweep.Provenance
}

// page says how many cycles to offer, then shows each cycle and the ways to run the timer.
func (a *answer) page(p *cli.Page) {
	t, reading := &a.timers[0], a.Readings[0]
	last := t.Stints[len(t.Stints)-1]
	failure := t.Failure(reading, last.End)
	if len(a.menu) > 0 {
		p.WrapStyled(texttab.Bold, a.chosen(a.scenario.Session(t.Session).Name))
		p.Printf("\n")
		p.Table(a.menuTable())
		p.Printf("\n")
	}
	p.WrapStyled(texttab.Bold, fmt.Sprintf("%s, %s: %s. Of timers of %s %s fail; %s may.",
		a.scenario.Session(t.Session).Name, a.text, a.offer(a.asked()),
		notation.Plural(a.asked(), "cycle"), notation.Chance(failure.Value),
		notation.Percent(a.tolerance)))
	p.Wrap(a.longest())
	number, length := t.CompletedStints(reading)
	p.Wrap(fmt.Sprintf("On average %.2f of %s and %s of %s are completed.", number.Value,
		notation.Plural(len(t.Stints), a.stint()), notation.Length(60*math.Round(length.Value/60)),
		notation.Length(sessionTime(t))))
	if t.Resign == model.ResignPause && t.Costs[len(t.Costs)-1].Paths > 0 {
		p.Wrap(pausesInWords(t))
	}
	p.Printf("\n")
	p.Table(a.cycles())
	p.Printf("\n")
	p.Table(a.ways())
	p.Printf("\n")
	p.Wrap(a.without.text())
	if a.grid != nil {
		p.Printf("\n")
		p.WrapStyled(texttab.Bold,
			"Share that fails, by length of the longest phases (* the most cycles that hold):")
		p.Table(a.mapTable())
	}
}

// stint names what shares a session: a cycle, or a session where a cycle is not one.
func (a *answer) stint() string {
	if a.asked() == len(a.timers[0].Stints) {
		return "cycle"
	}
	return "session"
}

// asked returns the number of cycles of the timer.
func (a *answer) asked() int {
	if a.sequence.Times > 0 {
		return a.sequence.Times
	}
	return len(a.timers[0].Stints)
}

// pausesInWords says how often a timer that completes pauses, and how long it takes.
func pausesInWords(t *sweep.Timer) string {
	pauses := &t.Costs[len(t.Costs)-1].Absences
	mean, p5, p95 := t.Wall()
	return fmt.Sprintf("A timer that completes pauses %.2f times (nine in ten: %.0f to %.0f) and takes %s on "+
		"the wall (%s to %s).", pauses.Mean.Value, pauses.P5.Value, pauses.P95.Value, wallTime(mean),
		wallTime(p5), wallTime(p95))
}

// wallTime writes a time on the wall, to a tenth of a minute.
func wallTime(seconds float64) string { return fmt.Sprintf("%.1f min", seconds/60) }

// cycles lists the cycles of the timer as asked.
func (a *answer) cycles() *texttab.Table {
	t, reading := &a.timers[0], a.Readings[0]
	out := texttab.New(">"+notation.Sentence(a.stint()), ">Ends at", ">Fails",
		notation.Percent(a.Confidence)+" interval", ">In this "+a.stint(), "Mostly by", leaving(t),
		">Completes", ">Battery used", ">Hottest skin")
	before := 0.0
	var ended map[model.Cause]float64
	for i, s := range t.Stints {
		failure := t.Failure(reading, s.End)
		style := texttab.Plain
		if failure.Lower > a.tolerance {
			style = texttab.Bad
		}
		cause, now := a.mostly(t, s.End, ended)
		ended = now
		battery, skin, leaves := "", "", notation.Chance(t.Resigned(reading, s.End).Value)
		if t.Resign == model.ResignPause {
			leaves = ""
		}
		if i < len(t.Costs) && t.Costs[i].Paths > 0 {
			if t.Resign == model.ResignPause {
				leaves = fmt.Sprintf("%.2f", t.Costs[i].Absences.Mean.Value)
			}
			battery = fmt.Sprintf("%.1f %%", 100*t.Costs[i].Level.Mean.Value)
			skin = fmt.Sprintf("%.1f °C", t.Costs[i].Hottest.Mean.Value)
		}
		out.Row(texttab.Cell{Text: fmt.Sprint(i + 1)}, texttab.Cell{Text: notation.Length(s.End)},
			texttab.Cell{Text: notation.Chance(failure.Value), Style: style},
			texttab.Cell{Text: between(failure)},
			texttab.Cell{Text: notation.Chance(failure.Value - before)}, texttab.Cell{Text: cause},
			texttab.Cell{Text: leaves},
			texttab.Cell{Text: notation.Chance(t.Completion(reading, s.End).Value)},
			texttab.Cell{Text: battery},
			texttab.Cell{Text: skin})
		before = failure.Value
	}
	return out
}

// leaving is the title of the column of users who leave.
func leaving(t *sweep.Timer) string {
	if t.Resign == model.ResignPause {
		return ">Pauses"
	}
	return ">Leaves"
}

// between writes the interval of a probability.
func between(e estimate.Estimate) string {
	if e.Value == 0 {
		return "at most " + notation.Chance(e.Upper)
	}
	return notation.ChanceNumber(e.Lower) + " to " + notation.Chance(e.Upper)
}

// causesOfFailure lists the causes by which a timer can fail. One with a single start has none of
// those of later starts.
func causesOfFailure(t *sweep.Timer, reading solver.Reading) []model.Cause {
	failures := sweep.Failures(t.Resign == model.ResignEnd, false)
	all := append([]model.Cause{model.Refused, model.InProgress}, failures...)
	return slices.DeleteFunc(all, func(c model.Cause) bool {
		return math.IsNaN(t.Ended(reading, solver.Meaning, c, t.Stints[0].End).Value)
	})
}

// mostly returns the most frequent cause of failure since an earlier cycle, "" if nothing has
// failed, and how much each has taken so far.
func (a *answer) mostly(t *sweep.Timer, end float64, before map[model.Cause]float64) (cause string,
	now map[model.Cause]float64) {
	now = map[model.Cause]float64{}
	most := 0.0
	for _, c := range causesOfFailure(t, a.Readings[0]) {
		now[c] = t.Ended(a.Readings[0], solver.Meaning, c, end).Value
		since := now[c] - before[c]
		if c == model.Refused && before == nil {
			continue // the first start, which is not among the failures
		}
		if since > most {
			cause, most = c.String(), since
		}
	}
	return cause, now
}

// ways compares the ways to run the timer.
func (a *answer) ways() *texttab.Table {
	reading := a.Readings[0]
	columns := []string{"Way to run it", ">Fails", ">More than the first",
		notation.Percent(a.Confidence) + " interval", ">" + notation.Sentence(a.stint()) + "s completed",
		">Minutes completed"}
	pauses := func(t sweep.Timer) bool { return t.Resign == model.ResignPause }
	if slices.ContainsFunc(a.timers, pauses) {
		columns = append(columns, ">Time on the wall")
	}
	out := texttab.New(columns...)
	total := len(a.timers[0].Stints)
	for i := range a.timers {
		t := &a.timers[i]
		end := t.Stints[len(t.Stints)-1].End
		difference, interval := "", ""
		if i > 0 {
			d := a.difference(i)
			difference, interval = signed(d.Value), signed(d.Lower)+" to "+signed(d.Upper)
		}
		number, length := t.CompletedStints(reading)
		cycles := fmt.Sprintf("%.2f of %d", number.Value, total)
		if len(t.Stints) != total {
			cycles = "" // it is one session
		}
		row := []texttab.Cell{{Text: t.Name}, {Text: notation.Chance(t.Failure(reading, end).Value)},
			{Text: difference}, {Text: interval}, {Text: cycles},
			{Text: fmt.Sprintf("%.0f of %.0f", length.Value/60, sessionTime(t)/60)}}
		if t.Resign == model.ResignPause && t.Costs[len(t.Costs)-1].Paths > 0 {
			mean, _, _ := t.Wall()
			row = append(row, texttab.Cell{Text: wallTime(mean)})
		}
		out.Row(row...)
	}
	out.Texts("no session", "", "", "", "",
		fmt.Sprintf("counts %.0f of %.0f", math.Floor(a.without.Kept/60),
			math.Floor(a.without.Length/60)))
	return out
}

// paths says how many paths each way to run the timer has.
func (a *answer) paths() string {
	first := a.timers[0].Paths
	fewer := slices.ContainsFunc(a.timers, func(t sweep.Timer) bool { return t.Paths < first })
	if fewer {
		return notation.Plural(first, "path") + ", a quarter for ways that differ much"
	}
	return notation.Plural(first, "path") + " each"
}

// signed writes a difference of two shares in per cent points.
func signed(x float64) string {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return "unknown"
	}
	return strings.Replace(fmt.Sprintf("%+.2f %%", 100*x), "-", "−", 1)
}

// difference returns the failure of the i-th way to run the timer minus that of the first, by
// the ends of the timers, on the same random numbers.
func (a *answer) difference(i int) compare.Difference {
	side := func(t *sweep.Timer) (*compare.Side, int) {
		in := &t.Readings[0]
		last := len(t.Stints) - 1
		s := &compare.Side{Durations: t.Durations, Failure: in.Failure.Moments}
		for _, stint := range t.Stints {
			s.At = append(s.At, int(math.Round(stint.End/t.Durations[0]))-1)
			s.Replicates = append(s.Replicates, stint.Replicates[0])
		}
		return s, last
	}
	one, j := side(&a.timers[0])
	other, k := side(&a.timers[i])
	return compare.FailureDifference(one, other, j, k, true, (1-a.Confidence)/2*a.timers[i].Share)
}

// records lists the causes of every cycle: as people use the app, and failure among those that
// start and mean to finish.
func (a *answer) records() *cli.Records {
	r := &cli.Records{Fields: []string{"way", "session", "device", "environment", "reading", "cycle",
		"position_s", "cause", "probability", "standard_error", "lower", "upper", "paths"}}
	for i := range a.timers {
		t := &a.timers[i]
		for _, reading := range a.Readings[:min(len(a.Readings), len(t.Readings))] {
			for n, s := range t.Stints {
				add := func(cause string, e estimate.Estimate) {
					r.Add(t.Name, t.Session, a.Devices[0], a.Environments[0], string(reading), n+1, s.End, cause,
						e.Value, e.StandardError, e.Lower, e.Upper, t.Paths)
				}
				for _, c := range model.TimerEnds {
					add(c.String(), t.Ended(reading, solver.AsUsed, c, s.End))
				}
				add("failure", t.Failure(reading, s.End))
				add("completed", t.Completion(reading, s.End))
			}
		}
	}
	return r
}

// first returns the case of the timer as asked.
func (a *answer) first() sweep.Case {
	session := a.scenario.Session(a.timers[0].Session)
	return sweep.Case{Session: session.ID, SessionName: session.Name, Device: a.Devices[0],
		Environment: a.Environments[0], Limit: float64(session.Limit)}
}

func (a *answer) writeJSON(w io.Writer) error {
	type way struct {
		Name       string      `json:"name"`
		Session    string      `json:"session"`
		Resign     string      `json:"resign"`
		Difference *[3]float64 `json:"failure_difference,omitempty"` // value, lower, upper
		Cycles     float64     `json:"cycles_completed"`
		Seconds    float64     `json:"session_s_completed"`
		Pauses     *float64    `json:"pauses_mean,omitempty"` // of timers that complete
		Wall       *[3]float64 `json:"wall_s,omitempty"`      // mean, 5 % and 95 % quantile
	}
	var ways []way
	for i := range a.timers {
		number, length := a.timers[i].CompletedStints(a.Readings[0])
		x := way{Name: a.timers[i].Name, Session: a.timers[i].Session,
			Resign: a.timers[i].Resign, Cycles: number.Value, Seconds: length.Value}
		if t := &a.timers[i]; t.Resign == model.ResignPause {
			mean, p5, p95 := t.Wall()
			x.Pauses, x.Wall = &t.Costs[len(t.Costs)-1].Absences.Mean.Value, &[3]float64{mean, p5, p95}
		}
		if i > 0 {
			d := a.difference(i)
			x.Difference = &[3]float64{d.Value, d.Lower, d.Upper}
		}
		ways = append(ways, x)
	}
	step := float64(a.scenario.Grid.Step)
	document := struct {
		Schema     int               `json:"schema"`
		Provenance sweep.Provenance  `json:"provenance"`
		Case       sweep.Case        `json:"case"`
		Timer      string            `json:"timer"`
		Tolerance  float64           `json:"tolerance"`
		Most       [2]int            `json:"most_cycles"`     // and the upper end
		Longest    [2]float64        `json:"longest_phase_s"` // and the upper end
		Ways       []way             `json:"ways"`
		Without    noSessionJSON     `json:"without_session"`
		Charts     table.TimerCharts `json:"charts"`
		Causes     *cli.Records      `json:"causes"`
		Map        *cli.Records      `json:"map,omitempty"`
		Menu       *cli.Records      `json:"menu,omitempty"`
	}{1, a.provenance, a.first(), a.text, a.tolerance,
		[2]int{a.caps.Most.Index, a.caps.Most.UpperIndex},
		[2]float64{float64(a.caps.Longest.Index) * step, float64(a.caps.Longest.UpperIndex) * step},
		ways, noSessionJSON{a.without.front, a.without.records()},
		chartsOf(a.scenario, a.timers, a.without, a.Readings[0],
			causesOfFailure(&a.timers[0], a.Readings[0])),
		a.records(), nil, nil}
	if a.grid != nil {
		document.Map = a.mapRecords()
	}
	if len(a.menu) > 0 {
		document.Menu = a.menuRecords()
	}
	return cli.JSON(document)(w)
}
