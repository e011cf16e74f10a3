// Command budget answers how long a watch-app session may be so that it almost surely
// reaches its end.
//
// Its commands are the rows of a table in main.go: the small ones are files of this package,
// the others packages below internal. A new command is a file or package and a row.
// "budget help" lists them and the exit codes, "budget help caps" the flags of one. The
// answer goes to standard output, everything else to standard error.
//
// This package and its internals know flags, files, the terminal, the clock, processes and
// exit codes, and refuse to compute. What a scenario means is package model's, how it is
// simulated solver's, what comes out sweep's and plots's. Nothing is above it.
package main
