package solver

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"budget/model"
)

// variantRules together change every rule and nothing else. The first are for any session
// type, the others for mindfulness.
var variantRules = []string{
	"",
	"[policy]\nsuppress_base = \"0.02 /h\"\n",
	"[policy]\nsuppress_serious = \"2 /h\"\nsuppress_critical = \"40 /h\"\n",
	// very low is no class of its own
	"[policy]\nsuppress_low = \"0.5 /h\"\nsuppress_very_low = \"0.5 /h\"\n",
	"[policy]\nsuppress_lpm = \"0.4 /h\"\nrefuse_lpm = 0.2\n",
	"[policy]\nrefuse_critical = 1\nerror_base = \"0.1 /h\"\n",
	"[policy]\npressure_serious = 1\npressure_critical = 4\npressure_low = 1\n",
	"[population]\nfrailty_shape = 0.4\n[[session]]\nid = \"mindfulness\"\nresign = \"1 /h\"\n",
	"[[session]]\nid = \"mindfulness\"\nstop = \"2 /h\"\nlimit = \"40 min\"\n",
	"[[session]]\nid = \"mindfulness\"\nlimit = \"0 s\"\n",
	// not of this session type
	"name = \"another name\"\n[[session]]\nid = \"workout\"\nworkload = \"dive\"\n",
}

// variants are scenarios with these rules.
func variants(t testing.TB) []*model.Scenario {
	var list []*model.Scenario
	for i, toml := range variantRules {
		s, err := model.Parse(fmt.Sprintf("variant%d.toml", i), []byte(toml))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	return list
}

// TestVariantsShareThePlant: programs with different rules, evaluated on the same
// paths in one run, give the same bits as in separate runs.
func TestVariantsShareThePlant(t *testing.T) {
	c := Case{Session: "mindfulness", Device: Fleet, Environment: Mix, Duration: 3500}
	base := compile(t, model.Default(), c)
	var programs, alone []*Program
	for i, s := range variants(t) {
		p, ok := base.Under(s)
		if !ok {
			t.Fatalf("variant %d does not share the plant", i)
		}
		programs, alone = append(programs, p), append(alone, compile(t, s, c))
	}
	for _, e := range []Estimator{Weights, Counts} {
		s := Settings{Seed: 4, Estimator: e, Readings: bothReadings, Failures: model.Failures, Workers: 2}
		q := Question{Tolerances: []float64{0.01, 0.05}, Confidence: 0.95, Family: 4, Paths: 2048}
		together := make([]*Answer, len(programs))
		if err := Answers(context.Background(), programs, s, q,
			func(i int, a *Answer) { together[i] = a }); err != nil {
			t.Fatal(err)
		}
		for i, p := range alone {
			want, err := p.Answer(context.Background(), s, q)
			if err != nil {
				t.Fatal(err)
			}
			if !sameBytes(together[i], want) {
				t.Errorf("%s: variant %d: caps %+v together, %+v alone", e, i, together[i].Caps, want.Caps)
			}
		}
	}
}

// TestVariantsUntilDecided: variants that need different numbers of paths are all
// decided, and their intervals contain the caps of separate runs.
func TestVariantsUntilDecided(t *testing.T) {
	c := Case{Session: "mindfulness", Device: Fleet, Environment: Mix, Duration: 3500}
	base := compile(t, model.Default(), c)
	var programs []*Program
	for _, s := range variants(t) {
		p, _ := base.Under(s)
		programs = append(programs, p)
	}
	s := Settings{Seed: 4, Estimator: Weights, Readings: bothReadings, Failures: model.Failures,
		Workers: 2}
	q := Question{Tolerances: []float64{0.01}, Confidence: 0.95, Family: 1, FirstLook: 4096,
		Precision: float64(longer(240, 120)), MaxPaths: 1 << 17}
	paths := map[int64]bool{}
	answered := 0
	if err := Answers(context.Background(), programs, s, q, func(i int, a *Answer) {
		answered++
		paths[a.Paths] = true
		if a.Outcome != Done || !a.Precise() {
			t.Errorf("variant %d: outcome %v, caps %+v", i, a.Outcome, a.Caps)
		}
		want := answer(t, programs[i], Weights, 5, int64(longer(1<<13, 1<<15)))
		for k, c := range a.Caps {
			// A cap of another seed and more paths lies in the interval.
			if w := want.Caps[k]; w.Upper < c.Duration || w.Duration > c.Upper {
				t.Errorf("variant %d: cap %+v, %+v with another seed", i, c, w)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	if answered != len(programs) || len(paths) < 2 {
		t.Errorf("%d answers of %d, with %d numbers of paths: the test shows little", answered,
			len(programs), len(paths))
	}
}

// TestOtherPlantsAreNotShared: a quantity that feeds back into load or thresholds
// needs another plant, and Answers rejects programs on different plants.
func TestOtherPlantsAreNotShared(t *testing.T) {
	base := compile(t, model.Default(), Case{Session: "mindfulness"})
	for _, toml := range []string{
		"[policy]\nlpm_power = 0.5\n",
		"[policy]\nlow_battery = 0.12\n",
		"[policy]\nlevels = [\"36 degC\", \"40 degC\", \"44 degC\"]\n",
		"[policy]\nhysteresis = \"1 K\"\n",
		"[policy]\ncpu_limit = 0.2\n",
		"[population]\nlpm_accept = 0.5\n",
		"[population]\nlpm_on_start = 0.1\n",
		"[gauge]\nbias_sd = 0.02\n",
		"[grid]\nmargin = \"10 s\"\n",
		"[battery]\nea = \"50 kJ/mol\"\n",
		"[thermal]\nt_off = \"49 degC\"\n",
		"[workload.seated]\npower = [\"60 mW\", \"220 mW\", \"280 mW\", \"170 mW\"]\n",
		"[[environment]]\nid = \"sun\"\nou_sd = \"2 K\"\n",
		"[[session]]\nid = \"mindfulness\"\nworkload = \"workout\"\n",
		"[[session]]\nid = \"mindfulness\"\nhorizon = \"80 min\"\n",
	} {
		if _, ok := base.Under(scenario(t, toml)); ok {
			t.Errorf("%q shares the plant", toml)
		}
	}
	other := compile(t, model.Default(), Case{Session: "mindfulness"})
	q := Question{Tolerances: []float64{0.01}, Confidence: 0.95, Family: 1, Paths: 64}
	s := Settings{Estimator: Weights, Readings: bothReadings, Failures: model.Failures}
	if err := Answers(context.Background(), []*Program{base, other}, s, q,
		func(int, *Answer) {}); err == nil {
		t.Error("Answers takes programs on different plants")
	}
}

// TestLimitShorterThanAnyPlan: if the grant is shorter than the shortest session and its
// margin, every session fails.
func TestLimitShorterThanAnyPlan(t *testing.T) {
	for _, limit := range []string{"1 s", "5 s", "9 s"} {
		s := scenario(t, "[[session]]\nid = \"mindfulness\"\nlimit = \""+limit+"\"\n")
		for _, e := range []Estimator{Weights, Counts} {
			a := answer(t, compile(t, s, Case{Session: "mindfulness", Duration: 60}), e, 1, 500)
			for _, d := range a.Durations {
				if p := a.Failure(Cautious, d).Value; p < 0.99 {
					t.Errorf("limit %s, %s: a plan of %v s fails with probability %v", limit, e, d, p)
				}
			}
			if c := a.Caps[0]; c.Duration != 0 {
				t.Errorf("limit %s, %s: cap %+v", limit, e, c)
			}
		}
	}
}

// TestRuleKeys: scenarios share a plant if and only if they differ in keys that are
// rules. Every quantity is changed, alone where the scenario allows it.
func TestRuleKeys(t *testing.T) {
	base := model.Default()
	programs := map[string]*Program{}
	for _, s := range base.Sessions {
		programs[s.ID] = compile(t, base, Case{Session: s.ID, Duration: 60})
	}
	rules := 0
	for _, p := range base.Parameters() {
		session := "mindfulness"
		parts := strings.Split(p.Key, ".")
		switch parts[0] {
		case "session":
			session = parts[1]
		case "workload":
			session = ""
			for _, s := range base.Sessions {
				if s.Workload == parts[1] {
					session = s.ID
				}
			}
			if session == "" && parts[1] != "states" {
				continue // of no session
			}
			session = cmp.Or(session, "mindfulness")
		}
		_, shared := programs[session].Under(scenario(t, changed(base, p)))
		if shared != model.IsRule(p.Key) {
			t.Errorf("%s: shares the plant: %v; a rule: %v", p.Key, shared, model.IsRule(p.Key))
		}
		if shared {
			rules++
		}
	}
	if want := 13 + 3*len(base.Sessions); rules < want {
		t.Errorf("%d rules, want %d or more", rules, want)
	}
	for _, key := range []string{"", "policy", "session", "session.mindfulness", "limit",
		"population.frailty", "devices.policy.refuse_lpm"} {
		if model.IsRule(key) {
			t.Errorf("%q is called a rule", key)
		}
	}
}

// changed returns a scenario file that changes a quantity, and the quantities that must
// change with it.
func changed(s *model.Scenario, p *model.Parameter) string {
	dot := strings.LastIndexByte(p.Key, '.')
	table, name := p.Key[:dot], p.Key[dot+1:]
	unit := " " + p.Unit
	if p.Unit == "1" {
		unit = ""
	}
	var values []string
	now := 0.0
	for _, text := range strings.Split(p.Text(), ", ") {
		x, _ := strconv.ParseFloat(text, 64)
		switch {
		case name == "step":
			x /= 2
		case name == "margin" || name == "cpu_window": // multiples of the step
			x *= 2
		case x == 0 && len(p.Values) == 1:
			x = 0.01
		default:
			x *= 0.99
		}
		now = x
		value := fmt.Sprint(x)
		if unit != "" {
			value = strconv.Quote(value + unit)
		}
		values = append(values, value)
	}
	value := values[0]
	if len(values) > 1 {
		value = "[" + strings.Join(values, ", ") + "]"
	}
	entry := func(table, name, value string) string {
		for _, list := range []string{"device", "environment", "session", "thermal.fit"} {
			if id, ok := strings.CutPrefix(table, list+"."); ok {
				return fmt.Sprintf("[[%s]]\nid = %q\n%s = %s\n", list, id, name, value)
			}
		}
		return fmt.Sprintf("[%s]\n%s = %s\n", table, name, value)
	}
	toml := entry(table, name, value)
	switch name {
	case "sun_share":
		toml += "sun_spell = \"10 min\"\nirradiance_max = \"600 W/m2\"\n"
	case "share", "weight": // they sum to 1
		list := table[:strings.LastIndexByte(table, '.')+1]
		for _, other := range s.Parameters() {
			if strings.HasPrefix(other.Key, list) && strings.HasSuffix(other.Key, "."+name) &&
				other.Key != p.Key {
				return toml + entry(strings.TrimSuffix(other.Key, "."+name), name,
					fmt.Sprint(other.Values[0]+p.Values[0]-now))
			}
		}
	}
	return toml
}
