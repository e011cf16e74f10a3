package report

import (
	"errors"
	"fmt"
	"io/fs"

	"budget/internal/notation"
	"budget/plots"
	"budget/sweep/uncertainty"
)

// Uncertain is what is the same for all sessions but uncertain, and what that does to the
// caps.
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

// readUncertain reads what budget uncertainty and budget sensitivity may have left beside
// the results; nil if nothing.
func readUncertain(a *album) (*Uncertain, error) {
	out := &Uncertain{}
	spread, err := uncertainty.ReadSpread(a.results.Dir)
	if err == nil {
		out.addCaps(spread)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	s, err := uncertainty.ReadSensitivity(a.results.Dir)
	if err == nil {
		out.addInfluence(s)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
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
	t := Table{ID: "unknown-caps-title", Caption: "Caps over what is not known",
		Columns: columns("Session",
			">Tolerance", ">As assumed", ">5 %", ">Median", ">95 %", ">Predictive", ">Robust", ">Holds for")}
	for _, c := range u.Cases {
		for _, found := range c.Caps {
			if found.Reading != c.Caps[0].Reading {
				continue
			}
			row := []string{notation.Case(c.Case), notation.Percent(found.Tolerance)}
			q := found.Quantiles
			for _, cap := range []float64{found.Default, q[0].Value, q[1].Value, q[2].Value} {
				row = append(row, notation.CapLength(cap))
			}
			row = append(row, notation.CapState(found.PredictiveStatus, found.Predictive),
				notation.CapState(found.RobustStatus, found.Robust))
			t.Rows = append(t.Rows, append(row, notation.Percent(found.RobustShare)))
		}
	}
	if len(t.Rows) > 0 {
		out.Caps = &t
	}
	out.CapsNote = fmt.Sprintf("%s of values of what is not known, %s each, "+
		"seed %d, scenario “%s”. "+
		"Predictive is the cap of the mean failure over all sets. "+
		"Robust is a cap that the share beside it of all that is not known carries, with %s confidence.",
		notation.Plural(int64(u.Design.Sets), "set"), notation.Plural(u.Design.Paths, "path"),
		u.Provenance.Seed, u.Provenance.Scenario, notation.Percent(u.Provenance.Confidence))
}

func (out *Uncertain) addInfluence(s *uncertainty.Sensitivity) {
	titles := columns("Quantity", "Evidence", ">Low end", ">Cap there", ">High end", ">Cap there")
	titles[0].Class = keys
	if s.Design.Base > 0 {
		titles = append(titles, columns(">Of variance", ">Measuring narrows by")...)
	}
	for _, c := range s.Cases {
		in := Influence{Name: notation.Case(c.Case), Note: fmt.Sprintf("The cap at %s is %s as assumed.",
			notation.Percent(s.Design.Tolerance), notation.CapLength(c.Cap))}
		in.Table = Table{Label: in.Name + ": assumptions by influence", Columns: titles}
		for _, q := range c.Quantities {
			if q.Swing(c.Cap) == 0 {
				continue
			}
			row := []string{q.Key, q.Evidence, q.Low.Value, notation.CapLength(q.Low.Cap),
				q.High.Value, notation.CapLength(q.High.Cap), "", ""}
			if q.Together == 1 {
				row[6] = notation.Whole(q.OfCap.Total.Value)
				row[7] = notation.Narrowing(q.Narrowing.Value)
			}
			in.Table.Rows = append(in.Table.Rows, row[:len(titles)])
		}
		if len(in.Table.Rows) == 0 {
			in.Note += " Nothing that was varied moves it."
		}
		out.Influence = append(out.Influence, in)
	}
}
