// Package uncertainty says what a cap owes to quantities that are the same in all sessions
// but that nobody knows.
//
// It asks three questions: how caps are spread over all that is uncertain (Spread), which
// quantities move a cap most (Sensitivity), and at which values of one quantity a plan
// fails (Breakpoint). All draw or choose values of the quantities by their laws and run
// the same sessions under each.
//
// The package refuses patterns that match nothing uncertain and quantities that do not
// matter for a case. Below it are sweep and compare; above it are plots and cmd/budget.
package uncertainty
