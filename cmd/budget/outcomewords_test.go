package main

import (
	"strings"
	"testing"

	"budget/cmd/budget/internal/inputs"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// of returns an estimate with its bounds.
func of(value, lower, upper float64) estimate.Estimate {
	return estimate.Estimate{Value: value, Interval: estimate.Interval{Lower: lower, Upper: upper}}
}

func TestAnswerInWords(t *testing.T) {
	t.Parallel()
	workout := sweep.Case{Session: "workout", SessionName: "Workout (HKWorkoutSession)",
		Device: solver.Fleet, Environment: solver.Mix}
	sun := workout
	sun.Device, sun.Environment, sun.Limit = "ultra2-49", "sun", 3600
	for _, c := range []struct {
		sweep.Case
		fails estimate.Estimate
		want  string
	}{
		{workout, of(0.0067, 0.006, 0.0075), "Of 1 000 workout sessions of 90 min that start, 6.7 fail " +
			"(6 to 7.5), most often by power-off; 20 leave the app for another, 970 complete. " +
			"No documented limit."},
		{workout, of(0.00042, 0.0003, 0.0012), "Of 10 000 workout sessions of 90 min that start, 4.2 " +
			"fail (3 to 12), most often by power-off; 200 leave the app for another, 9 700 complete. "},
		{workout, of(0.9, 0.9, 0.9), "900 fail, most often by power-off;"},
		{workout, of(0, 0, 0.0042), "none is seen to fail (at most 4.2);"},
		{workout, of(0, 0, 1), "Too few sessions simulated to say how often workout sessions of 90 min fail"},
		{sun, of(0.9, 0.9, 0.9), "The grant is 60 min: a 90 min session always expires, if nothing ends " +
			"it before. Of 1 000 workout sessions of 90 min that start, ultra2-49, sun, 900 fail"},
	} {
		o := &outcomes{Options: inputs.NewOptions(1), lengths: []float64{5400}}
		o.cases = []caseOutcomes{{Case: c.Case, length: 5400, readings: []readingOutcomes{{fails: c.fails,
			leaves: of(0.02, 0.02, 0.02), completes: of(0.97, 0.97, 0.97), endsBy: model.PowerOff}}}}
		if got := o.answer(&o.cases[0]); !strings.Contains(got, c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestLeavingCountsOnce: where leaving the app is a failure, those that leave are among those that
// fail.
func TestLeavingCountsOnce(t *testing.T) {
	t.Parallel()
	o := &outcomes{Options: inputs.NewOptions(1), lengths: []float64{2700}}
	o.OnResign = inputs.ResignEnds
	o.cases = []caseOutcomes{{Case: sweep.Case{Session: "workout",
		SessionName: "Workout", Device: solver.Fleet, Environment: solver.Mix}, length: 2700,
		readings: []readingOutcomes{{fails: of(0.078, 0.078, 0.078), leaves: of(0.072, 0.072, 0.072),
			completes: of(0.922, 0.922, 0.922), endsBy: model.Resigned}}}}
	want := "78 fail, most often by resigned; 72 of them leave the app for another, 922 complete."
	if got := o.answer(&o.cases[0]); !strings.Contains(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHeatInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		serious estimate.Estimate
		ended   float64
		want    string
	}{
		{of(0, 0, 0.0002), 0, "The watch does not get hot: its skin side reaches 30.0 °C (30.0 to 30.0 °C), " +
			"and none of 16 384 simulated sessions that finish reaches thermal level serious (less " +
			"than 0.020 %)."},
		{of(0.002, 0.001, 0.003), 0.001, "The watch does not get hot: its skin side reaches 30.0 °C (30.0 to " +
			"30.0 °C), and 0.20 % of sessions that finish reach thermal level serious."},
		{of(0.002, 0.001, 0.003), 0.012, "The watch seldom gets hot: "},
		{of(0.05, 0.04, 0.06), 0.01, "The watch seldom gets hot: "},
		{of(0.5, 0.4, 0.6), 0.1, "The watch often gets hot: "},
	} {
		hot := of(30, 30, 30)
		cost := &solver.Cost{Paths: 16384, Serious: c.serious, Hottest: solver.Spent{Mean: hot, P5: hot,
			P95: hot}}
		if got := spent(cost, c.ended); !strings.Contains(got, c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
