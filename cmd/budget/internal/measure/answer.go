package measure

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/sweep/measure"
)

// answer is what budget measure found.
type answer struct {
	*flags
	base      *model.Scenario
	log       *measure.Log // nil with --from-percent
	stretches measure.Stretches
	load      measure.Load
	states    []measure.State // with --split
}

// session is the length of the session whose use is printed [s].
const session = 45 * 60

// of names what was measured.
func (a *answer) of() string {
	if a.log == nil {
		return fmt.Sprintf("%s in %s", share(a.from.share), notation.Length(a.from.time))
	}
	return a.log.File
}

// watch names the watch.
func (a *answer) watch() string {
	if a.device == "fleet" {
		return "a watch of the fleet"
	}
	return "a " + a.device
}

// workloads lists the workloads of measured.toml: the whole log, and each state with a load.
func (a *answer) workloads() []measure.Workload {
	source := fmt.Sprintf("%s, on %s", a.of(), a.watch())
	list := []measure.Workload{{ID: workloadID, Like: a.like, Device: a.device, Power: a.load.Power,
		Source: source}}
	for _, x := range a.states {
		id := a.stateID(x)
		known := slices.ContainsFunc(list, func(w measure.Workload) bool { return w.ID == id })
		if x.Power.Middle > 0 && !known {
			list = append(list, measure.Workload{ID: id, Like: a.like, Device: a.device, Power: x.Power,
				Source: fmt.Sprintf("%s, %s %s", source, a.split, stateName(x))})
		}
	}
	return list
}

// stateID returns the id of the workload of a state: "measured-active".
func (a *answer) stateID(x measure.State) string {
	const longest = 40
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '-'
	}, strings.ToLower(stateName(x)))
	return workloadID + "-" + id[:min(len(id), longest)]
}

func (a *answer) page(p *cli.Page) {
	first := fmt.Sprintf("%s is %s", notation.Sentence(a.of()), powers(a.load.Power))
	if a.log != nil {
		first = fmt.Sprintf("This log uses %s: %s of the battery of %s in %s", powers(a.load.Power),
			percent(a.load.Rate*session), a.watch(), notation.Length(session))
	} else {
		first += " on " + a.watch()
	}
	p.WrapStyled(texttab.Bold, first+".")
	for _, text := range []string{a.basis(), a.sure(), a.leftOut()} {
		if text != "" {
			p.Wrap(notation.Sentence(text) + ".")
		}
	}
	if a.states != nil {
		p.Printf("\n")
		p.Table(a.stateTable())
	}
	if a.Output != "" {
		p.Wrap(fmt.Sprintf("Next: budget caps %s --workload %s",
			filepath.ToSlash(filepath.Join(a.Output, fileName)), workloadID))
	}
}

func (a *answer) stateTable() *texttab.Table {
	t := texttab.New(notation.Sentence(a.split), ">Time", ">Share of time, %", ">Power, mW",
		">95 % interval")
	total := 0.0
	for _, x := range a.states {
		total += x.Time
	}
	for _, x := range a.states {
		t.Texts(stateName(x), roughly(x.Time), strconv.FormatFloat(100*x.Time/total, 'f', 1, 64),
			milliwatt(x.Power.Middle), milliwatt(x.Power.Low)+" to "+milliwatt(x.Power.High))
	}
	return t
}

// basis says how much of the log counts.
func (a *answer) basis() string {
	if a.log == nil {
		return ""
	}
	return fmt.Sprintf("%s of discharge in %s; the level fell by %s in all",
		roughly(a.load.Time), notation.Plural(len(a.stretches.Kept), "stretch", "stretches"),
		share(math.Round(1e4*a.load.Used)/1e4))
}

// sure says what decides the width of the interval and what would narrow it.
func (a *answer) sure() string {
	gauge := fmt.Sprintf("%+.0f to %+.0f %%", 100*a.load.Known[0], 100*a.load.Known[1])
	gauge = strings.ReplaceAll(gauge, "-", "−")
	cell := a.load.CellShare
	unknown := "capacity and health of the cell"
	if a.device != "fleet" {
		unknown = "the health of the cell"
	}
	switch {
	case a.health != 0 && a.device != "fleet":
		return "the interval comes from what the gauge rounds and misses"
	case cell >= 0.5:
		return fmt.Sprintf("mostly unknown: %s (%s of the variance); with %s the interval would be %s",
			unknown, notation.Whole(cell), a.give(), gauge)
	}
	return fmt.Sprintf("mostly unknown: what the gauge rounds and misses (%s of the variance); "+
		"a longer log would narrow the interval", notation.Whole(1-cell))
}

// give names the flags that would make the cell known.
func (a *answer) give() string {
	switch {
	case a.device != "fleet":
		return "--health"
	case a.health != 0:
		return "--device"
	}
	return "--device and --health"
}

// leftOut says once what of the log does not count.
func (a *answer) leftOut() string {
	if a.log == nil {
		return ""
	}
	var parts []string
	if s := a.stretches; s.Charging > 0 {
		parts = append(parts, fmt.Sprintf("%s of charging (%s)",
			notation.Plural(s.Charging, "stretch", "stretches"), roughly(s.ChargingTime)))
	}
	if s := a.stretches; s.Gaps > 0 {
		parts = append(parts, fmt.Sprintf("%s of more than %s (%s)", notation.Plural(s.Gaps, "gap"),
			roughly(s.Gap), roughly(s.GapTime)))
	}
	if n := len(a.log.Remarks); n > 0 {
		parts = append(parts, notation.Plural(n, "unreadable row"))
	}
	if parts == nil {
		return ""
	}
	return "left out: " + strings.Join(parts, ", ")
}

func (a *answer) notes() []string {
	return []string{"In brackets: 95 % interval. Power is that of the whole watch, while it discharges."}
}

func (a *answer) explain() []string {
	var notes []string
	if a.log != nil {
		notes = append(notes, fmt.Sprintf("%s rows; the gauge's step is %s; %s came before an earlier row "+
			"and are sorted.", notation.Count(int64(len(a.log.Rows))), share(a.log.Step),
			notation.Plural(a.log.Sorted, "row")))
	}
	return append(notes, fmt.Sprintf("Drawn, with seed %d: age and health of the cell (population.age_years, "+
		"fade_per_1000), the rounding of levels, bias and noise of the gauge (gauge.bias_sd, noise_sd). "+
		"Energy goes by the open-circuit voltage, less what the cell's resistance takes at 25 °C.", a.Seed))
}

func (a *answer) records() *cli.Records {
	r := &cli.Records{Fields: []string{"workload", "device", "power_mw", "power_lower_mw",
		"power_upper_mw", "level_per_h", "time_s", "level_used", "cell_share"}}
	l := a.load
	r.Add(workloadID, a.device, 1e3*l.Power.Middle, 1e3*l.Power.Low, 1e3*l.Power.High, l.Rate*3600,
		l.Time, l.Used, l.CellShare)
	for _, x := range a.states {
		r.Add(a.stateID(x), a.device, 1e3*x.Power.Middle, 1e3*x.Power.Low, 1e3*x.Power.High, nil,
			x.Time, nil, nil)
	}
	return r
}
