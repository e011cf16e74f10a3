// Package caps has the commands that answer how long a session may be. The command caps answers
// by session type and tolerance, from a scenario or from a directory with results; export
// answers by what an app observes when a session starts.
//
// It does not compute anything: packages solver and sweep do. It uses cli and inputs; package
// main lists its commands.
package caps
