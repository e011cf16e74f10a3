package sessionlog

// fitWidth makes a row as wide as the line of column names: empty fields at its end beyond that
// are dropped, and those that the file leaves out are empty.
func (r *reader) fitWidth() {
	n := len(r.fields)
	for n > r.width && r.fields[n-1] == "" {
		n--
	}
	if n < len(r.fields) {
		r.fields, r.columns = r.fields[:n], r.columns[:n]
		r.deviation(noColumn, "wide", "empty fields beyond the last column, not used")
	}
	if n >= r.width {
		return
	}
	for _, c := range required {
		if r.index[c] > n && c != columnStart && c != columnFinish {
			return // it is cut off
		}
	}
	end := r.columns[n-1] + len(r.fields[n-1])
	r.deviation(noColumn, "narrow", "the row ends before its last columns: these are unknown")
	for range r.width - n {
		r.fields, r.columns = append(r.fields, ""), append(r.columns, end)
	}
}
