package main

import (
	"slices"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
)

// page shows the outcomes: of a single case and length all of them, of several a row each.
func (o *outcomes) page(p *cli.Page) {
	switch {
	case len(o.cases) == 1:
		c := &o.cases[0]
		p.Wrap(o.answer(c))
		p.Printf("\n")
		p.Table(o.table(c, p.Markdown))
		switch cost := o.costOf(c); {
		case cost == nil:
			p.Printf("\n")
			p.Wrap("No simulated session reaches its length. budget cost shows the battery that shorter " +
				"ones use.")
		case !tooFew(cost.Serious):
			p.Printf("\n")
			p.Wrap(spent(cost, c.endedByHeat()))
		}
	case len(o.cases) > 1:
		if expiries := o.expiries(); len(expiries) > 0 {
			p.Wrap(strings.Join(expiries, " "))
			p.Printf("\n")
		}
		p.Table(o.byLength())
		if heat := o.heat(); heat != "" {
			p.Printf("\n")
			p.Wrap(heat)
		}
	}
	for i := range o.cases {
		c := &o.cases[i]
		o.losses.print(p, c.Case, c.length, len(o.cases) > 1)
	}
	if text := o.losses.closing(); text != "" {
		p.Printf("\n")
		p.Wrap(text)
	}
}

// notes say how to read the page and what it rests on; explain says more. Without an answer
// there are none.
func (o *outcomes) notes(assumptions string) (notes, explain []string) {
	if len(o.cases) == 0 {
		return nil, nil
	}
	fail := "suppressed, error, expired or power-off"
	if o.CountRefused {
		fail = "refused, " + fail
	}
	if o.OnResign == inputs.ResignEnds {
		fail = "resigned, " + fail
	}
	switch {
	case o.cases[0].Cycles != "":
		fail += ", or a later start that fails"
	case o.pauses():
		fail += ", or a start after an absence that is refused"
	}
	if !o.CountRefused {
		fail += ", of the sessions that start"
	}
	paths := notation.Plural(o.cases[0].paths, "path")
	if len(o.provenance.Paths) > 1 {
		paths += " a case"
	}
	notes = []string{"Fails: " + fail + ", for a user who means to finish.",
		o.Basis(paths, o.provenance.Scenario)}
	if len(o.cases) == 1 {
		explain = append(explain, "Outcomes are for people as they use the app; some stop early. "+
			"The last lines are for a user who means to finish.")
	} else {
		explain = append(explain, "Fails, Leaves and Completes are shares of the sessions that start, "+
			"Refused of all starts. Ends by is the most frequent cause of failure. The "+
			"battery used and the hottest skin side are averages over sessions that reach their end.")
	}
	if len(o.Readings) > 1 && !slices.ContainsFunc(o.cases, caseOutcomes.differ) {
		explain = append(explain,
			"Whether the system cuts grants short changes nothing here.")
	}
	if c := o.cases[0]; len(o.cases) == 1 && c.through != model.ExtendedRuntime {
		explain = append(explain, "The app runs this session by "+string(c.through)+
			". Apple documents fewer reasons for it: those shown are the nearest. "+
			"--format csv has what the app sees at each.")
	}
	return notes, append(append(explain, o.losses.notes()...), assumptions)
}
