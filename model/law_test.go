package model

import (
	"math"
	"strings"
	"testing"
)

// lawOf returns the law that a scenario gives a quantity.
func lawOf(t *testing.T, key, text string) *Law {
	t.Helper()
	s, err := Parse("a.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Parameter(key).Law
}

// TestLawsOfRanges: a range alone gives a uniform law, or a log-uniform one if its ends are
// positive and a factor of 10 apart. A value without a range is known.
func TestLawsOfRanges(t *testing.T) {
	t.Parallel()
	s := Default()
	for key, want := range map[string]LawKind{
		"policy.refuse_critical":     Uniform,    // 0 to 1: no logarithm
		"policy.suppress_serious":    LogUniform, // 0.05 to 5 /h
		"policy.levels":              Uniform,    // an offset
		"battery.r0q":                Uniform,    // a factor of 3
		"population.power_scale":     LogUniform, // a factor of 2, but set explicitly
		"policy.warning_max":         Uniform,    // a factor of 24, but set explicitly
		"session.mindfulness.resign": LogUniform,
	} {
		if l := s.Parameter(key).Law; l == nil || l.Kind != want {
			t.Errorf("%s: law %v, want %s", key, l, want)
		}
	}
	if l := s.Parameter("policy.low_battery").Law; l != nil {
		t.Errorf("a quantity without a range has the law %v", l)
	}
	if l := lawOf(t, "policy.suppress_low", "[policy]\nsuppress_low = \"0.3 /h\"\n"); l != nil {
		t.Errorf("a value that is set without a range has the law %v", l)
	}
	if l := lawOf(t, "policy.suppress_low",
		"[policy]\nsuppress_low = { value = \"0.3 /h\", range = [\"0.1 /h\", \"1 /h\"] }\n"); l.Kind !=
		LogUniform || l.Low != 0.1/3600 {
		t.Errorf("a range that is set has the law %v", l)
	}
}

// TestDefaultsAreMedians: if the order of magnitude is unknown, the default is the median of the
// law, to the digits of the range.
func TestDefaultsAreMedians(t *testing.T) {
	t.Parallel()
	for _, p := range Default().Parameters() {
		if l := p.Law; l != nil && l.Kind == LogUniform {
			if median := l.Quantile(0.5); math.Abs(median-p.Values[0]) > 0.01*p.Values[0] {
				t.Errorf("%s: %g, the median of its law is %g", p.Key, p.Values[0], median)
			}
		}
	}
}

// TestQuantiles compares quantiles with closed forms: for each kind, cut to a range, at a rate's
// limits and for an offset.
func TestQuantiles(t *testing.T) {
	t.Parallel()
	const z95 = 1.6448536269514722
	for _, c := range []struct {
		name, key, toml string
		u, want         float64
	}{
		{"uniform", "battery.v_cut",
			`[battery]` + "\n" +
				`v_cut = { value = "3.2 V", range = ["3 V", "3.4 V"], distribution = "uniform" }`, 0.25, 3.1},
		{"log-uniform", "policy.suppress_low",
			"[policy]\n" +
				`suppress_low = { value = "1 /h", range = ["0.01 /h", "100 /h"], distribution = "log-uniform" }`, 0.75, 10.0 / 3600},
		// P(X ≤ mode) = (c−a)/(b−a) = 1/4, and the quantile of an eighth is a + √(u(b−a)(c−a)).
		{"triangular", "population.lpm_accept",
			"[population]\n" +
				`lpm_accept = { value = 0.2, range = [0.1, 0.5], distribution = "triangular" }`, 0.125,
			0.1 + math.Sqrt(0.125*0.4*0.1)},
		{"normal", "battery.v_cut", "[battery]\n" +
			`v_cut = { value = "3.2 V", distribution = "normal", sd = "50 mV" }`, 0.95, 3.2 + 0.05*z95},
		// Half of the law is above the value, and the cut removes all below it.
		{"normal, cut", "battery.v_cut",
			"[battery]\n" +
				`v_cut = { value = "3.2 V", range = ["3.2 V", "5 V"], distribution = "normal", sd = "50 mV" }`,
			0.9, 3.2 + 0.05*z95},
		{"lognormal", "policy.suppress_low",
			"[policy]\n" + `suppress_low = { value = "0.1 /h", distribution = "lognormal", sigma = 0.5 }`,
			0.95, 0.1 / 3600 * math.Exp(0.5*z95)},
		{"discrete", "policy.suppress_low",
			"[policy]\n" +
				`suppress_low = { value = "0.1 /h", distribution = "discrete", cases = ["1 /h", "0 /h"], weights = [0.3, 0.7] }`, 0.71, 1.0 / 3600},
		{"discrete, alike", "policy.suppress_low",
			"[policy]\n" +
				`suppress_low = { value = "0.1 /h", distribution = "discrete", cases = ["1 /h", "0 /h"] }`,
			0.49, 0},
		{"offset", "policy.levels", "[policy]\n" +
			`levels = { value = ["37 degC", "41 degC", "45 degC"], distribution = "normal", sd = "1 K" }`,
			0.05, -z95},
		{"catalog's range", "policy.suppress_serious",
			"[policy]\n" + `suppress_serious = { value = "0.5 /h", distribution = "uniform" }`, 0.5,
			2.525 / 3600},
	} {
		l := lawOf(t, c.key, c.toml)
		if l == nil {
			t.Errorf("%s: no law", c.name)
			continue
		}
		// 1e-9 of the value: the normal quantile through a truncation loses that much.
		if got := l.Quantile(c.u); math.Abs(got-c.want) > 1e-9*math.Abs(c.want) {
			t.Errorf("%s: the %v quantile is %v, want %v", c.name, c.u, got, c.want)
		}
		last := math.Inf(-1)
		for i := range 101 {
			x := l.Quantile(float64(i) / 100)
			if x < last || x < l.Low || x > l.High {
				t.Errorf("%s: the quantiles do not ascend within the ends at %d %%: %v after %v",
					c.name, i, x, last)
			}
			last = x
		}
	}
}

// TestBadLaws: every mistake is reported with its place and what is expected.
func TestBadLaws(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ toml, want string }{
		{`suppress_low = { value = "0.1 /h", range = ["1 /h", "0.1 /h"] }`,
			"a.toml:2:36: policy.suppress_low.range: expected the least value first"},
		{`suppress_low = { value = "0.1 /h", range = ["0 /h", "4000 /h"] }`,
			`a.toml:2:53: policy.suppress_low.range: "4000 /h" is out of range`},
		{`suppress_low = { value = "0.1 /h", range = ["0 /h", "1 /h"], distribution = "log-uniform" }`,
			"a.toml:2:36: policy.suppress_low.range: log-uniform has no place for zero"},
		{`levels = { value = ["37 degC", "41 degC", "45 degC"], range = ["-1 K", "1 K"], distribution = "lognormal", sigma = 0.1 }`, "lognormal has no place for zero, negative values and temperatures"},
		{`suppress_low = { value = "0.1 /h", distribution = "log-unifrom" }`,
			`policy.suppress_low.distribution: unknown word "log-unifrom": did you mean "log-uniform"?`},
		{`error_base = { value = "0.1 /h", distribution = "uniform" }`,
			"policy.error_base.distribution: uniform needs a range: range = ["},
		{`suppress_serious = { value = "9 /h", distribution = "uniform" }`,
			"policy.suppress_serious.distribution: the catalog's range does not hold the value"},
		{`suppress_low = { value = "0.1 /h", distribution = "normal" }`,
			`policy.suppress_low.distribution: normal needs a standard deviation, such as sd = "0.1 /h"`},
		{`suppress_low = { value = "0.1 /h", distribution = "normal", sd = "-1 /h" }`,
			`policy.suppress_low.sd: "-1 /h" is out of range: expected more than 0`},
		{`suppress_low = { value = "0.1 /h", distribution = "normal", sd = "1 K" }`,
			`policy.suppress_low.sd: "1 K" has the wrong dimension: expected a rate`},
		{`suppress_low = { value = "0 /h", distribution = "lognormal", sigma = 1 }`,
			"policy.suppress_low.distribution: lognormal has no place for zero"},
		{`suppress_low = { value = "0.1 /h", distribution = "uniform", sd = "1 /h" }`,
			"policy.suppress_low.sd: has no meaning for uniform"},
		{`suppress_low = { value = "0.1 /h", sd = "1 /h" }`,
			`policy.suppress_low.sd: needs a distribution: distribution = "normal", for instance`},
		{`suppress_low = { value = "0.1 /h", distribution = "discrete", cases = ["1 /h"] }`,
			"policy.suppress_low.cases: expected a list of at least two values, each a rate"},
		{`suppress_low = { value = "0.1 /h", distribution = "discrete", cases = ["1 /h", "-2 /h"] }`,
			`policy.suppress_low.cases: "-2 /h" is out of range`},
		{`suppress_low = { value = "0.1 /h", distribution = "discrete", cases = ["1 /h", "2 /h"], weights = [0.5, 0.6] }`, "policy.suppress_low.weights: sum to 1.1: expected 1"},
		{`suppress_low = { value = "0.1 /h", distribution = "discrete", cases = ["1 /h", "2 /h"], weights = [1] }`, "policy.suppress_low.weights: expected as many weights as cases, 2"},
		{`suppress_low = { value = "0.1 /h", range = ["0 /h", "1 /h"], distribution = "discrete", cases = ["1 /h", "2 /h"] }`, "policy.suppress_low.range: has no meaning for discrete"},
	} {
		_, err := Parse("a.toml", []byte("[policy]\n"+c.toml+"\n"))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\ngot  %v\nwant %s", c.toml, err, c.want)
		}
	}
	_, err := Parse("a.toml", []byte("[workload.seated]\n"+
		`cpu = { value = [0.01, 0.07, 0.15, 0.06], distribution = "uniform", range = [0, 1] }`+"\n"))
	if want := "workload.seated.cpu.distribution: a list of values cannot have one"; err == nil ||
		!strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestVaried: a setting sets a quantity to a value of its law. An offset is added to all values
// of a list.
func TestVaried(t *testing.T) {
	t.Parallel()
	s := Default()
	for _, c := range []struct {
		key  string
		x    float64
		want []float64
	}{
		{"policy.suppress_low", 0.25 / 3600, []float64{0.25 / 3600}},
		{"policy.refuse_lpm", 0.125, []float64{0.125}},
		{"policy.levels", -1.5, []float64{35.5, 39.5, 43.5}},
		{"battery.r0q", 0.2 * 3600, []float64{0.2 * 3600}},
		{"session.mindfulness.resign", 1.0 / 3600 / 3, []float64{1.0 / 3600 / 3}},
	} {
		v, err := s.With("a set", []Setting{s.Parameter(c.key).Varied(c.x)})
		if err != nil {
			t.Errorf("%s: %v", c.key, err)
			continue
		}
		for i, got := range v.Parameter(c.key).Values {
			// Twelve digits are written.
			if math.Abs(got-c.want[i]) > 1e-11*math.Abs(c.want[i]) {
				t.Errorf("%s: %v, want %v", c.key, v.Parameter(c.key).Values, c.want)
			}
		}
	}
	for _, p := range s.Parameters() {
		if p.Law == nil {
			continue
		}
		low, high := p.Law.Ends()
		for _, x := range []float64{low, high} {
			if _, err := s.With("a set", []Setting{p.Varied(x)}); err != nil {
				t.Errorf("the end of a range of the catalog cannot be set: %v", err)
			}
		}
	}
	for key, want := range map[string]string{
		"policy.suppress_serious":        "log-uniform, 0.05 to 5 /h",
		"policy.levels":                  "uniform, offset -3 to 3 K",
		"environment.sun.irradiance_max": "uniform, 300 to 1000 W/m2", "policy.low_battery": "",
	} {
		if got := s.Parameter(key).LawText(); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}
