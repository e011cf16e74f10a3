// Package optimize has the command that chooses the best of many designs: optimize says which,
// what else is as good, and what the next step of each knob gains or costs.
//
// Package sweep/optimize selects and simulates. Package main lists the command.
package optimize
