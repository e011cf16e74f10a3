// Package sessionlog reads logs of real sessions as apps write them.
//
// ReadAll reads a log, a table with a row for every session or HealthKit's export.xml, in dialects,
// encodings, units and words as apps write them, and gives every session to a Sink. Malformed rows,
// duplicates and contradictions become remarks with their places; no row is dropped without a
// remark. Session.Write writes a row.
//
// What the sessions say together is package field's. Results depend on the arguments alone. The
// package uses no terminal, file or clock.
package sessionlog
