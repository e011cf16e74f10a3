package plant

import (
	"testing"

	"budget/model"
)

// scenario parses a scenario over the defaults.
func scenario(t testing.TB, toml string) *model.Scenario {
	t.Helper()
	s, err := model.Parse("test.toml", []byte(toml))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func compile(t testing.TB, s *model.Scenario, c Case) *Plant {
	t.Helper()
	if c.Device == "" {
		c.Device = Fleet
	}
	if c.Environment == "" {
		c.Environment = Mix
	}
	p, err := Compile(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func level(z float64) *float64 { return &z }

// historyOf runs a path with the portable kernel.
func historyOf(p *Plant, s Sampler, path uint64, steps int) (history History) {
	k := newPortable(p, s)
	k.Run(steps, pathsFrom(path, path+1), func(_ uint64, h *History) { history = *h })
	return history
}

// pathsFrom tells the paths from first up to but not including last.
func pathsFrom(first, last uint64) func() (uint64, bool) {
	return func() (uint64, bool) {
		first++
		return first - 1, first <= last
	}
}

// copyOf copies a history, whose lists the kernel uses again.
func copyOf(h *History) History {
	c := *h
	c.Runs = append([]Run{}, h.Runs...)
	c.Restarts = append([]Restart{}, h.Restarts...)
	return c
}
