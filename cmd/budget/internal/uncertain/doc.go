// Package uncertain has the commands that vary uncertain quantities: uncertainty, which
// shows what that does to the caps; sensitivity, which ranks the quantities; and breakpoint,
// which finds the value at which a plan stops being safe.
//
// It refuses several readings or tolerances where an answer is of one. It stands on cli and
// inputs; package main lists its commands.
package uncertain
