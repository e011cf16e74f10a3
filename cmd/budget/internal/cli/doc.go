// Package cli is the program around its commands: a command is a row of a table, and from
// the table come dispatch, help and shell completion. It owns what every command needs of
// the world: arguments, the terminal, standard output, files that take their places whole
// or not at all, interrupts and exit codes; and it writes tables in every form.
//
// It refuses to know what a scenario, a cap or a watch is: package inputs, above it, does.
// Below it is texttab.
package cli
