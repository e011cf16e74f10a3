package model

import (
	"slices"
	"testing"
)

// TestOverridesWithoutEffect checks the messages about overrides that change no answer.
func TestOverridesWithoutEffect(t *testing.T) {
	t.Parallel()
	const repeats = "has no effect: it has this value already"
	for text, want := range map[string][]string{
		"population.start_level_beta = 2\n": nil,
		"policy.suppress_low = '0.1 /h'\n":  nil, // it is no longer uncertain
		"policy.cpu_limit = 0.15\n":         {"1:8: policy.cpu_limit: " + repeats},
		"policy.suppress_low = { value = '0.1 /h', range = ['0.01 /h', '1 /h'] }": {
			"1:8: policy.suppress_low: " + repeats},
		"[[session]]\nid = 'workout'\nworkload = 'workout'": {"3:1: session.workout.workload: " + repeats},
		"[[session]]\nid = 'workout'\nname = 'Run'":         nil,
		"[[device]]\nid = 's4-40'\ncapacity = '230 mAh'\nbuild = 'large'": {"3:1: device.s4-40.capacity: " +
			"acts only where a command names the device: it has no share of the fleet"},
		"[[device]]\nid = 'x'\nlike = 's9-41'":                       nil,
		"[[device]]\nid = 'x'\nlike = 's9-41'\ncapacity = '282 mAh'": {"4:1: device.x.capacity: " + repeats},
		"[[environment]]\nid = 'x'\nlike = 'sun'\nou_sd = '2 K'": {"4:1: environment.x.ou_sd: acts only " +
			"where a command names the environment: it has no share of the mix"},
		"[[environment]]\nid = 'indoor'\nsun_spell = '10 min'": {"3:1: environment.indoor.sun_spell: has " +
			"no effect: sun_share is 0"},
		"[workload.x]\nlike = 'seated'\ncpu = [0, 0, 0, 0]": {"3:1: workload.x.cpu: has no effect: no " +
			"session type has this workload"},
		"[workload.seated]\ncpu = [0, 0, 0, 0]": nil,
		"[thermal.build.x]\nlike = 'large'\narea_scale = 2": {"3:1: thermal.build.x.area_scale: has no " +
			"effect: no device has this build"},
		"[[thermal.fit]]\nid = 'x'\nlike = 'snug'\nr_kw = '2 K/W'": {"4:1: thermal.fit.x.r_kw: has no " +
			"effect: no wearer has this fit"},
		"[thermal.running]\nfront = '0.07 W/K'": {"2:1: thermal.running.front: has no effect: no " +
			"environment has this airflow"},
		"[thermal.walking]\nfront = '0.07 W/K'": nil,
		"timer.keep = true":                     nil,
		"timer.away = '1 min'":                  {"1:7: timer.away: has no effect: no command uses it"},
		"policy.pressure_low = 3":               nil,
	} {
		got := mustParse(t, text).NoEffect()
		for i := range want {
			want[i] = "plan.toml:" + want[i]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q:\n%q\nwant %q", text, got, want)
		}
	}
	unlimited := "policy.pressure_low = 3\n"
	for _, id := range IDs(Default().Sessions) {
		unlimited += "[[session]]\nid = '" + id + "'\nlimit = '0 s'\n"
	}
	if got := mustParse(t, unlimited).NoEffect(); !slices.Contains(got, "plan.toml:1:8: policy."+
		"pressure_low: has no effect: no session type has a limit that pressure could use up") {
		t.Errorf("without limits: %q", got)
	}
}
