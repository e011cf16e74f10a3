package plant

import (
	"fmt"
	"testing"

	"budget/model"
)

// conditionsOf returns the condition of a path at every step up to its end.
func conditionsOf(h *History, steps int) []model.Condition {
	var c []model.Condition
	for i, run := range h.Runs {
		for k := int(run.Step); k < h.Next(i, steps) && k < h.End; k++ {
			c = append(c, ConditionOf(int(run.Condition)))
		}
	}
	return c
}

// compareWorse runs the same paths, under common random numbers, in two
// scenarios and calls check with both histories.
func compareWorse(t *testing.T, better, worse *Plant,
	check func(path uint64, better, worse *History) string) {
	t.Helper()
	s := NewSampler(11, Tilted)
	differ := 0
	for path := range uint64(400) {
		a, b := historyOf(better, s, path, better.Steps), historyOf(worse, s, path, worse.Steps)
		if problem := check(path, &a, &b); problem != "" {
			t.Fatalf("path %d: %s", path, problem)
		}
		if a.End != b.End || len(a.Runs) != len(b.Runs) {
			differ++
		}
	}
	if differ == 0 {
		t.Error("the two scenarios do not differ on any path: the test shows nothing")
	}
}

// noLowPower switches Low Power Mode off: it lets a worse battery save load, and
// so live longer, which is why the orderings below hold only without it.
const noLowPower = `
[population]
lpm_on_start = 0
lpm_accept = 0
`

// TestWorseBatteriesEndSooner: colder, older and emptier never let a path of the
// plant live longer, nor show a low battery later.
func TestWorseBatteriesEndSooner(t *testing.T) {
	cold := func(celsius int) string {
		return fmt.Sprintf("[[environment]]\nid = \"shade\"\nambient_mean = \"%d degC\"\n"+
			"ambient_sd = \"3 K\"\n", celsius)
	}
	age := func(years float64) string {
		return fmt.Sprintf("age_years = [\"%v year\", \"%v year\"]\n", years, years)
	}
	c := Case{Session: "workout", Environment: "shade", Duration: 5400}
	at := func(z float64, changes string) *Plant {
		c := c
		c.StartLevel = level(z)
		return compile(t, scenario(t, noLowPower+changes), c)
	}
	for name, pair := range map[string][2]*Plant{
		"colder":         {at(0.3, cold(5)), at(0.3, cold(-12))},
		"colder, little": {at(0.15, cold(-10)), at(0.15, cold(-11))},
		"older":          {at(0.2, age(0.5)+cold(-5)), at(0.2, age(3)+cold(-5))},
		"emptier":        {at(0.14, ""), at(0.12, "")},
	} {
		t.Run(name, func(t *testing.T) {
			compareWorse(t, pair[0], pair[1], func(path uint64, better, worse *History) string {
				if worse.End > better.End {
					return fmt.Sprintf("the worse battery lives to step %d, the better to %d",
						worse.End, better.End)
				}
				low := conditionsOf(better, pair[0].Steps)
				for k, c := range conditionsOf(worse, pair[1].Steps) {
					if low[k].Low && !c.Low || low[k].VeryLow && !c.VeryLow {
						return fmt.Sprintf("low at step %d with the better battery, not with the worse", k)
					}
				}
				return ""
			})
		})
	}
}

// TestHotterSunHeats: a stronger sun never lowers the thermal level at any step,
// nor lets a path outlive the heat longer.
func TestHotterSunHeats(t *testing.T) {
	sun := func(strength int) string {
		return fmt.Sprintf(`
[[environment]]
id = "sun"
irradiance_max = "%d W/m2"
ambient_mean = "32 degC"
[battery]
v_cut = "0 V"
`, strength)
	}
	c := Case{Session: "mindfulness", Environment: "sun", StartLevel: level(0.8)}
	for _, strengths := range [][2]int{{300, 1000}, {600, 620}} {
		better := compile(t, scenario(t, sun(strengths[0])), c)
		worse := compile(t, scenario(t, sun(strengths[1])), c)
		compareWorse(t, better, worse, func(path uint64, mild, strong *History) string {
			if strong.End > mild.End {
				return fmt.Sprintf("lives to step %d in the stronger sun, to %d in the milder",
					strong.End, mild.End)
			}
			hot := conditionsOf(mild, better.Steps)
			for k, c := range conditionsOf(strong, worse.Steps) {
				if c.Thermal < hot[k].Thermal {
					return fmt.Sprintf("thermal level %d at step %d in the stronger sun, %d in the milder",
						c.Thermal, k, hot[k].Thermal)
				}
			}
			return ""
		})
	}
}
