package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/model"
	"budget/plots/figure"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/store"
)

// heading is the small print of sample charts.
func headingOf(c sweep.Case) Heading {
	small := "“Sample” · 12 cells, 200 000 paths each · seed 1 · grants may be cut short"
	return Heading{Case: c, Foot: []string{small}}
}

// scenariosSample is the failure of a few scenarios, each half as rare as the one before.
func scenariosSample(n int) []Scenario {
	var out []Scenario
	for i := range n {
		in := interpolate(mindfulnessCase, mindfulness, 300, 4500, 1.75)
		s := Scenario{Name: fmt.Sprintf("%d °C", 10*i), Limit: in.Limit, Durations: in.Durations}
		for _, p := range in.Failure {
			part := math.Pow(0.5, float64(i))
			s.Failure = append(s.Failure, estimate.Estimate{Value: part * p.Value,
				Interval: estimate.Interval{Lower: part * p.Lower, Upper: part * p.Upper}})
		}
		s.Caps = readCaps(sweep.Incidence{Case: in.Case, Durations: in.Durations, Failure: s.Failure,
			Paths: in.Paths}, cautious, 0.001, 0.01, 0.05)
		out = append(out, s)
	}
	return out
}

// tradeOffSample is a cap that grows with the tolerance, until it meets the limit.
func tradeOffSample(names ...string) []TradeOff {
	var out []TradeOff
	for i, name := range names {
		s := TradeOff{Name: name}
		for _, t := range tradeOffs(0.001, 0.2) {
			d := min(5*math.Floor(600*math.Log(t/0.0005)/float64(i+1)/5), 3590)
			c := withCap(mindfulnessCase, cautious, t, d, min(1.1*d, 3590), sweep.CapMet)
			if t < 0.0012 {
				c = withCap(mindfulnessCase, cautious, t, 0, 0, sweep.CapUnknown)
			}
			s.Caps = append(s.Caps, c)
		}
		out = append(out, s)
	}
	return out
}

// frontiersSample is a cap that falls with the load.
func frontiersSample(tolerances ...float64) []Frontier {
	var out []Frontier
	for _, t := range tolerances {
		f := Frontier{Tolerance: t}
		for i := range 6 {
			d := math.Floor(3600 * (1 + math.Log10(t*100)/4) / (1 + 0.4*float64(i)))
			c := withCap(mindfulnessCase, cautious, t, d, 1.08*d, sweep.CapMet)
			if i == 5 {
				c = withCap(mindfulnessCase, cautious, t, 0, 0, sweep.CapNever)
			}
			f.Load, f.Caps = append(f.Load, 40+33.3*float64(i)), append(f.Caps, c)
		}
		out = append(out, f)
	}
	return out
}

// mapSample is a cap that falls with cold and with an empty battery, with cells of every
// kind.
func mapSample(nx, ny int) CapMap {
	m := CapMap{Heading: headingOf(mindfulnessCase), Tolerance: 0.01, X: Levels{Title: "ambient"},
		Y: Levels{Title: "start level"}}
	for i := range nx {
		m.X.Texts = append(m.X.Texts, fmt.Sprintf("%d °C", 5*i-10))
	}
	for j := range ny {
		m.Y.Texts = append(m.Y.Texts, fmt.Sprintf("%d %%", 10*(j+1)))
		row := make([]*sweep.Cap, nx)
		for i := range row {
			d := 5 * math.Floor(min(3590, 3600*float64((i+1)*(j+1))/float64(nx*ny)*2)/5)
			c := withCap(mindfulnessCase, cautious, 0.01, d, d, sweep.CapMet)
			switch {
			case i == 0 && j == 0:
				c = withCap(mindfulnessCase, cautious, 0.01, 0, 0, sweep.CapNever)
			case i == 1 && j == 0:
				c = withCap(mindfulnessCase, cautious, 0.01, 0, 0, sweep.CapUnknown)
			case i == nx-1 && j == ny-1:
				c = withCap(mindfulnessCase, cautious, 0.01, d, d, sweep.CapHorizon)
			case i == 2 && j == 0:
				continue
			}
			row[i] = &c
		}
		m.Caps = append(m.Caps, row)
	}
	return m
}

// statesSample are states that fall and warm evenly; a third of the paths end on the way.
func statesSample(times int) *solver.States {
	s := &solver.States{Paths: 256, Thresholds: solver.Thresholds{LowBattery: 0.1, VCut: 3.2,
		Levels: [3]float64{37, 41, 45}, TOff: 50}}
	for k := range times {
		s.Times = append(s.Times, 60*float64(k))
		s.On = append(s.On, 1-float64(k)/float64(3*times))
	}
	at := [solver.WatchedCount][2]float64{{0.6, -0.002}, {3.9, -0.003}, {31, 0.03}, {30, 0.04}}
	spread := [solver.WatchedCount]float64{0.3, 0.15, 3, 3}
	value := func(w int, k int, z float64) float64 {
		return at[w][0] + at[w][1]*float64(k) +
			z*spread[w]
	}
	for w := range s.Quantiles {
		for q, z := range []float64{-1, -0.4, 0, 0.4, 1} {
			for k := range times {
				s.Quantiles[w][q] = append(s.Quantiles[w][q], value(w, k, z))
			}
		}
	}
	for i := range 8 {
		var path [solver.WatchedCount][]float64
		for w := range path {
			for k := range times {
				v := value(w, k, 1.1*math.Sin(float64(3*i)+float64(k)/9))
				if i == 2 && k > times/2 {
					v = math.NaN()
				}
				path[w] = append(path[w], v)
			}
		}
		s.Some = append(s.Some, path)
	}
	return s
}

// endingsSample are failures of scenarios, each rarer than the one before.
func endingsSample(names ...string) []Endings {
	in := interpolate(mindfulnessCase, mindfulness, 300, 3300, 1)
	var out []Endings
	for i, name := range names {
		e := endingsAt(name, in, model.Failures, 3300)
		for cause := range e.Ended {
			e.Ended[cause].Value *= math.Pow(0.6, float64(i))
		}
		out = append(out, e)
	}
	return out
}

// settlingSample narrows as the root of the number of paths.
func settlingSample() []store.Settling {
	var out []store.Settling
	for n := int64(500); n <= 64000; n *= 2 {
		half := 0.3 / math.Sqrt(float64(n))
		out = append(out, store.Settling{Paths: n, Estimate: estimate.Estimate{Value: 0.008 + half/5,
			Interval: estimate.Interval{Lower: max(0, 0.008-half), Upper: 0.008 + half}}})
	}
	return out
}

// panelsSample are incidences of scenarios.
func panelsSample(names ...string) []Panel {
	var out []Panel
	for _, name := range names {
		in := interpolate(mindfulnessCase, mindfulness, 300, 4500, 1.75)
		out = append(out, Panel{name, in, model.Failures})
	}
	return out
}

// TestFailuresAreThoseOfTheQuestion: where leaving the app fails a session, charts count it, and
// among lengths of one session a cause is of a length.
func TestFailuresAreThoseOfTheQuestion(t *testing.T) {
	bars := endingsSample("Mindfulness", "Mindfulness")
	leaving := append(slices.Clone(model.Failures), model.Resigned)
	for i := range bars {
		bars[i].Ended[model.Resigned].Value = 0.2
	}
	if total, worst := bars[0].failed(); worst == model.Resigned || total > 0.1 {
		t.Errorf("%g have failed, most by %v, where leaving is no failure", total, worst)
	}
	bars[1].Failures, bars[1].Duration = leaving, 5400
	if total, worst := bars[1].failed(); worst != model.Resigned || total < 0.2 {
		t.Errorf("%g have failed, most by %v, where leaving is one", total, worst)
	}
	if got := causesFinding("session", bars, false); !strings.HasSuffix(got,
		" (session Mindfulness, 55 min) or resigned (session Mindfulness, 90 min)") {
		t.Errorf("the finding is %q", got)
	}
	in := interpolate(mindfulnessCase, mindfulness, 300, 3300, 1)
	for k := range in.Durations {
		in.Ended[model.Resigned][k].Value = 0.3
	}
	without, with := magnifiedMax(in, model.Failures, nil), magnifiedMax(in, leaving, nil)
	if without > 0.2 || with < 0.3 {
		t.Errorf("axes end at %g, and at %g where leaving is a failure", without, with)
	}
}

// numbered returns names that take up room.
func numbered(n int, format string) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf(format, i))
	}
	return out
}

// kindCases are charts of every kind, the first of each being that of its golden image,
// with those that stretch the layout.
func kindCases() map[string]func() (*figure.Chart, error) {
	long := "session “gentle breathing with haptic cues”, watch ultra2-49, " +
		"environment number %d, and more"
	workout := sweep.Case{Session: "workout", SessionName: "Workout (HKWorkoutSession)"}
	return map[string]func() (*figure.Chart, error){
		"failure": func() (*figure.Chart, error) {
			h := headingOf(mindfulnessCase)
			h.Ordered, h.Offers = true, []float64{1200}
			return FailureChart(h, "ambient", scenariosSample(4), []float64{0.001, 0.01, 0.05})
		},
		"failure: eight long names": func() (*figure.Chart, error) {
			s := scenariosSample(8)
			for i, name := range numbered(8, long) {
				s[i].Name = name
			}
			return FailureChart(headingOf(mindfulnessCase), "scenario", s, []float64{0.0011, 0.0012, 0.0013,
				0.01})
		},
		"failure: one that never fails": func() (*figure.Chart, error) {
			s := scenariosSample(1)
			for i := range s[0].Failure {
				s[0].Failure[i] = estimate.Estimate{Interval: estimate.Interval{Upper: 1e-7}}
			}
			s[0].Limit = 0
			s[0].Caps = nil
			return FailureChart(headingOf(workout), "", s, nil)
		},
		"tolerance": func() (*figure.Chart, error) {
			return ToleranceChart(headingOf(mindfulnessCase), "start level", tradeOffSample("30 %", "50 %"),
				[]float64{0.005, 0.01, 0.05})
		},
		"tolerance: no cap at all": func() (*figure.Chart, error) {
			s := TradeOff{Name: "cap", Caps: []sweep.Cap{withCap(workout, cautious, 0.01, 0, 0,
				sweep.CapNever)}}
			return ToleranceChart(headingOf(workout), "", []TradeOff{s}, []float64{0.01})
		},
		"load": func() (*figure.Chart, error) {
			return LoadChart(headingOf(mindfulnessCase), "mean power of the watch", "mW",
				frontiersSample(0.05, 0.005, 0.01))
		},
		"load: eight tolerances": func() (*figure.Chart, error) {
			return LoadChart(headingOf(workout), strings.Repeat("a long title ", 4), "",
				frontiersSample(0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1))
		},
		"map":         func() (*figure.Chart, error) { return MapChart(mapSample(7, 5)) },
		"map: large":  func() (*figure.Chart, error) { return MapChart(mapSample(36, 30)) },
		"map: column": func() (*figure.Chart, error) { return MapChart(mapSample(1, 4)) },
		"map: words": func() (*figure.Chart, error) {
			m := mapSample(8, 4)
			m.X.Texts = numbered(8, "s%d-45")
			m.Y.Texts = numbered(4, "an environment of a long name, number %d")
			m.X.Title, m.Y.Title = "device", "environment"
			m.Case = workout
			return MapChart(m)
		},
		"map: one long word": func() (*figure.Chart, error) {
			m := mapSample(3, 3)
			m.X.Texts = numbered(3, "40 mW, 140 mW, 180 mW, 110 mW and %d")
			return MapChart(m)
		},
		"states": func() (*figure.Chart, error) {
			return StatesChart(headingOf(mindfulnessCase), ", start level 60 %", statesSample(61))
		},
		"states: past a limit": func() (*figure.Chart, error) {
			return StatesChart(headingOf(mindfulnessCase), "", statesSample(90))
		},
		"states: all off": func() (*figure.Chart, error) {
			s := statesSample(10)
			for k := range s.Times {
				if k > 0 {
					s.On[k] = 0
				}
				for w := range s.Quantiles {
					for q := range s.Quantiles[w] {
						s.Quantiles[w][q][k] = math.NaN()
					}
				}
			}
			s.Some = nil
			return StatesChart(headingOf(workout), "", s)
		},
		"causes": func() (*figure.Chart, error) {
			return CausesChart(headingOf(mindfulnessCase), "start level", endingsSample("10 %", "20 %",
				"30 %", "50 %"))
		},
		"causes: long names": func() (*figure.Chart, error) {
			bars := endingsSample(numbered(24, long)...)
			bars[3].Duration = 60
			return CausesChart(headingOf(workout), "scenario", bars)
		},
		"causes: nothing fails": func() (*figure.Chart, error) {
			bars := endingsSample("fleet")
			for i := range bars[0].Ended {
				bars[0].Ended[i].Value = 0
			}
			return CausesChart(headingOf(workout), "device", bars)
		},
		"convergence": func() (*figure.Chart, error) {
			return ConvergenceChart(headingOf(mindfulnessCase), 3590, settlingSample(), []float64{0.005,
				0.01, 0.05})
		},
		"convergence: one look": func() (*figure.Chart, error) {
			return ConvergenceChart(headingOf(mindfulnessCase), 3590, settlingSample()[:1], nil)
		},
		"incidences": func() (*figure.Chart, error) {
			return IncidencesChart(headingOf(mindfulnessCase), "device", panelsSample("se2-40", "s9-45",
				"ultra2-49", "fleet"), []float64{0.005, 0.01})
		},
		"incidences: twelve long names": func() (*figure.Chart, error) {
			return IncidencesChart(headingOf(workout), "scenario", panelsSample(numbered(12, long)...), nil)
		},
		"incidences: one": func() (*figure.Chart, error) {
			return IncidencesChart(headingOf(mindfulnessCase), "device", panelsSample("fleet"),
				[]float64{0.01})
		},
		"cells": func() (*figure.Chart, error) {
			var cells []CellCaps
			for i, label := range numbered(3, "ambient %d °C, start level 30 %%, device ultra2-49") {
				cells = append(cells, CellCaps{label, []sweep.Cap{withCap(mindfulnessCase, cautious, 0.01,
					600*float64(i+1), 3000, sweep.CapMet)}})
			}
			return CellCapsChart(cells, "“Sample” · seed 1")
		},
	}
}

func TestKindsTexts(t *testing.T) {
	t.Parallel()
	for name, chart := range kindCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := chart()
			if err != nil {
				t.Fatal(err)
			}
			checkTexts(t, c)
			for _, aspect := range aspects {
				wide := c.In(figure.Format{Aspect: aspect})
				checkTexts(t, wide)
				if w, h := wide.Size(); math.Abs(float64(w/h)/aspect-1) > 1e-6 {
					t.Errorf("the chart is %v by %v, want %.2f to 1", w, h, aspect)
				}
			}
			if c.Description == "" || c.Title == "" {
				t.Error("the chart has no title or no description")
			}
			svg, err := svgOf(c)
			if err != nil {
				t.Fatal(err)
			}
			for _, unwanted := range []string{"NaN", "Inf"} {
				if strings.Contains(string(svg), unwanted) {
					at := strings.Index(string(svg), unwanted)
					t.Errorf("the SVG has a %s: %.200s", unwanted, svg[max(0, at-150):])
				}
			}
		})
	}
}

// TestKindsSayWhatMatters: units, tolerances, limits, numbers of paths and the seed, and
// the answer itself stand in the charts.
func TestKindsSayWhatMatters(t *testing.T) {
	t.Parallel()
	all := kindCases()
	for name, wants := range map[string][]string{
		"failure": {"Session length (minutes)", "0.1 % tolerated", "documented limit: 60 min",
			"30 °C, 55 min at 1 %", "0 °C, 45 min at 1 %", "offer 20 min", "inputs are assumptions",
			"Mindfulness: at most 1 in 100 fail up to 45 min (ambient 0 °C) to 55 min (ambient 20 °C)"},
		"tolerance": {"Safe cap (minutes)", "0.5 %", "limit", "documented limit", "50 %",
			"band: interval of the cap"},
		"load": {"Mean power of the watch (mW)", "Safe cap (minutes)", "at 0.5 %, 1 %, 5 %:",
			"10 min: 173, 173, 173 mW", "40 min: 40.0, 73.3, 73.3 mW", "safe at every tolerance"},
		"map": {"Mindfulness: the cap at 1 % reaches 59 min 50 s", "59+", "10 min",
			"none: even the shortest", "too few sessions simulated", "not simulated"},
		"states": {"Battery level (%)", "Cell voltage (V)", "Skin side (°C)", "Battery (°C)",
			"Time (minutes)", "256 paths", "documented limit", "nine in ten"},
		"causes": {"10 %", "expired", "Share of all sessions", "failed",
			"Mindfulness: most failures by 55 min are"},
		"convergence": {"Paths simulated (logarithmic)", "failure of 59 min", "1 000",
			"0.82 % of 59 min 50 s sessions fail (0.68 % to 0.92 %) after 64 000 paths"},
		"incidences": {"se2-40", "power-off", "tolerated: 0.5 %, 1 %", "documented limit, 60 min",
			"axes end at"},
		"cells": {"ambient 0 °C, start level 30", "seed 1"},
	} {
		c, err := all[name]()
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(checkTexts(t, c), "\n")
		if name != "cells" {
			wants = append(wants, "200 000 paths each · seed 1")
		}
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the chart does not say %q:\n%s", name, want, text)
			}
		}
	}
	// Whoever listens hears the numbers of the map.
	c, err := MapChart(mapSample(7, 5))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"10 %: -10 °C none, -5 °C too few sessions simulated, 0 °C " +
		"not simulated", "20 °C 59 min 50 s"} {
		if !strings.Contains(c.Description, want) {
			t.Errorf("the description does not say %q: %s", want, c.Description)
		}
	}
}

func TestBadTables(t *testing.T) {
	t.Parallel()
	h := headingOf(mindfulnessCase)
	for want, chart := range map[string]func() (*figure.Chart, error){
		"no scenarios": func() (*figure.Chart, error) { return FailureChart(h, "", nil, nil) },
		"has no name": func() (*figure.Chart, error) {
			s := scenariosSample(1)
			s[0].Name = ""
			return FailureChart(h, "", s, nil)
		},
		"failure has 14 values for 15": func() (*figure.Chart, error) {
			s := scenariosSample(1)
			s[0].Failure = s[0].Failure[1:]
			return FailureChart(h, "", s, nil)
		},
		"tolerances do not ascend": func() (*figure.Chart, error) {
			s := tradeOffSample("a")
			s[0].Caps[4].Tolerance = 0.001
			return ToleranceChart(h, "", s, nil)
		},
		"no name or no caps": func() (*figure.Chart, error) {
			return ToleranceChart(h, "", []TradeOff{{Name: "a"}}, nil)
		},
		"loads do not ascend": func() (*figure.Chart, error) {
			f := frontiersSample(0.01)
			f[0].Load[2] = math.NaN()
			return LoadChart(h, "x", "", f)
		},
		"5 loads with 6 caps": func() (*figure.Chart, error) {
			f := frontiersSample(0.01)
			f[0].Load = f[0].Load[1:]
			return LoadChart(h, "x", "", f)
		},
		"1 by 1 cells": func() (*figure.Chart, error) { return MapChart(mapSample(1, 1)) },
		"4 rows of caps for 5": func() (*figure.Chart, error) {
			m := mapSample(7, 5)
			m.Caps = m.Caps[1:]
			return MapChart(m)
		},
		"row 2 of a map has 6 caps for 7": func() (*figure.Chart, error) {
			m := mapSample(7, 5)
			m.Caps[2] = m.Caps[2][1:]
			return MapChart(m)
		},
		"status is": func() (*figure.Chart, error) {
			m := mapSample(7, 5)
			m.Caps[2][2].Cap = -1
			return MapChart(m)
		},
		"no states": func() (*figure.Chart, error) { return StatesChart(h, "", nil) },
		"59 values of a quantile for 60 times": func() (*figure.Chart, error) {
			s := statesSample(60)
			s.Quantiles[1][2] = s.Quantiles[1][2][1:]
			return StatesChart(h, "", s)
		},
		"59 shares": func() (*figure.Chart, error) {
			s := statesSample(60)
			s.On = s.On[1:]
			return StatesChart(h, "", s)
		},
		"no endings": func() (*figure.Chart, error) { return CausesChart(h, "", nil) },
		"a has 8 values": func() (*figure.Chart, error) {
			bars := endingsSample("a")
			bars[0].Ended = bars[0].Ended[1:]
			return CausesChart(h, "", bars)
		},
		"no estimates": func() (*figure.Chart, error) { return ConvergenceChart(h, 60, nil, nil) },
		"numbers of paths do not ascend": func() (*figure.Chart, error) {
			s := settlingSample()
			s[3].Paths = 1
			return ConvergenceChart(h, 60, s, nil)
		},
		"no panels": func() (*figure.Chart, error) { return IncidencesChart(h, "", nil, nil) },
		"b: causes and survival sum": func() (*figure.Chart, error) {
			p := panelsSample("a", "b")
			p[1].Survival[2].Value = 0.2
			return IncidencesChart(h, "", p, nil)
		},
		`cell "x" has no caps`: func() (*figure.Chart, error) {
			return CellCapsChart([]CellCaps{{Label: "x"}})
		},
	} {
		if c, err := chart(); c != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one that says %q", err, want)
		}
	}
}

// frontierOf is a frontier of caps at loads of 10, 20 and so on; each cap could be longer by a
// factor.
func frontierOf(factor float64, caps ...float64) Frontier {
	f := Frontier{Tolerance: 0.01}
	for i, d := range caps {
		status := sweep.CapMet
		if d == 0 {
			status = sweep.CapNever
		}
		f.Load, f.Caps = append(f.Load, 10*float64(i+1)), append(f.Caps, withCap(mindfulnessCase,
			cautious, 0.01, d, factor*d, status))
	}
	return f
}

// TestReadout: a load counts only if sessions are safe at it and at all on the way to where caps
// are longest; nothing is read off between two loads. Where more is better it is the smallest
// that counts, and where caps rise and fall none does.
func TestReadout(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		of   Frontier
		want string
	}{
		{frontierOf(1.2, 3000, 1900, 1100, 1300, 0), "Largest x simulated at which sessions are safe at " +
			"1 %: 10 min: 40.0 mW 20 min: 20.0 mW 30 min: 20.0 mW 40 min: 10.0 mW 50 min: 10.0 mW " +
			"60 min: none"},
		{frontierOf(1.2, 0, 1300, 1100, 1900, 3000), "Smallest x simulated at which sessions are safe at " +
			"1 %: 10 min: 20.0 mW 20 min: 40.0 mW 30 min: 40.0 mW 40 min: 50.0 mW 50 min: 50.0 mW " +
			"60 min: none"},
		{frontierOf(1, 3000, 1900, 1100, 1300, 0), "Caps rise and fall with x: it has no largest or " +
			"smallest value that is safe."},
		{frontierOf(1, 900, 900), "Caps are the same at every x simulated."},
	} {
		got := strings.Join(readout([]Frontier{test.of}, "x", "mW", 3600), " ")
		if got != test.want {
			t.Errorf("%s\nwant %s", got, test.want)
		}
	}
	// Frontiers that go opposite ways share no direction.
	if got := trendOf([]Frontier{frontierOf(1, 900, 600), frontierOf(1, 600, 900)}); got != mixed {
		t.Errorf("trend %d, want mixed", got)
	}
}

// TestLoadChartWhereMoreIsBetter: the title and the readout turn round.
func TestLoadChartWhereMoreIsBetter(t *testing.T) {
	t.Parallel()
	f := frontierOf(1.1, 600, 1200, 2400)
	c, err := LoadChart(headingOf(mindfulnessCase), "start level", "%", []Frontier{f})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(checkTexts(t, c), " ")
	for _, want := range []string{"Mindfulness: the cap at 1 % rises from 10 min at 10 % to 40 min " +
		"at 30 %", "Smallest start level", "20 min: 20.0 %"} {
		if !strings.Contains(text, want) {
			t.Errorf("the chart does not say %q: %s", want, text)
		}
	}
}

// slopes is a canvas that counts strokes of curves that are neither level nor upright.
type slopes struct {
	textBoxes
	curve   bool // whether strokes are of a curve's colour
	strokes int
	sloped  int
}

func (c *slopes) SetColor(col color.Color) {
	of, _ := figure.OfTolerance(0.01)
	c.curve = col == of || slices.ContainsFunc(figure.SeriesColors, func(s color.NRGBA) bool {
		return s == col
	})
}

func (c *slopes) Stroke(path vg.Path) {
	for i := 1; i < len(path) && c.curve; i++ {
		c.strokes++
		by := path[i].Pos.Sub(path[i-1].Pos)
		if math.Abs(float64(by.X)) > 1e-6 && math.Abs(float64(by.Y)) > 1e-6 {
			c.sloped++
		}
	}
}

// TestStepFunctionsAreUpright: caps by tolerance and by load, and an estimate by paths, jump.
func TestStepFunctionsAreUpright(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"tolerance", "load", "convergence"} {
		c, err := kindCases()[kind]()
		if err != nil {
			t.Fatal(err)
		}
		w, h := c.Size()
		canvas := &slopes{textBoxes: textBoxes{size: vg.Point{X: w, Y: h}, angles: []float64{0}}}
		c.Draw(draw.New(canvas))
		if canvas.strokes < 10 || canvas.sloped > 0 {
			t.Errorf("%s: %d of %d strokes slope", kind, canvas.sloped, canvas.strokes)
		}
	}
}

// TestEveryCapOfAMapIsRead: labels of contours leave the numbers of all cells alone.
func TestEveryCapOfAMapIsRead(t *testing.T) {
	t.Parallel()
	m := mapSample(7, 5)
	c, err := MapChart(m)
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[string]int{}
	for _, text := range checkTexts(t, c) {
		numbers[text]++
	}
	for _, row := range m.Caps {
		for _, found := range row {
			if found == nil || !hasCap(*found) {
				continue
			}
			text := minutes(found.Cap)
			if found.Status == sweep.CapHorizon {
				text += "+"
			}
			if numbers[text]--; numbers[text] < 0 {
				t.Errorf("the number %s is missing", text)
			}
		}
	}
}

// TestFewPathsMakeNoBand: quantiles of few paths are not drawn, and the chart says why.
func TestFewPathsMakeNoBand(t *testing.T) {
	t.Parallel()
	for paths, bands := range map[int]bool{2: false, leastTraced - 1: false, leastTraced: true} {
		s := statesSample(61)
		s.Paths = paths
		c, err := StatesChart(headingOf(mindfulnessCase), "", s)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(checkTexts(t, c), " ")
		if strings.Contains(text, "nine in ten") != bands ||
			strings.Contains(c.Description, "nine in ten") != bands ||
			strings.Contains(text, "No bands: they need at least 40 paths") == bands {
			t.Errorf("%d paths: %s", paths, text)
		}
	}
}

func TestMinutesNeverRoundUp(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{3590: "59", 599.9: "9.9", 600: "10", 59: "59 s", 61: "1"} {
		if got := minutes(v); got != want {
			t.Errorf("minutes(%g) = %s, want %s", v, got, want)
		}
	}
}

// TestEndingsAt takes the last duration that a plan reaches.
func TestEndingsAt(t *testing.T) {
	t.Parallel()
	in := interpolate(mindfulnessCase, mindfulness, 300, 3300, 1)
	for planned, want := range map[float64]float64{1: 300, 600: 600, 899: 600, 1e6: 3300} {
		e := endingsAt("a", in, model.Failures, planned)
		if e.Duration != want || e.Ended[model.PowerOff] != in.Ended[model.PowerOff][int(want/300)-1] {
			t.Errorf("by %g s: those of %g s, want %g s", planned, e.Duration, want)
		}
	}
}
