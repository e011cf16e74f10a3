package disk

import "os"

// Scratch makes a private directory for files that no other program but one that budget starts
// reads, and returns what removes it with all that it holds.
func Scratch() (dir string, remove func(), err error) {
	dir, err = os.MkdirTemp("", "budget-*")
	return dir, func() { os.RemoveAll(dir) }, err
}
