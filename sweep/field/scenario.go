package field

import (
	"fmt"
	"math"
	"strconv"

	"budget/model"
	"budget/model/document"
)

// Scenario returns the scenario with the fitted rates and laws that the log has enough evidence on
// (Rate.Told, Law.Told): the posterior mean as value, the interval as range, and measured as
// evidence. A second log fitted over it uses the posterior of the first as prior. The error is a
// Problems value.
func Scenario(l *Log, s *model.Scenario, rates []Rate, laws Laws) (*model.Scenario, error) {
	var settings []model.Setting
	for _, r := range rates {
		if r.Told {
			settings = append(settings, measured(r.Key, source(l, r), r.Mean, r.Interval, hourly))
		}
	}
	for _, x := range laws.Found {
		if x.Told {
			settings = append(settings, measured(x.Key, x.Source, x.Mean, x.Interval, number))
		}
	}
	fitted, err := s.With(l.File, settings)
	if err != nil {
		return nil, err
	}
	if fitted == s {
		return s, nil
	}
	fitted.Name = s.Name + ", fitted"
	return fitted, nil
}

// rounding is one of math.Round, math.Floor and math.Ceil.
type rounding func(float64) float64

// measured returns the setting of a quantity to a fitted value with its interval as range. text
// writes a value.
func measured(key, source string, value float64, interval [2]float64,
	text func(float64, rounding) *document.Element) model.Setting {
	low, high := min(interval[0], value), max(interval[1], value)
	return model.Setting{Key: key, Value: &document.Element{Kind: document.Table,
		Entries: []document.Entry{
			{Key: "value", Value: text(value, math.Round)},
			{Key: "range", Value: &document.Element{Kind: document.Array, Items: []*document.Element{
				text(low, math.Floor), text(high, math.Ceil)}}},
			{Key: "evidence", Value: word(string(model.Measured))},
			{Key: "source", Value: word(source)},
		}}}
}

// hourly writes a rate [1/s] per hour.
func hourly(rate float64, round rounding) *document.Element { return word(perHour(rate, round)) }

// number writes a number with four significant digits.
func number(x float64, round rounding) *document.Element {
	return &document.Element{Kind: document.Float, Text: fourDigits(x, round)}
}

func word(text string) *document.Element {
	return &document.Element{Kind: document.String, Text: text}
}

// source returns the source text of a fitted rate.
func source(l *Log, r Rate) string {
	return fmt.Sprintf("fitted to %s: %s in %.4g h of %s", l.named(), several(r.Events, "event"),
		r.Exposure/3600, several(r.Sessions, "session"))
}

// perHour formats a rate [1/s] per hour with four significant digits, rounded
// by round.
func perHour(rate float64, round rounding) string { return fourDigits(rate*3600, round) + " /h" }

// fourDigits writes a number with four significant digits, rounded by round.
func fourDigits(x float64, round rounding) string {
	if x > 0 {
		unit := math.Pow(10, math.Floor(math.Log10(x))-3)
		x = round(x/unit) * unit
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}
