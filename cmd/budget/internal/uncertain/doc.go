// Package uncertain has the commands that vary uncertain inputs: uncertainty shows how they move
// the caps; sensitivity ranks them; breakpoint finds the value at which a session length stops
// being safe; and study says how many sessions to log until it is safe whatever they are.
//
// Several readings or tolerances are an error where an answer is for one. The package uses cli
// and inputs; package main lists its commands.
package uncertain
