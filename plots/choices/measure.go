package choices

import (
	"budget/internal/notation"
	"budget/sweep/store"
	"budget/sweep/table"
)

// measure says how people read what a design is about.
type measure struct {
	name       string
	axis       string // title of an axis
	most, less string // the best of it, and worse
}

var measures = map[string]measure{
	table.MeasureCap:       {"cap", "Cap (minutes)", "longest", "shorter"},
	table.MeasureOffered:   {"offered length", "Offered (minutes)", "longest", "shorter"},
	table.MeasureCompleted: {"completed time", "Completed (minutes)", "longest", "shorter"},
	table.MeasureValue:     {"worth", "Worth (minutes times value)", "highest", "lower"},
}

// MinutesTitle names what fronts are of in a sentence.
func MinutesTitle(name string) string { return measures[name].name }

// Time writes a time of a measure [s]: lengths of sessions in full, means in tenths of a minute.
func Time(name string, seconds float64) string {
	if name == table.MeasureCap || name == table.MeasureOffered {
		return notation.Length(seconds)
	}
	return notation.Minutes(seconds)
}

// worthOf returns what designs are compared by.
func worthOf(d *store.Designs) measure { return measures[d.Charts.Worth] }

// minutesOf returns what fronts are of.
func minutesOf(d *store.Designs) measure { return measures[d.Charts.Minutes] }

// changeOf returns what prices are of.
func changeOf(d *store.Designs) measure {
	if d.Charts.Worth == table.MeasureOffered {
		return measures[table.MeasureCap]
	}
	return worthOf(d)
}

// Explain says what designs are compared by.
func Explain(d *store.Designs) string { return explain(d, worthOf(d)) }

// explain says what a measure means.
func explain(d *store.Designs, m measure) string {
	tolerance := notation.Percent(d.Tolerance)
	switch m.name {
	case "offered length":
		return "The offered length is the longest session of the menu of which at most " + tolerance +
			" fail."
	case "completed time":
		return "The completed time is in sessions that complete, on average of a start."
	case "worth":
		return "The worth is the time times the value of the levels."
	}
	return "The cap is the longest session of which at most " + tolerance + " fail."
}
