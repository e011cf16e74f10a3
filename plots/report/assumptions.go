package report

import (
	"slices"

	"budget/model"
	"budget/sweep"
)

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

// quantities lists the catalog's quantities with what a run has overridden.
func quantities(p sweep.Provenance) []Quantity {
	overridden := map[string]sweep.Override{}
	for _, o := range p.Overrides {
		overridden[o.Key] = o
	}
	var all []Quantity
	for _, q := range model.Default().Parameters() {
		row := Quantity{Key: q.Key, Value: withUnit(q.Text(), q.Unit), Range: withUnit(q.RangeText(), q.RangeUnit),
			Evidence: string(q.Evidence), Source: q.Source}
		if o, ok := overridden[q.Key]; ok {
			row.Value, row.Default, row.Overridden = o.Value, o.Default, true
			row.Evidence, row.Source = "as the scenario says", o.Place
		}
		all = append(all, row)
	}
	return all
}

func withUnit(text, unit string) string {
	if unit == "1" || text == "" {
		return text
	}
	return text + " " + unit
}

// QuantityGroups puts what is assumed first.
func (r *Report) QuantityGroups() []QuantityGroup {
	assumed := QuantityGroup{Name: "Assumed or anecdotal", Open: true}
	known := QuantityGroup{Name: "Documented, measured or derived"}
	for _, q := range r.Quantities {
		if slices.Contains(r.Provenance.Assumed, q.Key) {
			assumed.Rows = append(assumed.Rows, q)
		} else {
			known.Rows = append(known.Rows, q)
		}
	}
	return []QuantityGroup{assumed, known}
}

// Citations says what the tags of the sources stand for, each once.
func (r *Report) Citations() []model.Citation {
	var all []model.Citation
	seen := map[string]bool{}
	for _, q := range r.Quantities {
		for _, c := range model.Cite(q.Source) {
			if !seen[c.Tag] {
				seen[c.Tag] = true
				all = append(all, c)
			}
		}
	}
	return all
}

// OtherCatalog says that the run's catalog was not this program's, or nothing.
func (r *Report) OtherCatalog() string {
	if r.Provenance.CatalogDigest == model.CatalogDigest() {
		return ""
	}
	return "The run used the catalog of another version than the one shown here: values may have changed since."
}
