// Package timer has the command for timers of several cycles: timer says how often a timer
// fails up to each cycle, what it costs, and which way to run it is best.
//
// Package sweep simulates. Package main lists the command.
package timer
