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

// Unknown is what is the same for all sessions but not known, and what that does to the
// caps.
type Unknown struct {
	Caps      []UnknownCap // nil where budget uncertainty has left none
	CapsNote  string
	Influence []Influence // nil where budget sensitivity has left none
	Figures   []Figure
}

// UnknownCap is how a cap lies over what is not known.
type UnknownCap struct {
	Session, Tolerance          string
	Assumed, Low, Median, High  string
	Predictive, Robust, HoldFor string
}

// Influence ranks what moves the cap of a session type.
type Influence struct {
	Name, Note string
	Indices    bool // whether shares of the variance were asked for
	Rows       []Influential
}

// Influential is a quantity with the caps at the ends of what it may be.
type Influential struct {
	Key, Evidence            string
	Low, LowCap, High, HiCap string
	Total, Narrowing         string // "" without indices
}

// readUnknown reads what budget uncertainty and budget sensitivity may have left beside the
// results.
func readUnknown(results *store.Results, figures int) (*Unknown, error) {
	out := &Unknown{}
	u, err := uncertainty.ReadSpread(results.Dir)
	if err == nil {
		out.addCaps(u)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	s, err := uncertainty.ReadSensitivity(results.Dir)
	if err == nil {
		out.addInfluence(s)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if out.Caps == nil && out.Influence == nil {
		return nil, nil
	}
	for _, kind := range []plots.Kind{plots.KindUncertain, plots.KindTornado} {
		drawn, err := plots.Draw(results, kind, plots.Choice{})
		if _, ok := errors.AsType[*plots.Missing](err); ok {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, c := range drawn {
			figures++
			f, err := newFigure(c, figures)
			if err != nil {
				return nil, err
			}
			out.Figures = append(out.Figures, f)
		}
	}
	return out, nil
}

func (out *Unknown) addCaps(u *uncertainty.Spread) {
	for _, c := range u.Cases {
		for _, found := range c.Caps {
			if found.Reading != c.Caps[0].Reading {
				continue
			}
			q := found.Quantiles
			out.Caps = append(out.Caps, UnknownCap{notation.Case(c.Case),
				notation.Percent(found.Tolerance), capOrNone(found.Default), capOrNone(q[0].Value), capOrNone(q[1].Value), capOrNone(q[2].Value),
				capOrNone(found.Predictive), capOrNone(found.Robust), notation.Percent(found.RobustShare)})
		}
	}
	out.CapsNote = fmt.Sprintf("%s of values of what is not known, %s each, seed %d, scenario “%s”. Predictive is the cap of the mean failure over all sets. Robust is a cap that the share beside it of all that is not known carries, with %s confidence.",
		notation.Plural(int64(u.Design.Sets), "set"), notation.Plural(u.Design.Paths, "path"), u.Provenance.Seed, u.Provenance.Scenario, notation.Percent(u.Provenance.Confidence))
}

func (out *Unknown) addInfluence(s *uncertainty.Sensitivity) {
	for _, c := range s.Cases {
		in := Influence{Indices: s.Design.Base > 0, Name: notation.Case(c.Case),
			Note: fmt.Sprintf("The cap at %s is %s as assumed.", notation.Percent(s.Design.Tolerance), capOrNone(c.Cap))}
		for _, q := range c.Quantities {
			if q.Swing(c.Cap) == 0 {
				continue
			}
			row := Influential{Key: q.Key, Evidence: q.Evidence, Low: q.Low.Value, LowCap: capOrNone(q.Low.Cap),
				High: q.High.Value, HiCap: capOrNone(q.High.Cap)}
			if q.Together == 1 {
				row.Total = fmt.Sprintf("%.0f %%", 100*min(max(q.OfCap.Total.Value, 0), 1))
				row.Narrowing = notation.Length(60 * float64(int(max(q.Narrowing.Value, 0)/60)))
			}
			in.Rows = append(in.Rows, row)
		}
		if len(in.Rows) == 0 {
			in.Note += " Nothing that was varied moves it."
		}
		out.Influence = append(out.Influence, in)
	}
}

// capOrNone writes a cap, of which 0 is none.
func capOrNone(seconds float64) string {
	if seconds <= 0 {
		return "none"
	}
	return notation.Length(seconds)
}
