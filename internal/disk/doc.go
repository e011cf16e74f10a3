// Package disk is the one place where budget writes files.
//
// A Set is the files that a command writes to a directory: each goes to a temporary file beside
// its place first, and all take their places once every one is whole and on the disk. The last
// one is provenance.json, sealed with the digests of the others and of itself; so whoever reads
// the directory (Check) finds a changed byte in any file, files of two runs, and a run that was
// stopped between two files. Modes are those of any new file: the umask decides.
//
// A killed process leaves temporary files. The next Set in the directory removes them, and only
// those: their names have a form of their own, and a lock says whether their process still lives.
package disk
