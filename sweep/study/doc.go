// Package study finds how many sessions a field study must log, so that afterwards a session
// length is a robust cap.
//
// Robust caps are low because hazard rates are uncertain. A log of sessions narrows them
// (package field). Find simulates many studies, fits each as budget fit does, and finds the
// robust cap over what stays uncertain, as budget uncertainty does: rates that a log shows are
// drawn from their posteriors, all else from its present law. The share of the studies whose
// robust cap reaches the length is the assurance of that number of sessions. Find returns the
// smallest number with the assurance asked for.
//
// Rates do not act on the watch, so all studies share the simulated paths, and whether a length
// is safe is a smooth function of the rates (surface).
package study
