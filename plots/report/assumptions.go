package report

import (
	"cmp"
	"slices"

	"budget/model"
	"budget/sweep"
)

// Assumptions are the quantities that a run rests on.
type Assumptions struct {
	Quantities []Quantity
	Assumed    int             // how many are assumed or anecdotal
	Groups     []QuantityGroup // what is assumed first
	Citations  []model.Citation
	Ranked     bool // whether those that move a cap come first, by their influence
	// OtherCatalog says that the run's catalog was not this program's, or nothing.
	OtherCatalog string
}

// Quantity is a quantity of the catalog as the run had it.
type Quantity struct {
	Key, Value, Range, Evidence, Source string
	Overridden                          bool
	Default                             string // the catalog's value, where overridden
}

// QuantityGroup is a part of the quantities.
type QuantityGroup struct {
	Name string
	Rows []Quantity
	Open bool // unfolded to begin with
}

// newAssumptions lists what a run rests on.
func newAssumptions(p sweep.Provenance) Assumptions {
	a := Assumptions{Quantities: quantities(p), Assumed: len(p.Assumed), Groups: []QuantityGroup{
		{Name: "Assumed or reported", Open: true}, {Name: "Documented, measured or derived"}}}
	if p.CatalogDigest != model.CatalogDigest() {
		a.OtherCatalog = "The run used the catalog of another version than the one shown here: " +
			"values may have changed since."
	}
	seen := map[string]bool{}
	for _, q := range a.Quantities {
		g := &a.Groups[1]
		if slices.Contains(p.Assumed, q.Key) {
			g = &a.Groups[0]
		}
		g.Rows = append(g.Rows, q)
		// What the tags of the sources stand for is said once.
		for _, c := range model.Cite(q.Source) {
			if !seen[c.Tag] {
				seen[c.Tag] = true
				a.Citations = append(a.Citations, c)
			}
		}
	}
	return a
}

// rank puts the quantities that move a cap first, in the order of their influence.
func (a *Assumptions) rank(ranked []effect) {
	place := func(q Quantity) int {
		at := slices.IndexFunc(ranked, func(e effect) bool { return e.Key == q.Key })
		if at < 0 {
			return len(ranked)
		}
		return at
	}
	for i := range a.Groups {
		slices.SortStableFunc(a.Groups[i].Rows, func(p, q Quantity) int {
			return cmp.Compare(place(p), place(q))
		})
	}
	a.Ranked = len(ranked) > 0
}

// quantities lists the catalog's quantities with what a run has overridden.
func quantities(p sweep.Provenance) []Quantity {
	overridden := map[string]sweep.Override{}
	for _, o := range p.Overrides {
		overridden[o.Key] = o
	}
	var all []Quantity
	for _, q := range model.Default().Parameters() {
		row := Quantity{Key: q.Key, Value: withUnit(q.Text(), q.Unit),
			Range:    withUnit(q.RangeText(), q.RangeUnit),
			Evidence: string(q.Evidence), Source: q.Source}
		if o, ok := overridden[q.Key]; ok {
			row.Value, row.Default, row.Overridden = o.Value, o.Default, true
			row.Evidence, row.Source = "as the scenario says", o.Place
		}
		all = append(all, row)
		delete(overridden, q.Key)
	}
	// What the scenario adds.
	for _, o := range p.Overrides {
		if _, left := overridden[o.Key]; left && !o.Word {
			all = append(all, Quantity{Key: o.Key, Value: o.Value, Overridden: true,
				Evidence: "as the scenario says", Source: o.Place})
		}
	}
	return all
}

func withUnit(text, unit string) string {
	if unit == "1" || text == "" {
		return text
	}
	return text + " " + unit
}
