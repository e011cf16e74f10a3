package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/sweep"
	"budget/sweep/store"
	"budget/sweep/uncertainty"
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

// Sizes of the parts of a tornado.
const (
	tornadoRow = vg.Length(27)
	tornadoGap = vg.Length(6)
)

// TornadoChart draws what moves a cap: for each uncertain quantity a bar from the cap at the
// low end of its range to that at the high end, all others at the scenario's own values,
// with whiskers for the interval of each difference. Beside it stands the quantity's share
// of the cap's variance, over all that is uncertain, where it was asked for. Quantities come
// as they are ranked; those that move nothing are left out.
func TornadoChart(h Heading, c uncertainty.CaseSensitivity, tolerance float64) (*Chart, error) {
	moving := slices.DeleteFunc(slices.Clone(c.Quantities), func(q uncertainty.Effect) bool {
		return q.Swing(c.Cap) == 0
	})
	if len(moving) == 0 {
		return nil, wrong("nothing that was varied moves the cap of %s", c.Session)
	}
	rows := moving[:min(len(moving), mostQuantities)]
	lo, hi := c.Cap, c.Cap
	names, ends := vg.Length(0), vg.Length(0)
	var b strings.Builder
	fmt.Fprintf(&b, "What moves the cap at %s, %s as assumed.", notation.Percent(tolerance),
		notation.CapLength(c.Case, c.Cap))
	for _, q := range rows {
		for _, bar := range []uncertainty.Bar{q.Low, q.High} {
			if !isDuration(bar.Cap) {
				return nil, wrong("the cap at %s %s is %g s, want a duration", q.Key, bar.Value, bar.Cap)
			}
			lo = min(lo, bar.Cap, max(0, c.Cap+bar.CapChange.Lower))
			hi = max(hi, bar.Cap, c.Cap+bar.CapChange.Upper)
		}
		names = max(names, figure.Label.Width(q.Key))
		ends = max(ends, figure.Note.Width(q.Low.Value, q.High.Value))
		fmt.Fprintf(&b, " %s: %s at %s, %s at %s.", q.Key, notation.CapLength(c.Case, q.Low.Cap),
			q.Low.Value, notation.CapLength(c.Case, q.High.Cap), q.High.Value)
	}
	notes := []string{fmt.Sprintf("The cap at %s is %s as assumed; "+
		"each bar varies one input alone, all others as assumed.",
		notation.Percent(tolerance), notation.CapLength(c.Case, c.Cap))}
	if len(moving) > len(rows) {
		notes = append(notes,
			fmt.Sprintf("%d of the %d inputs that move the cap shown.", len(rows), len(moving)))
	}
	if c.Limit > 0 {
		hi = max(hi, min(c.Limit, 1.5*hi))
	}
	x := capScale("Cap", hi)
	x.Lo = math.Floor(max(0, lo-0.1*(hi-lo))/60) * 60
	limit := c.Limit > 0 && c.Limit <= x.Hi
	const variance = "of variance"
	totals := vg.Length(0)
	if rows[0].Together > 0 {
		totals = figure.Note.Width(variance) + 8
	}
	entries := figure.Legend{
		figure.PatchEntry("cap at the low end", lowColor),
		figure.PatchEntry("cap at the high end", highColor),
		figure.NewEntry("interval of the difference", 18, func(c draw.Canvas, mid vg.Point) {
			figure.DrawSpan(c, mid.X-9, mid.X+9, mid.Y)
		}),
		figure.PoleEntry("cap as assumed", cautiousLine),
	}
	explain(&entries, limit, figure.PoleEntry(notation.LimitName(c.Case), limitLine))
	body := func(canvas draw.Canvas, r vg.Rectangle) {
		left := r.Min.X + names + tornadoGap + ends + 2*tornadoGap
		right := r.Max.X - totals - ends - 2*tornadoGap
		top := r.Max.Y - figure.ColumnHeader
		tornadoRow := (top - r.Min.Y - figure.BottomMargin) / vg.Length(len(rows))
		for i := 0; i < len(rows); i += 2 {
			y := top - vg.Length(i)*tornadoRow
			figure.Fill(canvas, figure.Box(r.Min.X, y-tornadoRow, r.Max.X, y), figure.Banded)
		}
		area := figure.Box(left, r.Min.Y+figure.BottomMargin, right, top)
		frame := figure.Panel{X: x}.Draw(canvas, area)
		figure.Note.Write(canvas, r.Min.X, top+4, "input", figure.LeftFoot)
		if totals > 0 {
			figure.Note.Write(canvas, r.Max.X, top+4, variance, figure.RightFoot)
		}
		if limit {
			frame.Pole(canvas, c.Limit, limitLine)
		}
		for i, q := range rows {
			y := top - (vg.Length(i)+0.5)*tornadoRow
			if q.Evidence == "" {
				figure.Label.Write(canvas, r.Min.X+2, y, q.Key, figure.Left)
			} else {
				figure.Label.Write(canvas, r.Min.X+2, y+figure.NameLine/2, q.Key, figure.Left)
				figure.Note.Write(canvas, r.Min.X+2, y-figure.NameLine/2, q.Evidence, figure.Left)
			}
			drawTornadoBar(canvas, frame, c.Cap, q, y)
			// Each value stands at its end of the bar, outside the panel.
			first, second := q.Low.Value, q.High.Value
			if q.Low.Cap > q.High.Cap || q.Low.Cap == q.High.Cap && q.Low.Cap > c.Cap {
				first, second = second, first
			}
			figure.Note.Write(canvas, left-tornadoGap, y, first, figure.Right)
			figure.Note.Write(canvas, right+tornadoGap, y, second, figure.Left)
			total := ""
			if q.Together == 1 {
				total = notation.Whole(q.OfCap.Total.Value)
			}
			figure.Label.Write(canvas, r.Max.X-2, y, total, figure.Right)
		}
		frame.Pole(canvas, c.Cap, cautiousLine)
	}
	height := figure.ColumnHeader + vg.Length(len(rows))*tornadoRow + figure.BottomMargin
	header := h.Header(tornadoFinding(c, rows[0], tolerance), notes...)
	return figure.Sheet{Header: header, Legend: entries,
		Lay: figure.Fixed(height, body)}.Chart(b.String()), nil
}

// tornadoFinding says how far the quantity that moves the cap most moves it.
func tornadoFinding(c uncertainty.CaseSensitivity, q uncertainty.Effect, tolerance float64) string {
	return fmt.Sprintf("%s moves the cap at %s most, from %s to %s", q.Key,
		notation.Percent(tolerance), notation.CapLength(c.Case, min(c.Cap, q.Low.Cap, q.High.Cap)),
		notation.CapLength(c.Case, max(c.Cap, q.Low.Cap, q.High.Cap)))
}

// drawTornadoBar draws the two sides of a bar at height y, from the cap as assumed. Where
// both ends are on one side, the nearer one lies over the other.
func drawTornadoBar(c draw.Canvas, frame figure.Frame, own float64, q uncertainty.Effect,
	y vg.Length) {
	bars := []struct {
		uncertainty.Bar
		col color.NRGBA
	}{{q.Low, lowColor}, {q.High, highColor}}
	if math.Abs(q.Low.Cap-own) < math.Abs(q.High.Cap-own) {
		bars[0], bars[1] = bars[1], bars[0]
	}
	for _, bar := range bars {
		from, to := frame.At(min(own, bar.Cap)), frame.At(max(own, bar.Cap))
		figure.Fill(c, figure.Box(from, y-barHalf, to, y+barHalf), bar.col)
	}
	for _, bar := range bars {
		from, to := frame.At(max(0, own+bar.CapChange.Lower)), frame.At(own+bar.CapChange.Upper)
		if to-from > 2 {
			figure.DrawSpan(c, from, to, y)
		}
	}
}

// DrawSensitivity makes the charts of what budget sensitivity finds, of each case in which
// anything moves the cap.
func DrawSensitivity(s *uncertainty.Sensitivity) ([]Named, error) {
	var out []Named
	for _, found := range s.Cases {
		if !slices.ContainsFunc(found.Quantities, func(q uncertainty.Effect) bool {
			return q.Swing(found.Cap) > 0
		}) {
			continue
		}
		p, d := s.Provenance, s.Design
		small := fmt.Sprintf("“%s” · %s paths an end · seed %d · %s · "+
			"device %s · environment %s", p.Scenario, notation.Count(d.Paths), p.Seed,
			notation.Grants(d.Reading), found.Device, found.Environment)
		c, err := TornadoChart(Heading{Case: found.Case, Foot: []string{small}}, found, d.Tolerance)
		if err != nil {
			return nil, err
		}
		name := caseName(KindTornado, found.Case, s.Cases,
			func(c uncertainty.CaseSensitivity) sweep.Case { return c.Case })
		out = append(out, Named{name, c})
	}
	return out, nil
}

func drawTornado(r *store.Results, _ Choice) ([]Named, error) {
	s, err := beside(r, uncertainty.SensitivityFile, uncertainty.ReadSensitivity,
		func(s *uncertainty.Sensitivity) sweep.Provenance { return s.Provenance }, LackSensitivity,
		"there is no sensitivity analysis beside the results")
	if err != nil {
		return nil, err
	}
	return DrawSensitivity(s)
}
