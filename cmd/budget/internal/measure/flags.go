package measure

import (
	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/model"
	"budget/solver"
	"budget/sweep/measure"
)

// flags are the flags of budget measure.
type flags struct {
	*inputs.Options
	device string
	like   string
	health float64
	from   *fall
	gap    model.Duration
	split  string // column
}

// workloadID is the id of the workload in measured.toml.
const workloadID = "measured"

// fileName is the name of the scenario with the measured workload.
const fileName = "measured.toml"

// consistent checks what the flags and arguments say together.
func (f *flags) consistent(args []string) error {
	switch {
	case f.from == nil && len(args) == 0:
		return cli.Usagef("expected a log of levels, such as: budget measure levels.csv, or "+
			"--from-percent %q", "12 % in 45 min")
	case f.from == nil && f.StartLevel != nil:
		return cli.Usagef("--start-level goes with --from-percent: a log has its own levels")
	case f.from != nil && f.split != "":
		return cli.Usagef("--split goes with a log, not with --from-percent")
	case f.from != nil && f.gap != 0:
		return cli.Usagef("--gap goes with a log, not with --from-percent")
	case f.from != nil && f.StartLevel != nil && *f.StartLevel < f.from.share:
		return cli.Usagef("--from-percent: the level cannot fall by %s from a start at %s",
			share(f.from.share), share(*f.StartLevel))
	}
	return nil
}

// question checks the ids against the scenario.
func (f *flags) question(s *model.Scenario) (measure.Question, error) {
	q := measure.Question{Health: f.health, Seed: f.Seed}
	if f.device != solver.Fleet {
		if s.Device(f.device) == nil {
			return q, cli.Usagef("--device: %q is unknown%s", f.device,
				cli.Suggest(f.device, append([]string{solver.Fleet}, model.IDs(s.Devices)...)))
		}
		q.Device = f.device
	}
	if s.Workload.ByID[f.like] == nil {
		return q, cli.Usagef("--like: %q is unknown%s", f.like, cli.Suggest(f.like, s.WorkloadIDs()))
	}
	return q, nil
}
