package plots

import (
	"image"
	"image/color"
	"math"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/model"
	"budget/plots/figure"
	"budget/sweep"
)

// TestMain collects garbage late: of many charts that takes a sixth of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// textBoxes is a canvas that keeps only where texts go.
type textBoxes struct {
	size   vg.Point
	angles []float64
	texts  []string
	boxes  []vg.Rectangle
}

func (c *textBoxes) Size() (w, h vg.Length)             { return c.size.X, c.size.Y }
func (c *textBoxes) SetLineWidth(vg.Length)             {}
func (c *textBoxes) SetLineDash([]vg.Length, vg.Length) {}
func (c *textBoxes) SetColor(color.Color)               {}
func (c *textBoxes) Translate(vg.Point) {
	panic("text positions would need a transform")
}
func (c *textBoxes) Scale(x, y float64) {
	panic("text positions would need a transform")
}
func (c *textBoxes) Stroke(vg.Path)                      {}
func (c *textBoxes) Fill(vg.Path)                        {}
func (c *textBoxes) DrawImage(vg.Rectangle, image.Image) {}
func (c *textBoxes) Push() {
	c.angles = append(c.angles, c.angles[len(c.angles)-1])
}
func (c *textBoxes) Pop()             { c.angles = c.angles[:len(c.angles)-1] }
func (c *textBoxes) Rotate(a float64) { c.angles[len(c.angles)-1] += a }
func (c *textBoxes) FillString(f font.Face, at vg.Point, s string) {
	// Capitals of Liberation Sans are 0.73 em high, descenders 0.21 em deep.
	w, up, down := f.Width(s), 0.73*f.Font.Size, 0.21*f.Font.Size
	box := vg.Rectangle{Min: vg.Point{X: at.X, Y: at.Y - down}, Max: vg.Point{X: at.X + w, Y: at.Y +
		up}}
	if c.angles[len(c.angles)-1] != 0 { // a quarter turn: axis labels
		box = vg.Rectangle{Min: vg.Point{X: -at.Y - up, Y: at.X}, Max: vg.Point{X: -at.Y + down, Y: at.X +
			w}}
	}
	c.texts = append(c.texts, s)
	c.boxes = append(c.boxes, box)
}

// checkTexts fails if texts of a chart overlap or leave it.
func checkTexts(t *testing.T, c *figure.Chart) []string {
	t.Helper()
	w, h := c.Size()
	canvas := &textBoxes{size: vg.Point{X: w, Y: h}, angles: []float64{0}}
	c.Draw(draw.New(canvas))
	for i, a := range canvas.boxes {
		if a.Min.X < 0 || a.Min.Y < 0 || a.Max.X > w || a.Max.Y > h {
			t.Errorf("%q at %v leaves the chart of %v by %v", canvas.texts[i], a, w, h)
		}
		for j, b := range canvas.boxes[:i] {
			if a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y {
				t.Errorf("%q and %q overlap: %v and %v", canvas.texts[j], canvas.texts[i], b, a)
			}
		}
	}
	return canvas.texts
}

// incidenceCases are tables that stretch the layout of an incidence chart.
func incidenceCases() map[string]func() (sweep.Incidence, []sweep.Cap) {
	alarm := interpolate(alarmCase, smartAlarm, 5, 2700, 1)
	workoutCase := sweep.Case{Session: "workout", SessionName: "Workout (HKWorkoutSession)",
		Device: "s9-45", Environment: "summer"}
	return map[string]func() (sweep.Incidence, []sweep.Cap){
		"mindfulness": mindfulnessSample,
		"no caps":     func() (sweep.Incidence, []sweep.Cap) { return alarm, nil },
		"never met": func() (sweep.Incidence, []sweep.Cap) {
			return alarm, readCaps(alarm, cautious, 1e-6, 1e-5, 1e-4)
		},
		"many caps": func() (sweep.Incidence, []sweep.Cap) {
			caps := readCaps(alarm, cautious, 0.0001, 0.0011, 0.0012, 0.002, 0.005, 0.01, 0.02, 0.05)
			for _, tolerance := range []float64{0.0001, 0.0011, 0.0012, 0.002, 0.005} {
				caps = append(caps, withCap(alarmCase, documented, tolerance, 1790, 1790, sweep.CapImprecise))
			}
			return alarm, caps
		},
		"no limit, to 4 h": func() (sweep.Incidence, []sweep.Cap) {
			in := interpolate(workoutCase, mindfulness, 60, 14400, 1.4)
			return in, append(readCaps(in, cautious, 0.0011, 0.0012, 0.05), withCap(workoutCase, documented,
				0.0012, 10, 15, sweep.CapMet))
		},
		"limit beyond": func() (sweep.Incidence, []sweep.Cap) {
			return interpolate(mindfulnessCase, mindfulness, 60, 1200, 1), nil
		},
		"one duration": func() (sweep.Incidence, []sweep.Cap) {
			return interpolate(mindfulnessCase, mindfulness, 1800, 1800, 1), nil
		},
		"under two minutes": func() (sweep.Incidence, []sweep.Cap) {
			return interpolate(alarmCase, smartAlarm, 5, 100, 1), nil
		},
		"nothing ever ends": func() (sweep.Incidence, []sweep.Cap) {
			none := []knot{{0, [9]float64{}}, {100, [9]float64{}}}
			in := interpolate(sweep.Case{Session: "idle"}, none, 60, 3600, 1)
			return in, readCaps(in, cautious, 0.01)
		},
		"long names": func() (sweep.Incidence, []sweep.Cap) {
			c := mindfulnessCase
			c.SessionName = strings.Repeat("Méditation guidée ", 8)
			c.Device = strings.Repeat("a watch of a very long name ", 8)
			return interpolate(c, mindfulness, 60, 3600, 1), nil
		},
	}
}

func TestIncidenceChartTexts(t *testing.T) {
	t.Parallel()
	for name, table := range incidenceCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, caps := table()
			c, err := IncidenceChart(in, model.Failures, caps)
			if err != nil {
				t.Fatal(err)
			}
			checkTexts(t, c)
			if _, err := svgOf(c); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestIncidenceChartSaysWhatMatters(t *testing.T) {
	t.Parallel()
	in, caps := mindfulnessSample()
	other := withCap(alarmCase, cautious, 0.015, 1000, 1000, sweep.CapMet)
	c, err := IncidenceChart(in, model.Failures, append(caps, other))
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(checkTexts(t, c), "\n")
	for _, want := range []string{"Mindfulness", "Device: fleet", "environment: mix",
		"estimator: weights", "384 000 paths",
		"inputs are assumptions", "1 %: 47 min 5 s", "2 %: 59 min 50 s (if grants are never cut)",
		"Mindfulness: at most 1 in 100 fail up to 47 min 5 s",
		"documented limit: 60 min", "still running",
		"power-off", "Session length (minutes)"} {
		if !strings.Contains(all, want) {
			t.Errorf("the chart does not say %q", want)
		}
	}
	if strings.Contains(all, "1.5 %:") {
		t.Error("the chart shows a cap of another case")
	}
}

func TestNegligibleCausesAreLeftOut(t *testing.T) {
	t.Parallel()
	in := interpolate(alarmCase, smartAlarm, 60, 1200, 1)
	for k := range in.Durations {
		p := &in.Ended[model.PowerOff][k]
		in.Survival[k].Value += p.Value - 9e-7
		p.Value = 9e-7
	}
	c, err := IncidenceChart(in, model.Failures, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(checkTexts(t, c), "\n")
	if strings.Contains(all, "power-off") || strings.Contains(all, "resigned") {
		t.Errorf("the legend lists a cause that ends fewer than one in a million:\n%s", all)
	}
}

// capsCases are tables that stretch the layout of a caps chart.
func capsCases() map[string][]sweep.Cap {
	var never, devices, many []sweep.Cap
	for i, c := range catalogSample() {
		c.Status, c.Cap, c.CapUpper = sweep.CapNever, 0, 0
		if c.Reading == documented && i%2 == 0 {
			c.Status = sweep.CapUnknown
		}
		never = append(never, c)
	}
	for _, device := range []string{"se2-40", "s9-45", "ultra2-49"} {
		c := mindfulnessCase
		c.Device, c.Environment = device, "environment "+device
		devices = append(devices, withCap(c, cautious, 0.01, 2870, math.Inf(1), sweep.CapMet))
	}
	for i := range 9 {
		many = append(many, withCap(alarmCase, cautious, 0.001*float64(i+1), 600+100*float64(i), 0,
			sweep.CapMet))
	}
	return map[string][]sweep.Cap{
		"eight sessions": catalogSample(),
		"one":            {withCap(alarmCase, cautious, 0.01, 1440, 1450, sweep.CapMet)},
		"never met":      never,
		"devices":        devices,
		"nine":           many,
		"10 min to 4 h": {
			withCap(alarmCase, cautious, 0.01, 600, 600, sweep.CapMet),
			withCap(mindfulnessCase, cautious, 0.01, 14400, 14400, sweep.CapHorizon),
		},
	}
}

func TestCapsChartTexts(t *testing.T) {
	t.Parallel()
	for name, caps := range capsCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := CapsChart(caps)
			if err != nil {
				t.Fatal(err)
			}
			checkTexts(t, c)
		})
	}
}

// TestWrapBreaksLongWords: no line is wider than asked, whatever its words are, and nothing
// but spaces is lost.
func TestCapsChartSaysWhatMatters(t *testing.T) {
	t.Parallel()
	c, err := CapsChart(catalogSample())
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(checkTexts(t, c), "\n")
	for _, want := range []string{"none", "too few sessions simulated", "at least 4 h",
		"~ 18 min 50 s", "same", "47 min 5 s", "no documented limit"} {
		if !strings.Contains(all, want) {
			t.Errorf("the chart does not say %q", want)
		}
	}
}

func TestBadIncidence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		want  string
		spoil func(*sweep.Incidence)
	}{
		{"no session", func(in *sweep.Incidence) { in.Session, in.SessionName = "", "" }},
		{"are no durations", func(in *sweep.Incidence) { in.Durations = nil }},
		{"do not ascend", func(in *sweep.Incidence) { in.Durations[3] = in.Durations[2] }},
		{"want a positive one", func(in *sweep.Incidence) { in.Durations[0] = math.NaN() }},
		{"limit is NaN", func(in *sweep.Incidence) { in.Limit = math.NaN() }},
		{"8 causes, want 9", func(in *sweep.Incidence) { in.Ended = in.Ended[:8] }},
		{"error has 19 values for 20", func(in *sweep.Incidence) {
			in.Ended[model.Errored] = in.Ended[model.Errored][1:]
		}},
		{"survival has 19 values", func(in *sweep.Incidence) { in.Survival = in.Survival[1:] }},
		{"failure has 0 values", func(in *sweep.Incidence) { in.Failure = nil }},
		{"refused value 2 is NaN", func(in *sweep.Incidence) {
			in.Ended[model.Refused][2].Value = math.NaN()
		}},
		{"failure value 1 is 1.5", func(in *sweep.Incidence) { in.Failure[1].Upper = 1.5 }},
		{"sum to 0.", func(in *sweep.Incidence) { in.Survival[4].Value -= 0.1 }},
		{"19 path counts", func(in *sweep.Incidence) { in.Paths = in.Paths[1:] }},
	} {
		in := interpolate(mindfulnessCase, mindfulness, 60, 1200, 1)
		test.spoil(&in)
		c, err := IncidenceChart(in, model.Failures, nil)
		if c != nil || err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got error %v, want one that says %q", err, test.want)
		}
	}
}

func TestBadCaps(t *testing.T) {
	t.Parallel()
	if _, err := CapsChart(nil); err == nil || !strings.Contains(err.Error(), "no caps") {
		t.Errorf("no caps: got error %v", err)
	}
	good := withCap(alarmCase, cautious, 0.01, 1440, 1450, sweep.CapMet)
	in := interpolate(alarmCase, smartAlarm, 60, 1200, 1)
	for _, test := range []struct {
		want  string
		spoil func(*sweep.Cap)
	}{
		{"no session", func(c *sweep.Cap) { c.Session, c.SessionName = "", "" }},
		{"tolerance is not", func(c *sweep.Cap) { c.Tolerance = math.NaN() }},
		{"confidence 1 is not", func(c *sweep.Cap) { c.Confidence = 1 }},
		{`unknown reading "hopeful"`, func(c *sweep.Cap) { c.Reading = "hopeful" }},
		{"limit is -1", func(c *sweep.Cap) { c.Limit = -1 }},
		{"the cap is 0 s", func(c *sweep.Cap) { c.Cap = 0 }},
		{"the cap is NaN s", func(c *sweep.Cap) { c.Cap = math.NaN() }},
		{"before the cap", func(c *sweep.Cap) { c.CapUpper = 1000 }},
		{`unknown status "maybe"`, func(c *sweep.Cap) { c.Status = "maybe" }},
		{"appears twice", func(*sweep.Cap) {}},
	} {
		bad := good
		test.spoil(&bad)
		for name, draw := range map[string]func([]sweep.Cap) (*figure.Chart, error){
			"caps": func(caps []sweep.Cap) (*figure.Chart, error) { return CapsChart(caps) },
			"incidence": func(caps []sweep.Cap) (*figure.Chart, error) {
				return IncidenceChart(in, model.Failures, caps)
			},
		} {
			c, err := draw([]sweep.Cap{good, bad})
			if c != nil || err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: got error %v, want one that says %q", name, err, test.want)
			}
		}
	}
}

func TestMagnifiedMax(t *testing.T) {
	t.Parallel()
	in, caps := mindfulnessSample()
	for _, test := range []struct {
		name string
		caps []sweep.Cap
		want float64
	}{
		{"a quarter above the largest tolerance", caps, 0.025},
		{"above the failures that are no expiry", nil, 0.01},
		{"not far above a small tolerance", readCaps(in, cautious, 0.001), 0.0025},
	} {
		if got := magnifiedMax(in, model.Failures, test.caps); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%s: got %g, want %g", test.name, got, test.want)
		}
	}
}
