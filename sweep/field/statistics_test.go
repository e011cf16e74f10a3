package field

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/sweep/sessionlog"
)

// simulated returns sessions of two types in the heat at a low level, so that they end in every
// way. Every third one lacks some of its times, or has a bare reason.
func simulated(t testing.TB, s *model.Scenario, sessions int) []sessionlog.Session {
	t.Helper()
	var all []sessionlog.Session
	level := 0.12
	for _, id := range []string{"mindfulness", "workout"} {
		err := Simulate(context.Background(), s, solver.Case{Session: id, Device: solver.Fleet,
			Environment: solver.Mix, StartLevel: &level}, 3, sessions, func(x sessionlog.Session) error {
			switch len(all) % 3 {
			case 1:
				x.Low, x.VeryLow, x.HasLPM, x.LPM = math.NaN(), math.NaN(), true, x.Actual > 600
			case 2:
				x.Serious, x.Critical, x.Bare = math.NaN(), math.NaN(), sessionlog.Suppressed(x.Cause)
			}
			all = append(all, x)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestStatisticsMerge adds the same sessions in another order and in parts: the statistics are the
// same to the last byte.
func TestStatisticsMerge(t *testing.T) {
	t.Parallel()
	s := model.Default()
	all := simulated(t, s, 150)
	text := func(t *testing.T, x *Statistics) []byte {
		if err := x.check(s); err != nil {
			t.Fatal(err)
		}
		out, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	whole := NewStatistics(s)
	for i := range all {
		whole.Add(all[i])
	}
	want := text(t, whole)

	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	parts := []*Statistics{NewStatistics(s), NewStatistics(s), NewStatistics(s), NewStatistics(s)}
	for i := range all {
		parts[random.IntN(3)].Add(all[i]) // the last part stays empty
	}
	merged := NewStatistics(s)
	for _, i := range random.Perm(len(parts)) {
		merged.Merge(parts[i])
	}
	if got := text(t, merged); !bytes.Equal(got, want) {
		t.Errorf("merged parts are\n%s\nwant\n%s", got, want)
	}

	read := NewStatistics(s)
	if err := json.Unmarshal(want, read); err != nil {
		t.Fatal(err)
	}
	if got := text(t, read); !bytes.Equal(got, want) {
		t.Errorf("written and read again they are\n%s\nwant\n%s", got, want)
	}
}
