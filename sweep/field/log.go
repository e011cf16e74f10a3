package field

// Log is the content of a file of sessions.
type Log struct {
	File     string
	Digest   string    // SHA-256 of the file
	Rows     int       // in the file, without the line of column names
	Sessions []Session // those used by a fit, in the file's order
	Remarks  []Remark  // in the file's order

	Statistics *Statistics // of Sessions
}

// LeftOut returns the number of rows not used in a fit.
func (l *Log) LeftOut() int { return l.Rows - len(l.Sessions) }
