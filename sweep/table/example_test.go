package table_test

import (
	"log"
	"os"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/table"
)

// A cap that no path was simulated for: missing values are empty.
func ExampleWriteCaps() {
	c := sweep.Unanswered(sweep.Case{Session: "workout", Device: solver.Fleet, Environment: solver.Mix,
		Horizon: 14400},
		solver.Cautious, 0.01, 0.95)
	met := c
	met.Cap, met.CapUpper, met.Status, met.BindingCause, met.Paths = 3600, 3720, sweep.CapMet,
		model.PowerOff, 4096
	met.FailureAtCap = estimate.Estimate{Value: 0.0092}
	if err := table.WriteCaps(os.Stdout, []sweep.Cap{c, met},
		&sweep.Provenance{Scenario: "Defaults"}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// session,device,environment,start_level,reading,limit_s,mean_load_w,tolerance,confidence,cap_s,cap_upper_s,cycles,cycle_ends_s,failure_at_cap,binding_cause,failure_at_limit,resigned_at_cap,completed_at_cap,refused,status,paths,gate,left_out,gated_cap_s,gated_cap_upper_s,gated_status,cap_p5_s,cap_p50_s,cap_p95_s,robust_cap_s,robust_share,range_longest_s,scenario,overrides
	// workout,fleet,mix,,cautious,,,0.01,0.95,0,14400,,,,,,,,,not-enough-samples,0,,,,,,,,,,,,Defaults,
	// workout,fleet,mix,,cautious,,,0.01,0.95,3600,3720,,,0.0092,power-off,,,,,met,4096,,,,,,,,,,,,Defaults,
}
