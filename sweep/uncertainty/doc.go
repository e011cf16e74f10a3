// Package uncertainty finds how caps depend on uncertain inputs: quantities that are the
// same in all sessions but not known exactly.
//
// It asks three questions: how caps are spread over all that is uncertain (Spread), which
// quantities move a cap most (Sensitivity), and at which values of one quantity a plan
// fails (Breakpoint). All draw or choose values of the quantities by their laws and run
// the same sessions under each.
//
// Patterns that match no uncertain quantity are an error, and so are quantities that do
// not matter for a case.
package uncertainty
