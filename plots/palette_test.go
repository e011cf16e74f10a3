package plots

import (
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"budget/plots/figure"
)

// colorVision holds matrices on linear RGB that simulate complete loss of one
// kind of cone: Machado, Oliveira and Fernandes 2009, table for severity 1.0.
var colorVision = map[string][3][3]float64{
	"full": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia": {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216},
		{-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413},
		{-0.011820, 0.042940, 0.968881}},
	"tritanopia": {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602},
		{0.004733, 0.691367, 0.303900}},
}

// lab returns the CIE L*a*b* coordinates (D65) of a colour as it appears to a
// kind of vision.
func lab(c color.NRGBA, vision [3][3]float64) (l, a, b float64) {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	rgb := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	var seen [3]float64
	for i, row := range vision {
		seen[i] = min(max(row[0]*rgb[0]+row[1]*rgb[1]+row[2]*rgb[2], 0), 1)
	}
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124*seen[0] + 0.3576*seen[1] + 0.1805*seen[2]) / 0.9505)
	y := f(0.2126*seen[0] + 0.7152*seen[1] + 0.0722*seen[2])
	z := f((0.0193*seen[0] + 0.1192*seen[1] + 0.9505*seen[2]) / 1.089)
	return 116*y - 16, 500 * (x - y), 200 * (y - z)
}

func TestStackColorsDiffer(t *testing.T) {
	t.Parallel()
	// A difference of 2.3 is just noticeable between large patches; thin
	// areas apart from their legend need several times that. Any two areas can
	// become neighbours where the ones between them are empty.
	const (
		anyPair       = 18.0
		neighbours    = 24.0
		neighboursInL = 12.0
	)
	type entry struct {
		name  string
		color color.NRGBA
	}
	var stack []entry
	for _, cause := range stackOrder {
		stack = append(stack, entry{cause.String(), causeColors[cause]})
	}
	stack = append(stack, entry{"survival", survivalColor})
	eachSight(func(name string, vision [3][3]float64, shown func(color.NRGBA) color.NRGBA,
		dim float64) {
		anyPair, neighbours, neighboursInL := anyPair*dim, neighbours*dim, neighboursInL*dim
		for i, p := range stack {
			for j, q := range stack[i+1:] {
				l1, a1, b1 := lab(shown(p.color), vision)
				l2, a2, b2 := lab(shown(q.color), vision)
				d := math.Sqrt((l1-l2)*(l1-l2) + (a1-a2)*(a1-a2) + (b1-b2)*(b1-b2))
				pair := fmt.Sprintf("%s: %s and %s", name, p.name, q.name)
				if d < anyPair {
					t.Errorf("%s differ by %.1f, want %g", pair, d, anyPair)
				}
				// Greys differ in lightness only, and have a white line between.
				grey := p.color.R == p.color.G && q.color.R == q.color.G && p.color.G == p.color.B &&
					q.color.G == q.color.B
				if j == 0 && d < neighbours && !grey {
					t.Errorf("%s are neighbours and differ by %.1f, want %g", pair, d, neighbours)
				}
				if j == 0 && math.Abs(l1-l2) < neighboursInL {
					t.Errorf("%s are neighbours and differ in lightness by %.1f, want %g", pair,
						math.Abs(l1-l2), neighboursInL)
				}
			}
		}
	})
}

// eachSight calls a function for each kind of vision in both themes. Dark colours are nearer to one
// another: by the part dim.
func eachSight(do func(name string, vision [3][3]float64, shown func(color.NRGBA) color.NRGBA,
	dim float64)) {
	same := func(c color.NRGBA) color.NRGBA { return c }
	for name, vision := range colorVision {
		do(name+" vision", vision, same, 1)
		do(name+" vision in the dark", vision, figure.InDark, 0.44)
	}
}

// TestToldApartInGrey: any two curves or markers that may stand in one chart differ in lightness,
// or in dashes or shape.
func TestToldApartInGrey(t *testing.T) {
	t.Parallel()
	const apart = 8.0 // of 100
	type mark struct {
		name  string
		color color.NRGBA
		form  string // dashes or shape
	}
	charts := map[string][]mark{}
	for i := range mostScenarios {
		s := figure.NewSeries(i, "")
		charts["categories"] = append(charts["categories"], mark{fmt.Sprint(i), s.Color,
			fmt.Sprint(s.Dashes)})
	}
	for n := 2; n <= mostScenarios; n++ {
		of := fmt.Sprintf("%d in order", n)
		for i := range n {
			s := figure.NewOrdered(i, n, "")
			charts[of] = append(charts[of], mark{fmt.Sprint(i), s.Color, fmt.Sprint(s.Dashes)})
		}
	}
	for _, tolerance := range []float64{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2} {
		col, shape := figure.OfTolerance(tolerance)
		charts["tolerances"] = append(charts["tolerances"], mark{fmt.Sprint(tolerance), col,
			fmt.Sprint(shape)})
	}
	for of, marks := range charts {
		for i, p := range marks {
			for _, q := range marks[:i] {
				for theme, shown := range map[string]func(color.NRGBA) color.NRGBA{
					"light": func(c color.NRGBA) color.NRGBA { return c }, "dark": figure.InDark} {
					l1, _, _ := lab(shown(p.color), colorVision["full"])
					l2, _, _ := lab(shown(q.color), colorVision["full"])
					if d := math.Abs(l1 - l2); d < apart && p.form == q.form {
						t.Errorf("%s, %s: %s and %s differ in lightness by %.1f, want %g", of, theme, q.name,
							p.name, d, apart)
					}
				}
			}
		}
	}
}

// TestToleranceKeepsItsColour: a tolerance looks the same whatever others are in the chart.
func TestToleranceKeepsItsColour(t *testing.T) {
	t.Parallel()
	col, _ := figure.OfTolerance(0.01)
	for _, tolerances := range [][]float64{{0.01}, {0.001, 0.01}, {0.01, 0.05, 0.2}} {
		c, err := LoadChart(headingOf(mindfulnessCase), "x", "", frontiersSample(tolerances...))
		if err != nil {
			t.Fatal(err)
		}
		svg, err := svgOf(c)
		hex := fmt.Sprintf("#%02X%02X%02X", col.R, col.G, col.B)
		if err != nil || !strings.Contains(string(svg), hex) {
			t.Errorf("%v: the chart does not have the colour %s of 1 %% (%v)", tolerances, hex, err)
		}
	}
}

// luminance returns the relative luminance of a colour.
func luminance(c color.NRGBA) float64 {
	l, _, _ := lab(c, colorVision["full"])
	return math.Pow((l+16)/116, 3)
}

func TestTextContrast(t *testing.T) {
	t.Parallel()
	// WCAG 2.2: 4.5 to 1 for text. Rows of a caps chart stand on a band.
	for name, c := range map[string]color.NRGBA{"ink": figure.Ink, "muted": figure.Muted,
		"documented": documentedColor} {
		if ratio := (luminance(figure.Banded) + 0.05) / (luminance(c) + 0.05); ratio < 4.5 {
			t.Errorf("%s on a band has a contrast of %.1f, want 4.5", name, ratio)
		}
	}
}

// TestSeriesColorsDiffer: any two curves of a chart differ in colour for every kind of
// vision; those that are hardest to tell apart differ in dashes besides.
func TestSeriesColorsDiffer(t *testing.T) {
	t.Parallel()
	const (
		anyPair    = 15.0
		sameDashes = 20.0
	)
	for name, vision := range colorVision {
		for i, p := range figure.SeriesColors {
			for j := range i {
				l1, a1, b1 := lab(p, vision)
				l2, a2, b2 := lab(figure.SeriesColors[j], vision)
				d := math.Sqrt((l1-l2)*(l1-l2) + (a1-a2)*(a1-a2) + (b1-b2)*(b1-b2))
				want := anyPair
				if i%len(figure.SeriesDashes) == j%len(figure.SeriesDashes) {
					want = sameDashes
				}
				if d < want {
					t.Errorf("%s vision: curves %d and %d differ by %.1f, want %g", name, j, i, d, want)
				}
			}
		}
	}
}

// TestSequenceRises: longer caps are lighter, by nearly even steps, for every kind of
// vision, and texts on them can be read.
func TestSequenceRises(t *testing.T) {
	t.Parallel()
	const steps = 20
	for name, vision := range colorVision {
		first, _, _ := lab(figure.Along(0), vision)
		last, _, _ := lab(figure.Along(1), vision)
		before := first
		for k := 1; k <= steps; k++ {
			l, _, _ := lab(figure.Along(float64(k)/steps), vision)
			if even := (last - first) / steps; l-before < 0.5*even || l-before > 1.6*even {
				t.Errorf("%s vision: step %d is %.1f lighter, want about %.1f", name, k, l-before, even)
			}
			before = l
		}
	}
	for k := range steps + 1 {
		ground := figure.Along(float64(k) / steps)
		a, b := luminance(ground)+0.05, luminance(figure.Readable(ground))+0.05
		// Where white and ink do equally well, neither has more than 4.2 to 1.
		if ratio := max(a, b) / min(a, b); ratio < 4 {
			t.Errorf("text at %g of the sequence has a contrast of %.1f, want 4", float64(k)/steps, ratio)
		}
	}
}
