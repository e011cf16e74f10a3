// Command budget tells how long a watch-app session may be so that it almost
// surely reaches its end.
//
//	budget caps [scenario.toml]                    safe duration caps
//	budget run SESSION DURATION [scenario.toml]    how one plan ends
//	budget check FILE...                           scenario files
//	budget show sessions|devices|environments|parameters [KEY]
//
// The answer goes to standard output, everything else to standard error. Run
// "budget help" for the commands and the exit codes, "budget help caps" for the
// flags of one.
//
// This package knows flags, files, the terminal, the clock and exit codes. What
// a scenario means is package model's, how it is simulated solver's, what comes
// out sweep's and plots's.
package main
