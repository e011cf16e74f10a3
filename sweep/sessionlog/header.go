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
	r.width = len(r.fields)
	var problems document.Problems
	complain := func(i int, format string, args ...any) {
		problems = append(problems, document.Problem{File: r.file, Line: r.line,
			Column: r.columns[i], Message: fmt.Sprintf(format, args...)})
	}
	renamed := map[string]string{} // name of a column by that in the file
	for name, theirs := range r.options.Map {
		i := slices.IndexFunc(r.fields, func(f string) bool { return strings.EqualFold(f, theirs) })
		if i < 0 {
			complain(0, "column %s is mapped to %s, but the file has no such column", name,
				document.Quote(theirs))
			continue
		}
		if renamed[r.fields[i]] != "" {
			complain(i, "column %s is mapped twice", document.Quote(theirs))
		}
		renamed[r.fields[i]] = name
	}
	var unknown []string
	seen := map[string]bool{}
	for i, name := range r.fields {
		c, unit, other := columnNamed(name)
		if to, ok := renamed[name]; ok {
			c, unit, _ = columnNamed(to)
			if _, own := withoutUnit(plainName(name)); unit == 0 {
				unit = own
			}
		} else if r.isMapped(c) || other && r.hasNamed(c) {
			c = noColumn // another column stands for it
		}
		switch {
		case c != noColumn && r.has(c) || seen[name] && name != "":
			complain(i, "column %s is given twice", document.Quote(name))
		case c != noColumn:
			r.unit[c], r.index[c] = unit, i+1
		default:
			unknown = append(unknown, name)
			guess := ""
			if near := model.Nearest(name, columnNames[columnSession:]); near != "" {
				guess = fmt.Sprintf(": did you mean %q?", near)
			}
			r.remark(Note, i, "", "column %s is unknown and not used%s", document.Quote(name), guess)
		}
		seen[name] = true
	}
	timed := r.has(columnKey) && r.has(columnEnded)
	for _, c := range required {
		name := c.String()
		near := model.Nearest(name, unknown)
		switch {
		case r.has(c), timed && (c == columnActual || c == columnEnd):
		case c == columnSession || c == columnActual || c == columnEnd:
			complain(0, "column %s is missing: expected %s, and optionally %s; --map %s=NAME "+
				"reads it from another column", name, strings.Join(requiredNames, ","),
				strings.Join(optionalNames, ","), strings.TrimSuffix(name, "_min"))
		case near != "":
			complain(0, "column %s is missing: did you mean column %s? Then add --map %s=%s", name,
				document.Quote(near), strings.TrimSuffix(name, "_min"), near)
		case c == columnPlanned:
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

func (r *reader) isMapped(c column) bool {
	for to := range r.options.Map {
		if known, _, _ := columnNamed(to); known == c {
			return true
		}
	}
	return false
}

// hasNamed reports whether the line has a column by its own name.
func (r *reader) hasNamed(c column) bool {
	return slices.ContainsFunc(r.fields, func(name string) bool {
		known, _, other := columnNamed(name)
		return known == c && !other
	})
}
