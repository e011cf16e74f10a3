package inputs

import (
	"budget/model"
)

// WithUnit writes a value with its unit; plain numbers have none.
func WithUnit(text, unit string) string {
	if unit == "1" || text == "" {
		return text
	}
	return text + " " + unit
}

// DefaultText writes what the catalog says of a quantity that a scenario sets.
func DefaultText(p *model.Parameter) string {
	if len(p.Default) == 0 {
		return "none"
	}
	return WithUnit(p.DefaultText(), p.Unit)
}

// RangeText writes what to vary a quantity over.
func RangeText(p *model.Parameter) string { return WithUnit(p.RangeText(), p.RangeUnit) }
