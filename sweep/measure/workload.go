package measure

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"budget/model"
)

// Workload is a measured load as a workload of a scenario.
type Workload struct {
	ID     string
	Like   string // the workload whose states, with their shares of the time, it keeps
	Device string // id, or "" for one of the fleet
	Power  Interval
	Source string
}

// Write writes a scenario file: what the scenario overrides and adds, and the workloads. Each has
// the states of the one that it is like, with their powers multiplied by one factor, so that its
// mean power under the factors of scenario and device is the measured one.
func Write(w io.Writer, s *model.Scenario, workloads []Workload) error {
	base := *s
	base.Name += ", measured load"
	if err := base.Write(w); err != nil {
		return err
	}
	for _, m := range workloads {
		like := s.Workload.ByID[m.Like]
		scale := float64(s.Population.PowerScale)
		if d := s.Device(m.Device); d != nil {
			scale = s.PowerScale(nil, d)
		}
		factor := m.Power.Middle / scale / like.MeanPower(s.Grid.Step)
		var powers []string
		for _, p := range like.Power {
			powers = append(powers,
				strconv.Quote(strconv.FormatFloat(1e3*float64(p)*factor, 'g', 5, 64)+" mW"))
		}
		source, err := json.Marshal(m.Source) // its strings are strings of TOML
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "\n# %.0f mW on average (%.0f to %.0f mW, 95 %%)\n[workload.%s]\n"+
			"like = %q\npower = { value = [%s], evidence = %q, source = %s }\n", 1e3*m.Power.Middle,
			1e3*m.Power.Low, 1e3*m.Power.High, m.ID, m.Like, strings.Join(powers, ", "), model.Measured,
			source)
		if err != nil {
			return err
		}
	}
	return nil
}
