// Package caps has the commands that answer how long a session may be: caps, by session
// type and tolerance, from a scenario or from a directory with results; and export, by
// what an app observes when a session starts.
//
// It refuses to compute: what it prints, packages solver and sweep have found. It stands on
// cli and inputs; package main lists its commands.
package caps
