package caps

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/cmd/budget/internal/texttab"
	"budget/internal/escape"
	"budget/internal/notation"
	"budget/plots"
	"budget/plots/figure"
	"budget/sweep"
)

// Sizes of a chart in text: its rows, its columns at most, and those of the labels at its sides.
const (
	chartRows             = 13
	chartMost             = 110
	chartLeft, chartRight = 9, 8
)

// textCharts draws for each case how many sessions fail by length, with its caps, in so many
// columns.
func textCharts(r *sweep.Result, reading string, columns int) string {
	var b strings.Builder
	for _, in := range r.Incidences {
		caps := slices.DeleteFunc(slices.Clone(r.Caps), func(c sweep.Cap) bool {
			return c.Case != in.Case || c.Reading != reading
		})
		if len(in.Failure) > 0 && len(caps) > 0 {
			b.WriteString(textChart(in, caps, min(columns, chartMost)))
		}
	}
	return b.String()
}

// textChart draws the failure of a case by length, on a logarithmic scale: dots for the curve, a
// line for each tolerance, and a diamond where the cap is.
func textChart(in sweep.Incidence, caps []sweep.Cap, columns int) string {
	width := max(columns-chartLeft-chartRight, 20)
	end := in.Durations[len(in.Durations)-1]
	if in.Limit > 0 && in.Limit < end {
		end = in.Limit
	}
	values := make([]float64, width)
	least, most := 1.0, 0.0
	for x := range values {
		k := slices.IndexFunc(in.Durations, func(d float64) bool {
			return d >= end*float64(x+1)/float64(width)*(1-1e-9)
		})
		values[x] = in.Failure[max(k, 0)].Value
		if in.Limit <= 0 || x < width-1 {
			most = max(most, values[x])
		}
		if values[x] > 0 {
			least = min(least, values[x])
		}
	}
	for _, c := range caps {
		least, most = min(least, c.Tolerance), max(most, c.Tolerance)
	}
	lo := max(math.Floor(math.Log10(least)+1e-9), -5)
	hi := math.Max(math.Ceil(math.Log10(most)-1e-9), lo+1)
	row := func(p float64) int { // from the top
		part := (math.Log10(max(p, 1e-12)) - lo) / (hi - lo)
		return int(math.Round((chartRows - 1) * (1 - min(max(part, 0), 1))))
	}
	cells := make([][]rune, chartRows)
	left, right := make([]string, chartRows), make([]string, chartRows)
	for i := range cells {
		cells[i] = []rune(strings.Repeat(" ", width))
	}
	for e := lo; e <= hi; e++ {
		left[row(math.Pow(10, e))] = notation.Percent(math.Pow(10, e))
	}
	for _, c := range caps {
		at := row(c.Tolerance)
		right[at] = notation.Percent(c.Tolerance)
		for x := range width {
			cells[at][x] = '┄'
		}
	}
	for x, p := range values {
		from, to := row(p), row(p)
		if x > 0 { // upright where the curve jumps
			from, to = min(from, row(values[x-1])+1), max(to, row(values[x-1])-1)
		}
		for y := max(from, 0); y <= min(to, chartRows-1); y++ {
			cells[y][x] = '•'
		}
	}
	var found []string
	for _, c := range caps {
		if c.Status.HasCap() {
			x := min(int(c.Cap/end*float64(width)), width-1)
			cells[row(c.Tolerance)][x] = '◆'
		}
		text := notation.CapReached(c.Case, c.Status, c.Cap)
		found = append(found, notation.Percent(c.Tolerance)+" "+text)
	}
	var b strings.Builder
	name := notation.Case(in.Case)
	title := plots.CapsFinding("", []string{name}, [][]sweep.Cap{caps})
	if title == "" {
		title = "too few sessions simulated for a cap"
	}
	wrap := func(text string) {
		for _, line := range texttab.Wrap(escape.Visible(text), columns) {
			fmt.Fprintln(&b, line)
		}
	}
	fmt.Fprintln(&b)
	wrap(name + ": " + title)
	fmt.Fprintln(&b)
	for y := range cells {
		line := fmt.Sprintf("%*s ┤%s %s", chartLeft-2, left[y], string(cells[y]), right[y])
		if left[y] == "" {
			line = strings.Replace(line, "┤", "│", 1)
		}
		fmt.Fprintln(&b, strings.TrimRight(line, " "))
	}
	fmt.Fprintf(&b, "%*s └%s\n", chartLeft-2, "", strings.Repeat("─", width))
	fmt.Fprintf(&b, "%*s %s\n", chartLeft-1, "", lengthScale(end, width))
	wrap("• share that fails, by length   ◆ safe cap: " + strings.Join(found, ", "))
	return b.String()
}

// lengthScale writes the marks below a chart of so many columns: 0, a round length near the middle
// where it has room, and the end [s].
func lengthScale(end float64, width int) string {
	last := notation.Length(end)
	step := figure.RoundMinutes(end)
	middle := step * math.Round(end/2/step)
	if middle <= 0 {
		middle = end / 2
	}
	text := notation.Length(middle)
	line := "0" + strings.Repeat(" ", max(int(middle/end*float64(width))-1-len(text)/2, 1)) + text
	if len(line)+2+len(last) > width {
		line = "0"
	}
	return line + strings.Repeat(" ", max(width-len(line)-len(last), 1)) + last
}
