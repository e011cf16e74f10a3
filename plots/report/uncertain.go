package report

import (
	"errors"
	"fmt"
	"io/fs"

	"budget/internal/notation"
	"budget/plots"
	"budget/sweep/store"
	"budget/sweep/uncertainty"
)

// Uncertain is what uncertain inputs do to the caps.
type Uncertain struct {
	Caps      *Table // nil where budget uncertainty has left none
	CapsNote  string
	Influence []Influence // nil where budget sensitivity has left none
	Figures   []Figure
}

// Influence ranks what moves the cap of a session type: for each quantity its evidence and
// the caps at the ends of what it may be, then, where they were asked for, its share of the
// variance and what measuring it would narrow the caps by.
type Influence struct {
	Name, Note string
	Table      Table
}

// readSpread reads what budget uncertainty may have left beside the results, nil if nothing.
func readSpread(results *store.Results) (*uncertainty.Spread, error) {
	spread, err := uncertainty.ReadSpread(results.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = results.Beside(uncertainty.SpreadFile, spread.Provenance)
	}
	return spread, err
}

// readUncertain says what a spread has, if it is there, and what budget sensitivity may have left
// beside the results; nil if nothing.
func readUncertain(a *album, spread *uncertainty.Spread, s *uncertainty.Sensitivity) (*Uncertain,
	error) {
	out := &Uncertain{}
	if spread != nil {
		out.addCaps(spread)
	}
	if s != nil {
		out.addInfluence(s)
	}
	if out.Caps == nil && out.Influence == nil {
		return nil, nil
	}
	for _, kind := range []plots.Kind{plots.KindUncertain, plots.KindTornado} {
		figures, err := a.draw(kind)
		if err != nil {
			return nil, err
		}
		out.Figures = append(out.Figures, figures...)
	}
	return out, nil
}

func (out *Uncertain) addCaps(u *uncertainty.Spread) {
	t := Table{ID: "uncertain-caps-title", Caption: "Caps over uncertain inputs",
		Columns: columns("Session",
			">Tolerance", ">As assumed", ">5 %", ">Median", ">95 %", ">Predictive", ">Robust", ">Safe for")}
	if len(u.Cases) > 0 && len(u.Cases[0].Sets) < uncertainty.LeastSets {
		t.Columns[3].Title, t.Columns[5].Title = "Least", "Greatest"
	}
	for _, c := range u.Cases {
		for j, found := range c.Caps {
			if found.Reading != c.Caps[0].Reading {
				continue
			}
			row := []string{notation.Case(c.Case), notation.Percent(found.Tolerance)}
			lower, upper, _ := c.Range(j)
			for _, cap := range []float64{found.Default, lower, found.Quantiles[1].Value, upper} {
				row = append(row, notation.CapLength(c.Case, cap))
			}
			row = append(row, notation.CapReached(c.Case, found.PredictiveStatus, found.Predictive),
				notation.CapReached(c.Case, found.RobustStatus, found.Robust))
			t.Rows = append(t.Rows, append(row, notation.Percent(found.RobustShare)))
		}
	}
	if len(t.Rows) > 0 {
		out.Caps = &t
	}
	out.CapsNote = fmt.Sprintf("%s of values of uncertain inputs, %s each, seed %d, scenario “%s”. "+
		"Predictive is the cap of the mean failure over all sets. Robust is a cap that is safe for the "+
		"share of sets beside it, with %s confidence.",
		notation.Plural(int64(u.Design.Sets), "set"), notation.Plural(u.Design.Paths, "path"),
		u.Provenance.Seed, u.Provenance.Scenario, notation.Percent(u.Provenance.Confidence))
}

func (out *Uncertain) addInfluence(s *uncertainty.Sensitivity) {
	titles := columns("Input", "Evidence", ">Low end", ">Cap there", ">High end", ">Cap there")
	titles[0].Class = keys
	if s.Design.Base > 0 {
		titles = append(titles, columns(">Of variance", ">Measuring narrows by")...)
	}
	for _, c := range s.Cases {
		in := Influence{Name: notation.Case(c.Case), Note: fmt.Sprintf("The cap at %s is %s as assumed.",
			notation.Percent(s.Design.Tolerance), notation.CapLength(c.Case, c.Cap))}
		in.Table = Table{Label: in.Name + ": inputs by influence", Columns: titles}
		for _, q := range c.Quantities {
			if q.Swing(c.Cap) == 0 {
				continue
			}
			row := []string{q.Key, q.Evidence, q.Low.Value, notation.CapLength(c.Case, q.Low.Cap),
				q.High.Value, notation.CapLength(c.Case, q.High.Cap), "", ""}
			if q.Together == 1 {
				row[6] = notation.Whole(q.OfCap.Total.Value)
				row[7] = notation.Narrowing(q.Narrowing.Value)
			}
			in.Table.Rows = append(in.Table.Rows, row[:len(titles)])
		}
		if len(in.Table.Rows) == 0 {
			in.Note += " No input that was varied moves it."
		}
		out.Influence = append(out.Influence, in)
	}
}
