package disk

import "os"

// Scratch makes a private directory for files that no other program but one that budget starts
// reads, and returns what removes it with all that it holds.
func Scratch() (dir string, remove func(), err error) {
	dir, err = os.MkdirTemp("", "budget-*")
	return dir, func() { os.RemoveAll(dir) }, err
}

// ScratchFile makes a private file for the program alone. Where open files can be removed, it is
// gone when the program ends, whatever happens; else RemoveScratch removes it.
func ScratchFile() (*os.File, error) {
	f, err := os.CreateTemp("", "budget-*")
	if err == nil {
		os.Remove(f.Name())
	}
	return f, err
}

// RemoveScratch removes a closed scratch file.
func RemoveScratch(f *os.File) { os.Remove(f.Name()) }
