package timer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// held is what holds: the caps of a timer, its map, and a menu.
type held struct {
	*timerFlags
	scenario *model.Scenario
	sequence model.Sequence
	caps     *sweep.TimerCaps
	grid     *sweep.TimerMap // or nil
	menu     []sweep.TimerOffer
}

// offer says how many cycles hold, of the number that the timer has.
func (h *held) offer(of int) string {
	most := h.caps.Most
	switch {
	case most.Status == estimate.Unknown:
		return sweep.CapUnknown.Name() + " to say how many cycles to offer"
	case most.Index == 0:
		return "offer none"
	case most.Index < of:
		return "offer at most " + notation.Plural(most.Index, "cycle")
	case h.sequence.Times == 0 && of == 1:
		return "the timer holds"
	case most.Index == of && of == 1:
		return "its cycle holds"
	case most.Index == of:
		return fmt.Sprintf("all %d cycles hold", of)
	case most.Status == estimate.ToHorizon:
		return fmt.Sprintf("it holds, with up to the %s that fit into a timer",
			notation.Plural(most.Index, "cycle"))
	}
	return fmt.Sprintf("it holds, with up to %s", notation.Plural(most.Index, "cycle"))
}

// longest says how long the phases may be at the timer's number of cycles.
func (h *held) longest() string {
	step, found := h.scenario.Grid.Step, h.caps.Longest
	name, holds := "The timer", "holds"
	if h.sequence.Times > 0 {
		name = notation.Plural(h.sequence.Times, "cycle")
	}
	if h.sequence.Times > 1 {
		holds = "hold"
	}
	switch {
	case found.Status == estimate.Unknown:
		return fmt.Sprintf("%s to say how long the phases may be.",
			notation.Sentence(sweep.CapUnknown.Name()))
	case found.Index == 0:
		shortest := model.Duration(sweep.LongestStep(h.sequence, step)) * step
		if shortest == h.sequence.Longest() {
			return fmt.Sprintf("Even with phases of %v the timer fails too often.", shortest)
		}
		return fmt.Sprintf("Even with %v in place of %v the timer fails too often.", shortest,
			h.sequence.Longest())
	}
	upper := notation.ToTheStep
	switch {
	case found.Status == estimate.ToHorizon:
		upper = "no longer ones fit into a timer"
	case found.UpperIndex > found.Index:
		upper = fmt.Sprintf("to %v", model.Duration(found.UpperIndex)*step)
	}
	length := model.Duration(found.Index) * step
	if length == h.sequence.Longest() {
		return fmt.Sprintf("%s %s with %v; longer phases are not sure to hold (%s).", name, holds, length,
			upper)
	}
	in := fmt.Sprintf("%v in place of %v", length, h.sequence.Longest())
	if h.inProportion {
		in += fmt.Sprintf(", all in proportion: %v", h.sequence.Lengthened(length, step, true))
	}
	return fmt.Sprintf("%s %s with %s (%s).", name, holds, in, upper)
}

// imprecise returns the error of an answer in which a cap could not be found, nil if all were.
func (h *held) imprecise() error {
	var open []string
	if h.undecided() {
		open = append(open, "which timer to offer")
	}
	if h.caps.Most.Status == estimate.Unknown {
		open = append(open, "how many cycles to offer")
	}
	if h.caps.Longest.Status == estimate.Unknown {
		open = append(open, "how long the phases may be")
	}
	if len(open) == 0 {
		return nil
	}
	return cli.Failf(cli.ExitImprecise, "precision not reached: %s to say %s; %s",
		sweep.CapUnknown.Name(), strings.Join(open, " and "), inputs.MorePaths)
}

// undecided reports whether no timer of the menu is sure to hold, though one may.
func (h *held) undecided() bool {
	may := func(o sweep.TimerOffer) bool { return o.Failure.Lower <= h.tolerance }
	return slices.ContainsFunc(h.menu, may) && !best(h.menu).Holds
}

// mapTable shows the failure by length and number of cycles.
func (h *held) mapTable() *texttab.Table {
	heads := []string{">Length"}
	for n := range h.grid.Failures[0] {
		heads = append(heads, ">"+notation.Plural(n+1, "cycle"))
	}
	out := texttab.New(heads...)
	for i, length := range h.grid.Lengths {
		row := []texttab.Cell{{Text: notation.Length(float64(length))}}
		for n, e := range h.grid.Failures[i] {
			cell := texttab.Cell{Text: notation.Chance(e.Value)}
			switch most := h.grid.Most[i].Index; {
			case n+1 == most:
				cell = texttab.Cell{Text: "*" + cell.Text, Style: texttab.Bold}
			case n+1 > most:
				cell.Style = texttab.Bad
			}
			row = append(row, cell)
		}
		out.Row(row...)
	}
	return out
}

// mapRecords lists the cells of the map.
func (h *held) mapRecords() *cli.Records {
	r := &cli.Records{Fields: []string{"length_s", "cycles", "failure", "standard_error", "lower",
		"upper", "joint_lower", "joint_upper", "session_s", "holds", "timer"}}
	if h.grid == nil {
		return r
	}
	for i, length := range h.grid.Lengths {
		longer := h.sequence.Lengthened(length, h.scenario.Grid.Step, h.inProportion)
		for n, e := range h.grid.Failures[i] {
			if longer.Times > 0 {
				longer = longer.Repeated(n + 1)
			}
			bound := h.grid.Bounds[i][n]
			r.Add(float64(length), n+1, e.Value, e.StandardError, e.Lower, e.Upper, bound.Lower,
				bound.Upper, h.grid.Times[i][n], n+1 <= h.grid.Most[i].Index, longer.String())
		}
	}
	return r
}

// best returns the timer of a menu with the most time in sessions of those that hold, else the
// one that fails least often.
func best(menu []sweep.TimerOffer) *sweep.TimerOffer {
	least := slices.MinFunc(menu, func(a, b sweep.TimerOffer) int {
		held := func(o sweep.TimerOffer) int {
			if o.Holds {
				return 0
			}
			return 1
		}
		time := func(o sweep.TimerOffer) float64 {
			if o.Holds {
				return -o.Time
			}
			return 0
		}
		return cmp.Or(cmp.Compare(held(a), held(b)), cmp.Compare(time(a), time(b)),
			cmp.Compare(a.Failure.Value, b.Failure.Value))
	})
	return &least
}

// chosen says for a session type which timer of the menu to offer.
func (h *held) chosen(name string) string {
	b, may := best(h.menu), notation.Percent(h.tolerance)
	if h.undecided() {
		return fmt.Sprintf("%s: %s to say which of these timers to offer. Of %v %s fail; %s may.", name,
			sweep.CapUnknown.Name(), b.Sequence, notation.Chance(b.Failure.Value), may)
	}
	if !b.Holds {
		return fmt.Sprintf("%s: offer none of these timers. Of %v %s fail; %s may.", name, b.Sequence,
			notation.Chance(b.Failure.Value), may)
	}
	return fmt.Sprintf("%s: offer %v, %s in sessions. Of these timers %s fail; %s may.", name, b.Sequence,
		notation.Length(b.Time), notation.Chance(b.Failure.Value), may)
}

// menuTable lists the timers of the menu.
func (h *held) menuTable() *texttab.Table {
	out := texttab.New("Timer", ">In sessions", ">Fails", "")
	b := best(h.menu)
	for i := range h.menu {
		o := &h.menu[i]
		word, style := "holds", texttab.Plain
		switch {
		case !o.Holds && o.Failure.Lower > h.tolerance:
			word, style = "fails too often", texttab.Bad
		case !o.Holds:
			word = sweep.CapUnknown.Name()
		case o.String() == b.String():
			word, style = "the longest that holds", texttab.Bold
		}
		out.Row(texttab.Cell{Text: o.String(), Style: style},
			texttab.Cell{Text: notation.Length(o.Time), Style: style},
			texttab.Cell{Text: notation.Chance(o.Failure.Value), Style: style},
			texttab.Cell{Text: word, Style: style})
	}
	return out
}

// menuRecords lists the timers of the menu.
func (h *held) menuRecords() *cli.Records {
	r := &cli.Records{Fields: []string{"timer", "session_s", "failure", "standard_error", "lower",
		"upper", "holds"}}
	for i := range h.menu {
		o := &h.menu[i]
		r.Add(o.String(), o.Time, o.Failure.Value, o.Failure.StandardError, o.Failure.Lower,
			o.Failure.Upper, o.Holds)
	}
	return r
}
