package inputs

import (
	"cmp"

	"budget/model"
)

// WithUnit returns a value with its unit; plain numbers have none.
func WithUnit(text, unit string) string {
	if unit == "1" || text == "" {
		return text
	}
	return text + " " + unit
}

// DefaultText writes what the catalog has for a quantity or word that a scenario sets, or
// what an added one is like.
func DefaultText(p *model.Parameter) string {
	if p.As != "" {
		return "as " + p.As
	}
	return cmp.Or(WithUnit(p.DefaultText(), p.Unit), "none")
}

// RangeText returns the range to vary a quantity over.
func RangeText(p *model.Parameter) string { return WithUnit(p.RangeText(), p.RangeUnit) }
