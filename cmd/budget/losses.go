package main

import (
	"fmt"
	"math"
	"slices"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/sweep"
)

// parseSeconds reads a duration of nothing or more.
func parseSeconds(text string) (model.Duration, error) {
	d, err := model.ParseDuration(text)
	if err == nil && d < 0 {
		err = fmt.Errorf("%s is out of range: expected 0 s or more", text)
	}
	return d, err
}

// losses are what sessions lose where they end unforeseen.
type losses struct {
	saves sweep.Saves
	rows  []sweep.Loss // by case, length and reading
}

// records lists losses for programs.
func (o *losses) records() *cli.Records {
	r := &cli.Records{Fields: []string{"session", "device", "environment", "duration_s", "reading",
		"save_every_s", "closing_s", "closing_fits", "cause", "ends", "standard_error", "unsaved",
		"mean_s", "largest_s", "expected_s", "paths"}}
	every := o.saves.Every
	if math.IsInf(every, 1) {
		every = math.NaN()
	}
	for i := range o.rows {
		l := &o.rows[i]
		add := func(cause string, ends, standardError, unsaved, mean, largest, expected float64) {
			r.Add(l.Session, l.Device, l.Environment, l.Horizon, string(l.Reading), every, o.saves.Closing,
				l.Fits, cause, ends, standardError, unsaved, mean, largest, expected, l.Paths)
		}
		for _, c := range l.Causes {
			add(c.Cause.String(), c.Ends.Value, c.Ends.StandardError, c.Unsaved, c.Mean, c.Largest,
				c.Expected)
		}
		add("any", math.NaN(), math.NaN(), l.Unsaved, l.Mean, l.Largest, l.Expected)
	}
	return r
}

// print shows what a case and length loses, by cause, under the first reading; it names them
// if there are several.
func (o *losses) print(p *cli.Page, c sweep.Case, length float64, several bool) {
	i := slices.IndexFunc(o.rows, func(l sweep.Loss) bool {
		return l.Session == c.Session && l.Device == c.Device && l.Environment == c.Environment &&
			math.Abs(l.Horizon-length) < 1e-6
	})
	if i < 0 {
		return
	}
	l := &o.rows[i]
	title := "What is not saved"
	if several {
		title = notation.Case(c) + " for " + notation.Length(length) + ": what is not saved"
	}
	p.Printf("\n%s, if %s\n\n", p.Bold(title), notation.Grants(l.Reading))
	t := texttab.New("Ended by", ">Ends so", ">Unsaved", ">Loses on average", ">At most", ">Of all")
	lost := func(x float64) string {
		switch {
		case math.IsNaN(x):
			return ""
		case x >= 100:
			return notation.Length(math.Round(x))
		}
		return fmt.Sprintf("%.3g s", x)
	}
	for _, c := range l.Causes {
		t.Texts(c.Cause.String(), notation.Chance(c.Ends.Value), notation.Chance(c.Unsaved),
			lost(c.Mean), notation.Length(c.Largest), lost(c.Expected))
	}
	if !p.Markdown {
		t.Gap()
	}
	t.Texts("any of them", "", notation.Chance(l.Unsaved), lost(l.Mean), notation.Length(l.Largest),
		lost(l.Expected))
	p.Table(t)
}

// closing says how often the app's work at the end fits; "" where nothing was asked.
func (o *losses) closing() string {
	if len(o.rows) == 0 {
		return ""
	}
	save := "nothing is saved before the end"
	if !math.IsInf(o.saves.Every, 1) {
		save = "the app saves every " + notation.Length(o.saves.Every)
	}
	return fmt.Sprintf("%s. Its closing work of %s fits in %s of the warnings before a session expires.",
		notation.Sentence(save), notation.Length(o.saves.Closing), notation.Chance(o.rows[0].Fits))
}

// notes say how to read the losses.
func (o *losses) notes() []string {
	if len(o.rows) == 0 {
		return nil
	}
	return []string{"Unsaved: share of all sessions that end by this cause before the closing work is " +
		"done. Only an expiry warns the app. Such a session loses the time since the last save. " +
		"Of all: the loss averaged over all sessions."}
}
