// Package starts finds caps by what an app can observe when a session starts: the watch,
// Low Power Mode, the thermal state and the battery level, beside one cap for everyone.
//
// Find finds the caps, pooled where paths are few; Read reads them from the files that
// WriteCells and WriteRest have written.
//
// The package refuses files that do not belong together. Below it are sweep and table;
// above it are plots/report and cmd/budget, which exports the caps for an app.
package starts
