// Package fit has the commands that know logs of sessions: fit, which compares a log with a
// scenario and fits hazard rates to it, and log, which simulates one.
//
// It refuses to repair rows: what is malformed or contradicts itself is listed and left
// out, as package field says. It stands on cli and inputs; package main lists its commands.
package fit
