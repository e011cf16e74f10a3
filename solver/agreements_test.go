package solver_test

import (
	"testing"

	"budget/model"
)

// newRules lists cases of agreement between project and oracle for arrivals, the prompt that
// takes the front, Low Power rules of types and workloads, power scales and regular cues.
var newRules = []agreement{
	// Arrival (section 4).
	{name: "from the cold into the sun", session: "physical-therapy", environment: "sun",
		toml: `
		[[environment]]
		id = "shade"
		ambient_mean = "-10 degC"
		[[environment]]
		id = "sun"
		from = "shade"
		since_max = "20 min"
		ambient_mean = "33 degC"`, plans: []float64{5, 60, 300, 900, 1800}},
	{name: "from indoors into the frost", session: "workout", environment: "shade",
		toml: `
		[[environment]]
		id = "shade"
		since_max = "10 min"
		ambient_mean = "-15 degC"`, plans: []float64{5, 60, 300, 900, 1800}},
	{name: "from the hot sun, critical at the start", session: "mindfulness", environment: "indoor",
		toml: `
		[thermal]
		t_off = "80 degC"
		[[environment]]
		id = "indoor"
		from = "sun"
		since_max = "10 min"
		[[environment]]
		id = "sun"
		ambient_mean = "70 degC"`, plans: []float64{5, 60, 300, 900, 1800}},
	{name: "from a sauna, too hot to start", session: "mindfulness", environment: "indoor",
		toml: `
		[[environment]]
		id = "indoor"
		from = "sun"
		since_max = "15 min"
		[[environment]]
		id = "sun"
		ambient_mean = "95 degC"`, plans: []float64{5, 60, 300, 900}},
	{name: "into a sauna", session: "workout", environment: "sun",
		toml: `
		[[environment]]
		id = "sun"
		since_max = "1 min"
		sun_share = 0
		ambient_mean = "95 degC"
		ambient_sd = "5 K"`, plans: []float64{5, 60, 300, 600, 900}},
	{name: "just arrived", session: "workout", environment: "shade",
		toml: `
		[[environment]]
		id = "shade"
		since_max = "0 s"
		ambient_mean = "0 degC"`, plans: []float64{5, 60, 300, 900, 1800}},
	{name: "from moving air into still air", session: "smart-alarm", environment: "indoor",
		toml: `
		[policy]
		levels = ["28 degC", "30 degC", "32 degC"]
		[[environment]]
		id = "indoor"
		from = "shade"
		since_max = "30 min"
		[[environment]]
		id = "shade"
		airflow = "running"`, plans: []float64{5, 60, 300, 900, 1500}},
	{name: "everyone comes from elsewhere", session: "mindfulness", toml: `
		[policy]
		levels = ["30 degC", "33 degC", "36 degC"]
		[[environment]]
		id = "indoor"
		from = "sun"
		since_max = "40 min"
		[[environment]]
		id = "shade"
		from = "shade"
		[[environment]]
		id = "sun"
		from = "shade"
		irradiance_max = "900 W/m2"`, plans: []float64{5, 600, 1800, 2700}},
	// The prompt (section 6).
	{name: "the prompt at the start", session: "mindfulness", startLevel: 0.085, toml: `
		[policy]
		prompt_resign = 0.5`, plans: []float64{5, 60, 600, 1800}, withResigned: true},
	{name: "the prompt at the last poll", session: "mindfulness", startLevel: 0.107, toml: `
		[grid]
		margin = "0 s"
		[policy]
		prompt_resign = 0.5
		[gauge]
		noise_sd = 0.01
		noise_tau = "20 s"`, plans: []float64{5, 10, 15, 60}},
	{name: "the prompt always takes the front", session: "mindfulness", toml: `
		[policy]
		prompt_resign = 1
		low_battery = 0.4`, plans: []float64{5, 600, 1800, 2700, 3590}},
	{name: "the prompt accepted", session: "mindfulness", toml: `
		[population]
		lpm_accept = 1
		[policy]
		prompt_resign = 0.3
		low_battery = 0.4
		lpm_power = 0.2
		suppress_lpm = "1 /h"`, plans: []float64{5, 600, 1800, 2700, 3590}},
	{name: "the prompt refused", session: "mindfulness", toml: `
		[population]
		lpm_accept = 0
		[policy]
		prompt_resign = 0.3
		low_battery = 0.4
		suppress_lpm = "1 /h"`, plans: []float64{5, 600, 1800, 2700, 3590}},
	{name: "mindfulness in the background", session: "mindfulness", toml: `
		[policy]
		prompt_resign = 1
		low_battery = 0.4
		[[session]]
		id = "mindfulness"
		frontmost = false`, plans: []float64{5, 600, 1800, 3590}},
	{name: "a workout in front", session: "workout", toml: `
		[policy]
		prompt_resign = 0.6
		low_battery = 0.3
		[[session]]
		id = "workout"
		frontmost = true
		resign = "0 /h"`, plans: []float64{60, 900, 1800, 3600}},
	{name: "no prompt in Low Power Mode", session: "mindfulness", toml: `
		[population]
		lpm_on_start = 1
		[policy]
		prompt_resign = 1
		low_battery = 0.4`, plans: []float64{5, 600, 1800, 3590}},
	{name: "the prompt beside other leaves", session: "mindfulness", toml: `
		[population]
		frailty_shape = 0.3
		[policy]
		prompt_resign = 0.3
		low_battery = 0.3
		[[session]]
		id = "mindfulness"
		resign = "3 /h"
		stop = "2 /h"`, plans: []float64{5, 300, 600, 1200, 1800}, withResigned: true},
	{name: "the prompt, and a grant under pressure", session: "mindfulness",
		startLevel: 0.14, toml: `
		[policy]
		prompt_resign = 0.4
		pressure_low = 1`, plans: []float64{5, 900, 1795, 2400, 3000, 3590}},
	{name: "the prompt of a displayed level that jumps", session: "self-care", toml: `
		[gauge]
		bias_sd = 0.1
		noise_sd = 0.1
		noise_tau = "1 min"
		converge = 1
		[policy]
		prompt_resign = 0.2
		low_battery = 0.3
		very_low_battery = 0.2`, plans: []float64{5, 60, 300, 595}},
	{name: "the prompt of a cold dive", session: "underwater-depth", environment: "shade",
		toml: `
		[policy]
		prompt_resign = 0.5
		low_battery = 0.35
		[[environment]]
		id = "shade"
		ambient_mean = "4 degC"
		ambient_sd = "2 K"`, plans: []float64{60, 600, 1200, 1800}},
	// Low Power rules by type and workload.
	{name: "refusals of its own", session: "mindfulness", toml: `
		[population]
		lpm_on_start = 0.5
		[[session]]
		id = "mindfulness"
		refuse_lpm = 0.4`, plans: []float64{5, 600, 1800}},
	{name: "starts that fail now and then", session: "workout", toml: `
		[population]
		lpm_on_start = 0.5
		[[session]]
		id = "workout"
		refuse = 0.3
		refuse_lpm = 0.4`, plans: []float64{5, 600, 1800}},
	{name: "suppression of its own", session: "smart-alarm", toml: `
		[population]
		lpm_on_start = 0.5
		[[session]]
		id = "smart-alarm"
		suppress_lpm = "2 /h"`, plans: []float64{5, 600, 1200, 1790}},
	{name: "no suppression of its own", session: "audio", toml: `
		[population]
		lpm_on_start = 0.5
		[policy]
		suppress_lpm = "5 /h"
		refuse_lpm = 0.5
		[[session]]
		id = "audio"
		suppress_lpm = "0 /h"
		refuse_lpm = 0`, plans: []float64{5, 600, 1800, 3600}},
	{name: "workouts in Low Power Mode", session: "workout", toml: `
		[population]
		lpm_on_start = 1
		[policy]
		suppress_lpm = "5 /h"
		refuse_lpm = 0.5`, plans: []float64{60, 900, 3600, 7200}, halved: true},
	{name: "a workload that Low Power Mode makes worse", session: "mindfulness",
		startLevel: 0.1, toml: `
		[population]
		lpm_accept = 1
		[workload.seated]
		lpm_power = 2`, plans: []float64{5, 600, 1800, 2700}},
	{name: "a workload that Low Power Mode turns off", session: "workout", startLevel: 0.05, toml: `
		[population]
		lpm_accept = 0.5
		[workload.workout]
		lpm_power = 0`, plans: []float64{5, 600, 1800, 2700}},
	// Power scales, devices and workloads.
	{name: "a device with a scale of its own", session: "workout", toml: `
		[[device]]
		id = "s9-45"
		power_scale = 2.5`, plans: []float64{5, 600, 1800, 3600}},
	{name: "all loads greater", session: "workout", device: "s10-46", toml: `
		[population]
		power_scale = 1.43
		[[device]]
		id = "s10-46"
		power_scale = 1.2`, plans: []float64{5, 600, 1800, 3600}},
	{name: "music over the air on an old watch", session: "workout", device: "s4-40", toml: `
		[[session]]
		id = "workout"
		workload = "workout-stream"`, plans: []float64{5, 600, 1800, 3600}},
	{name: "away from the phone", session: "workout", toml: `
		[[session]]
		id = "workout"
		workload = "workout-lte"`, plans: []float64{5, 600, 1800, 3600}},
	{name: "worn on the newest watch", session: "audio", device: "s11-46", startLevel: 0.06, toml: `
		[[session]]
		id = "audio"
		workload = "worn"`, plans: []float64{5, 600, 1800, 3600}},
	// Regular cues (section 5).
	{name: "cues of some steps", session: "mindfulness", startLevel: 0.07, toml: `
		[workload.seated]
		cue_every = "1 min"
		cue_for = "17 s"
		power = ["62 mW", "220 mW", "280 mW", "900 mW"]`,
		plans: []float64{5, 60, 65, 600, 1800}},
	{name: "cues of a step, and no others", session: "mindfulness", startLevel: 0.05, toml: `
		[workload.seated]
		cue_every = "30 s"
		cue_for = "2 s"
		enter = ["0 /h", "4 /h", "15 /h", "0 /h"]
		power = ["62 mW", "220 mW", "280 mW", "1.5 W"]`, plans: []float64{25, 30, 600, 1800}},
	{name: "cues through the CPU window", session: "physical-therapy", toml: `
		[policy]
		cpu_limit = 0.1
		[workload.therapy]
		cpu = [0.015, 0.07, 0.15, 0.3]
		cue_every = "50 s"
		cue_for = "15 s"`, plans: []float64{5, 50, 60, 100, 150, 600}},
	{name: "cues longer than a short CPU window", session: "physical-therapy", toml: `
		[policy]
		cpu_window = "15 s"
		[workload.therapy]
		cpu = [0.015, 0.07, 0.15, 0.15]
		cue_every = "5 min"
		cue_for = "4 min 50 s"`, plans: []float64{5, 295, 300, 310, 600}},
	{name: "a cue at the last poll", session: "workout", startLevel: 0.2, toml: `
		[grid]
		margin = "0 s"
		[battery]
		v_cut = "3.6 V"
		[workload.workout]
		cue_every = "1 min"
		power = ["150 mW", "300 mW", "420 mW", "800 mW"]`, plans: []float64{55, 60, 65, 120}},
	// The grid.
	{name: "arrival, prompt and cues in steps of 1 s", session: "self-care", environment: "shade",
		toml: `
		[grid]
		step = "1 s"
		[policy]
		prompt_resign = 0.5
		low_battery = 0.4
		[workload.seated]
		cue_every = "31 s"
		cue_for = "2.5 s"
		[[environment]]
		id = "shade"
		ambient_mean = "-20 degC"`, plans: []float64{1, 31, 60, 300, 594}},
	{name: "arrival, prompt and cues in steps of 2.5 s", session: "mindfulness", environment: "sun",
		toml: `
		[grid]
		step = "2.5 s"
		[policy]
		prompt_resign = 0.5
		low_battery = 0.4
		levels = ["32 degC", "35 degC", "38 degC"]
		[workload.seated]
		cue_every = "62.5 s"
		cue_for = "6 s"`, plans: []float64{2.5, 60, 62.5, 300, 900}},
	{name: "no margin", session: "mindfulness", startLevel: 0.12, toml: `
		[grid]
		margin = "0 s"
		[policy]
		prompt_resign = 0.5`, plans: []float64{5, 600, 1800, 2700, 3595}},
	{name: "a minute of margin", session: "mindfulness", startLevel: 0.12, toml: `
		[grid]
		margin = "1 min"
		[policy]
		prompt_resign = 0.5
		[workload.seated]
		cue_every = "1 min"
		cue_for = "15 s"`, plans: []float64{5, 600, 1800, 2700, 3535}},
}

// TestNewRulesAreReached checks that sessions end in every case of the oracle, and that
// causes and survival sum to 1 in all accounts.
func TestNewRulesAreReached(t *testing.T) {
	for i, a := range newRules {
		s, err := model.Parse(a.name, []byte(a.toml))
		if err != nil {
			t.Fatal(err)
		}
		o := &oracle{Scenario: s, Session: a.session, Device: a.device, Environment: a.environment,
			Plans: a.plans[:min(3, len(a.plans))], Failures: model.Failures}
		if a.startLevel > 0 {
			o.StartLevel = &a.startLevel
		}
		result := o.Run(64, uint64(5000+i), 2)
		for l := range accountCount {
			for _, curves := range []*oracleCurves{&result.Weights[l], &result.Tosses[l]} {
				for plan := range o.Plans {
					sum := 0.0
					for row := range survivalRow + 1 {
						sum += curves[row][plan].Probability
					}
					if sum < 1-1e-6 || sum > 1+1e-6 {
						t.Errorf("%s: causes and survival sum to %v", a.name, sum)
					}
				}
			}
		}
		if last := len(o.Plans) - 1; result.Weights[0][survivalRow][last].Probability == 1 {
			t.Errorf("%s: nothing ends", a.name)
		}
	}
	t.Logf("%d cases", len(newRules))
}
