package plots

import (
	"errors"
	"fmt"
	"image/color"
	"io/fs"
	"math"
	"slices"
	"strings"

	"budget/plots/figure"
	"budget/sweep/store"
	"budget/sweep/uncertainty"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// KindTornado is the kind of charts in this file.
const KindTornado Kind = "tornado"

// mostQuantities is the number of quantities that a tornado shows at most.
const mostQuantities = 14

// Colours of a tornado: of the cap at the low end of a quantity and at its high one.
var (
	lowColor  = figure.SeriesColors[4]
	highColor = figure.SeriesColors[1]
)

// tornadoRow is a quantity with its texts.
type tornadoRow struct {
	uncertainty.Effect
	names []string // lines
	total string   // its share of the variance
}

// TornadoChart draws what moves a cap: for each quantity that is not known a bar from the
// cap at the low end of its range to that at the high end, all others at the scenario's
// own values, with whiskers for the interval of each difference. Beside it stands the
// quantity's share of the cap's variance, over all that is not known, where it was asked
// for. Quantities come as they are ranked; those that move nothing are left out.
func TornadoChart(h Heading, c uncertainty.CaseSensitivity, tolerance float64) (*figure.Chart, error) {
	var rows []tornadoRow
	names := vg.Length(0)
	moving := 0
	lo, hi := c.Cap, c.Cap
	for _, q := range c.Quantities {
		if q.Swing(c.Cap) == 0 {
			continue
		}
		if moving++; len(rows) == mostQuantities {
			continue
		}
		for _, bar := range []uncertainty.Bar{q.Low, q.High} {
			if !(bar.Cap >= 0) || math.IsInf(bar.Cap, 0) {
				return nil, fmt.Errorf("plots: the cap at %s %s is %g s, want a duration", q.Key, bar.Value, bar.Cap)
			}
			lo, hi = min(lo, bar.Cap, max(0, c.Cap+bar.CapChange.Lower)), max(hi, bar.Cap, c.Cap+bar.CapChange.Upper)
		}
		r := tornadoRow{Effect: q, names: []string{q.Key}}
		if q.Evidence != "" {
			r.names = append(r.names, q.Evidence)
		}
		if q.Together == 1 {
			r.total = fmt.Sprintf("%.0f %%", 100*min(max(q.OfCap.Total.Value, 0), 1))
		}
		names = max(names, figure.TextWidth(q.Key, figure.LabelSize))
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("plots: nothing that was varied moves the cap of %s", c.Session)
	}
	if moving > len(rows) {
		h.Notes = append([]string{fmt.Sprintf("The first %d of %d quantities that move the cap.", len(rows), moving)}, h.Notes...)
	}
	h.Notes = append([]string{fmt.Sprintf("The cap at %s is %s as assumed; each bar is for one quantity alone, all others as assumed.", percent(tolerance), capWords(c.Cap))}, h.Notes...)
	if c.Limit > 0 {
		hi = max(hi, min(c.Limit, 1.5*hi))
	}

	ends := vg.Length(0)
	for _, r := range rows {
		ends = max(ends, figure.TextWidth(r.Low.Value, figure.NoteSize), figure.TextWidth(r.High.Value, figure.NoteSize))
	}
	const row, gap = vg.Length(27), vg.Length(6)
	totals := vg.Length(0)
	if rows[0].Together > 0 {
		totals = figure.TextWidth("of variance", figure.NoteSize) + 8
	}
	entries := figure.Legend{
		figure.PatchEntry("cap at the low end", lowColor), figure.PatchEntry("cap at the high end", highColor),
		{Text: "interval of the difference", Width: 18, Draw: func(c draw.Canvas, mid vg.Point) { figure.DrawSpan(c, mid.X-9, mid.X+9, mid.Y) }},
		figure.PoleEntry("cap as assumed", cautiousLine),
	}
	if c.Limit > 0 && c.Limit <= 1.06*hi {
		entries = append(entries, figure.PoleEntry("documented limit", limitLine))
	}
	height := figure.ColumnHeader + vg.Length(len(rows))*row + figure.BottomMargin
	body := func(canvas draw.Canvas, r vg.Rectangle) {
		left := r.Min.X + names + gap + ends + 2*gap
		right := r.Max.X - totals - ends - 2*gap
		panel := vg.Rectangle{Min: vg.Point{X: left, Y: r.Min.Y + figure.BottomMargin}, Max: vg.Point{X: right, Y: r.Max.Y - figure.ColumnHeader}}
		p := figure.NewPlot()
		s := figure.DurationScale("Cap", hi)
		s.Lo = math.Floor(max(0, lo-0.1*(hi-lo))/60) * 60
		s.Set(&p.X)
		p.HideY()
		p.Y.Max = 1
		x := func(d float64) vg.Length { return panel.Min.X + (panel.Max.X-panel.Min.X)*vg.Length(p.X.Norm(d)) }
		for i := range rows {
			if i%2 == 0 {
				top := panel.Max.Y - vg.Length(i)*row
				figure.Fill(canvas, vg.Rectangle{Min: vg.Point{X: r.Min.X, Y: top - row}, Max: vg.Point{X: r.Max.X, Y: top}}, figure.Banded)
			}
		}
		figure.DrawPanel(canvas, p, panel)
		figure.Write(canvas, vg.Point{X: r.Min.X, Y: panel.Max.Y + 4}, "quantity", figure.NoteSize, figure.Muted, draw.XLeft, draw.YBottom)
		if totals > 0 {
			figure.Write(canvas, vg.Point{X: r.Max.X, Y: panel.Max.Y + 4}, "of variance", figure.NoteSize, figure.Muted, draw.XRight, draw.YBottom)
		}
		if c.Limit > 0 && c.Limit <= p.X.Max {
			figure.Rule(canvas, x(c.Limit), panel.Min.Y, x(c.Limit), panel.Max.Y, limitLine)
		}
		for i, q := range rows {
			y := panel.Max.Y - (vg.Length(i)+0.5)*row
			at := y + vg.Length(len(q.names)-1)*figure.NameLine/2
			for k, line := range q.names {
				size, col := figure.LabelSize, figure.Ink
				if k > 0 {
					size, col = figure.NoteSize, figure.Muted
				}
				figure.Write(canvas, vg.Point{X: r.Min.X + 2, Y: at}, line, size, col, draw.XLeft, draw.YCenter)
				at -= figure.NameLine
			}
			drawTornadoBar(canvas, x, c.Cap, q, y)
			// Each value stands at its end of the bar, outside the panel.
			lowLeft := q.Low.Cap < q.High.Cap || q.Low.Cap == q.High.Cap && q.Low.Cap <= c.Cap
			values := [2]string{q.Low.Value, q.High.Value}
			if !lowLeft {
				values[0], values[1] = values[1], values[0]
			}
			figure.Write(canvas, vg.Point{X: left - gap, Y: y}, values[0], figure.NoteSize, figure.Muted, draw.XRight, draw.YCenter)
			figure.Write(canvas, vg.Point{X: right + gap, Y: y}, values[1], figure.NoteSize, figure.Muted, draw.XLeft, draw.YCenter)
			figure.Write(canvas, vg.Point{X: r.Max.X - 2, Y: y}, q.total, figure.LabelSize, figure.Ink, draw.XRight, draw.YCenter)
		}
		figure.Rule(canvas, x(c.Cap), panel.Min.Y, x(c.Cap), panel.Max.Y, cautiousLine)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "What moves the cap at %s, %s as assumed.", percent(tolerance), capWords(c.Cap))
	for _, q := range rows {
		fmt.Fprintf(&b, " %s: %s at %s, %s at %s.", q.Key, capWords(q.Low.Cap), q.Low.Value, capWords(q.High.Cap), q.High.Value)
	}
	return figure.Sheet{Header: h.header("what moves the cap"), Legend: entries, Height: height, Body: body}.Chart(b.String()), nil
}

// drawTornadoBar draws the two sides of a bar at height y, from the cap as assumed. Where
// both ends are on one side, the nearer one lies over the other.
func drawTornadoBar(c draw.Canvas, x func(float64) vg.Length, own float64, q tornadoRow, y vg.Length) {
	bars := []struct {
		uncertainty.Bar
		col color.NRGBA
	}{{q.Low, lowColor}, {q.High, highColor}}
	if math.Abs(q.Low.Cap-own) < math.Abs(q.High.Cap-own) {
		bars[0], bars[1] = bars[1], bars[0]
	}
	for _, bar := range bars {
		from, to := x(min(own, bar.Cap)), x(max(own, bar.Cap))
		figure.Fill(c, vg.Rectangle{Min: vg.Point{X: from, Y: y - 6}, Max: vg.Point{X: to, Y: y + 6}}, bar.col)
	}
	for _, bar := range bars {
		if from, to := x(max(0, own+bar.CapChange.Lower)), x(own+bar.CapChange.Upper); to-from > 2 {
			figure.DrawSpan(c, from, to, y)
		}
	}
}

// capWords writes a cap, of which 0 is none.
func capWords(seconds float64) string {
	if seconds <= 0 {
		return "none"
	}
	return duration(seconds)
}

// DrawSensitivity makes the charts of what budget sensitivity finds, of each case in which
// anything moves the cap.
func DrawSensitivity(s *uncertainty.Sensitivity) ([]Named, error) {
	var out []Named
	several := slices.ContainsFunc(s.Cases, func(c uncertainty.CaseSensitivity) bool {
		return c.Device != s.Cases[0].Device || c.Environment != s.Cases[0].Environment
	})
	for _, found := range s.Cases {
		if !slices.ContainsFunc(found.Quantities, func(q uncertainty.Effect) bool { return q.Swing(found.Cap) > 0 }) {
			continue
		}
		c, err := TornadoChart(Heading{found.Case, []string{fmt.Sprintf("“%s” · %s paths an end · seed %d · %s reading · device %s · environment %s", s.Provenance.Scenario,
			count(s.Design.Paths), s.Provenance.Seed, s.Design.Reading, found.Device, found.Environment)}}, found, s.Design.Tolerance)
		if err != nil {
			return nil, err
		}
		name := "tornado-" + found.Session
		if several {
			name += "-" + found.Device + "-" + found.Environment
		}
		out = append(out, Named{name, c})
	}
	return out, nil
}

func drawTornado(r *store.Results, _ Choice) ([]Named, error) {
	s, err := uncertainty.ReadSensitivity(r.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Missing{KindTornado, "it takes what budget sensitivity -o leaves in the same directory"}
	}
	if err != nil {
		return nil, err
	}
	return DrawSensitivity(s)
}
