// Package starts finds caps by what an app can observe when a session starts: the watch,
// Low Power Mode, the thermal state and the battery level. It also gives one cap for
// everyone.
//
// Find finds the caps and pools them where paths are few. Read reads them from the files
// that WriteCells and WriteRest write.
//
// Files that do not belong together are an error. cmd/budget exports the caps for an
// app; plots/report shows them.
package starts
