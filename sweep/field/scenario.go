package field

import (
	"fmt"
	"math"
	"strconv"

	"budget/model"
	"budget/model/document"
)

// Scenario returns the scenario with the fitted rates that the log has enough evidence on
// (Rate.Told): the posterior mean as value, the interval as range, and measured as evidence. A
// second log fitted over it uses the posterior of the first as prior. The error is a Problems
// value.
func Scenario(l *Log, s *model.Scenario, rates []Rate) (*model.Scenario, error) {
	var settings []model.Setting
	for _, r := range rates {
		if !r.Told {
			continue
		}
		low, high := min(r.Interval[0], r.Mean), max(r.Interval[1], r.Mean)
		settings = append(settings, model.Setting{Key: r.Key,
			Value: &document.Element{Kind: document.Table, Entries: []document.Entry{
				{Key: "value", Value: word(perHour(r.Mean, math.Round))},
				{Key: "range", Value: &document.Element{Kind: document.Array, Items: []*document.Element{
					word(perHour(low, math.Floor)), word(perHour(high, math.Ceil))}}},
				{Key: "evidence", Value: word(string(model.Measured))},
				{Key: "source", Value: word(source(l, r))},
			}}})
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

func word(text string) *document.Element {
	return &document.Element{Kind: document.String, Text: text}
}

// source returns the source text of a fitted rate.
func source(l *Log, r Rate) string {
	several := func(n int, noun string) string {
		if n != 1 {
			noun += "s"
		}
		return fmt.Sprintf("%d %s", n, noun)
	}
	return fmt.Sprintf("fitted to %s: %s in %.4g h of %s", l.File, several(r.Events, "event"),
		r.Exposure/3600, several(r.Sessions, "session"))
}

// perHour formats a rate [1/s] per hour with four significant digits, rounded
// by round.
func perHour(rate float64, round func(float64) float64) string {
	x := rate * 3600
	if x > 0 {
		unit := math.Pow(10, math.Floor(math.Log10(x))-3)
		x = round(x/unit) * unit
	}
	return strconv.FormatFloat(x, 'g', 4, 64) + " /h"
}
