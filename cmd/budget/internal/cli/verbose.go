package cli

import (
	"crypto/sha256"
	"fmt"
	"time"
)

// Verbosef writes a line to standard error with --verbose.
func (s *System) Verbosef(format string, args ...any) {
	if s.verbose {
		s.Remarkf(format, args...)
	}
}

// Stage starts a stage of the work. Its end is a line with --verbose.
func (s *System) Stage(name string) (end func()) {
	if !s.verbose {
		return func() {}
	}
	begun := s.Now()
	return func() { s.Verbosef("%s: %s", name, Took(s.Now().Sub(begun))) }
}

// Took writes a time spent: "1.234 s".
func Took(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }

// digest shortens the SHA-256 of a file to what tells two files apart.
func digest(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data))[:16] }
