package sweep

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"budget/model"
	"budget/solver"
)

const likeOthers = `
[[device]]
id = "my-watch"
like = "s9-41"
[[environment]]
id = "my-room"
like = "indoor"
[[session]]
id = "my-workout"
like = "workout"
workload = "my-workload"
[workload.my-workload]
like = "workout"
`

// TestLikeIsTheSame: what is added like something else, with nothing else said, has the same
// answer to the last bit.
func TestLikeIsTheSame(t *testing.T) {
	t.Parallel()
	s, err := model.Parse("plan.toml", []byte(likeOthers))
	if err != nil {
		t.Fatal(err)
	}
	q := request()
	answer := func(s *model.Scenario, session, device, environment string) *Result {
		q.Sessions, q.Devices, q.Environments = []string{session}, []string{device}, []string{environment}
		r, err := Run(context.Background(), s, q, Control{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		for i := range r.Caps {
			r.Caps[i].Case = Case{}
		}
		return r
	}
	for _, test := range [][2][3]string{
		{{"workout", "s9-41", "indoor"}, {"my-workout", "my-watch", "my-room"}},
		{{"workout", solver.Fleet, solver.Mix}, {"my-workout", solver.Fleet, solver.Mix}},
	} {
		x, y := test[0], test[1]
		want, got := answer(model.Default(), x[0], x[1], x[2]), answer(s, y[0], y[1], y[2])
		// As text, which has every digit, and in which what is missing is alike.
		if got, want := fmt.Sprintf("%+v", got.Caps), fmt.Sprintf("%+v", want.Caps); got != want {
			t.Errorf("%v has other caps than %v:\n%s\n%s", y, x, got, want)
		}
		for i, x := range want.Incidences {
			y := got.Incidences[i]
			if fmt.Sprint(x.Failure) != fmt.Sprint(y.Failure) {
				t.Errorf("%v fails otherwise than %v", test[1], test[0])
			}
		}
	}
}

// TestAddedIsDescribed: the provenance has what a scenario adds, in full.
func TestAddedIsDescribed(t *testing.T) {
	t.Parallel()
	s, err := model.Parse("plan.toml", []byte(likeOthers))
	if err != nil {
		t.Fatal(err)
	}
	var p Provenance
	p.DescribeScenario(s)
	if want := []string{"device.my-watch", "environment.my-room", "session.my-workout",
		"workload.my-workload"}; !reflect.DeepEqual(p.Added, want) {
		t.Errorf("added %v, want %v", p.Added, want)
	}
	found := map[string]Override{}
	for _, o := range p.Overrides {
		found[o.Key] = o
	}
	for key, want := range map[string]Override{
		"device.my-watch.capacity":           {Value: "282 mAh"},
		"device.my-watch.build":              {Value: "small", Word: true},
		"device.my-watch.weight":             {Value: "0"},
		"session.my-workout.background_mode": {Value: "workout-processing", Word: true},
		"session.my-workout.workload":        {Value: "my-workload", Word: true, Default: "workout"},
		"workload.my-workload.lpm_power":     {Value: "0.7"},
		"environment.my-room.ambient_mean":   {Value: "22.5 degC"},
	} {
		got := found[key]
		if got.Value != want.Value || got.Word != want.Word || got.Default != want.Default {
			t.Errorf("%s is described as %+v, want %+v", key, got, want)
		}
	}
}
