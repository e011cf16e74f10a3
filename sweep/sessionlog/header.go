package sessionlog

import (
	"fmt"
	"slices"
	"strings"

	"budget/model"
	"budget/model/document"
)

// header reads the column names.
func (r *reader) header() error {
	r.place, r.width = map[string]int{}, len(r.fields)
	var problems document.Problems
	complain := func(i int, format string, args ...any) {
		problems = append(problems, document.Problem{File: r.file, Line: r.line,
			Column: r.columns[i], Message: fmt.Sprintf(format, args...)})
	}
	renamed := map[string]string{} // column by its name in the file
	for column, name := range r.options.Map {
		i := slices.IndexFunc(r.fields, func(f string) bool { return strings.EqualFold(f, name) })
		if i < 0 {
			complain(0, "column %s is mapped to %s, but the file has no such column", column,
				document.Quote(name))
			continue
		}
		if renamed[r.fields[i]] != "" {
			complain(i, "column %s is mapped twice", document.Quote(name))
		}
		renamed[r.fields[i]] = column
	}
	var unknown []string
	seen := map[string]bool{}
	for i, name := range r.fields {
		column, unit, other := columnNamed(name)
		if to, ok := renamed[name]; ok {
			column, unit, _ = columnNamed(to)
			if _, own := withoutUnit(plainName(name)); unit == 0 {
				unit = own
			}
		} else if r.isMapped(column) || other && r.hasNamed(column) {
			column = "" // another column stands for it
		}
		_, twice := r.place[column]
		switch {
		case column != "" && twice || seen[name] && name != "":
			complain(i, "column %s is given twice", document.Quote(name))
		case column != "":
			number := columnNumber(column)
			r.place[column], r.unit[number], r.index[number] = i, unit, i+1
		default:
			unknown = append(unknown, name)
			guess := ""
			if near := model.Nearest(name, slices.Concat(required, optional)); near != "" {
				guess = fmt.Sprintf(": did you mean %q?", near)
			}
			r.remark(Note, i, "", "column %s is unknown and not used%s", document.Quote(name), guess)
		}
		seen[name] = true
	}
	timed := r.has(columnKey) && r.has(columnEnded)
	for _, name := range required {
		near := model.Nearest(name, unknown)
		switch {
		case r.has(name), timed && (name == columnActual || name == columnEnd):
		case name == columnSession || name == columnActual || name == columnEnd:
			complain(0, "column %s is missing: expected %s, and optionally %s; --map %s=NAME "+
				"reads it from another column", name, strings.Join(required, ","),
				strings.Join(optional, ","), strings.TrimSuffix(name, "_min"))
		case near != "":
			complain(0, "column %s is missing: did you mean column %s? Then add --map %s=%s", name,
				document.Quote(near), strings.TrimSuffix(name, "_min"), near)
		case name == columnPlanned:
			r.remark(Note, 0, "", "no column %s: sessions are read as open-ended", name)
		default:
			r.remark(Note, 0, "", "no column %s: these levels are unknown", name)
		}
	}
	if problems != nil {
		return problems
	}
	return nil
}

func (r *reader) isMapped(column string) bool {
	for to := range r.options.Map {
		if known, _, _ := columnNamed(to); known == column {
			return true
		}
	}
	return false
}

// hasNamed reports whether the line has a column by its own name.
func (r *reader) hasNamed(column string) bool {
	return slices.ContainsFunc(r.fields, func(name string) bool {
		known, _, other := columnNamed(name)
		return known == column && !other
	})
}
