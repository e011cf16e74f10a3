// Package optimize chooses the best of many designs of an app. A design file is a plan (package
// plan) some of whose axes are knobs, which are ours to set; the others are circumstances, which
// are not. A design is one level of every knob, a Candidate. The goal is the longest cap over the
// circumstances, among the candidates that meet the requirements.
//
// Package ranking selects, with a guarantee; this package simulates for it, on common random
// numbers, and finds what the next step of each knob gains or costs.
//
// Designs without a knob, knobs that nothing depends on and requirements that cannot be met are
// problems with their places.
package optimize
