// Package measure has the command measure, which turns a log of battery levels, or one number,
// into a workload with its mean power.
//
// What it reads and estimates is package sweep/measure. Package main lists the commands.
package measure
