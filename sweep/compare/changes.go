package compare

import (
	"cmp"
	"fmt"
	"strings"

	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// changes lists the differences between the inputs of two sides, as "key: A →
// B".
func changes(a, b store.Provenance) []string {
	var out []string
	differ := func(key, va, vb string) {
		if va != vb {
			out = append(out, fmt.Sprintf("%s: %s → %s", key, cmp.Or(va, "none"), cmp.Or(vb, "none")))
		}
	}
	differ("version", a.Version, b.Version)
	// Versions that are built by hand have the same name. Those without a digest are older.
	if a.CodeDigest != b.CodeDigest {
		out = append(out, "the code of the model (code_digest)")
	}
	if a.CatalogDigest != b.CatalogDigest {
		out = append(out, "the catalog of defaults")
	}
	differ("seed", fmt.Sprint(a.Seed), fmt.Sprint(b.Seed))
	differ("paths", fmt.Sprint(a.PathsPerCell), fmt.Sprint(b.PathsPerCell))
	differ("sampling", a.Sampling, b.Sampling)
	differ("count_refused", fmt.Sprint(a.CountRefused), fmt.Sprint(b.CountRefused))
	differ("confidence", fmt.Sprint(a.Confidence), fmt.Sprint(b.Confidence))
	for _, key := range plan.CaseKeys {
		differ(key, orDefault(a.Fixed[key]), orDefault(b.Fixed[key]))
	}
	set := func(p store.Provenance) map[string]sweep.Override {
		m := map[string]sweep.Override{}
		for _, o := range p.Overrides {
			m[o.Key] = o
		}
		return m
	}
	setA, setB := set(a), set(b)
	for _, o := range a.Overrides {
		other, ok := setB[o.Key]
		if !ok {
			other.Value = o.Default
		}
		differ(o.Key, o.Value, other.Value)
	}
	for _, o := range b.Overrides {
		if _, ok := setA[o.Key]; !ok {
			differ(o.Key, o.Default, o.Value)
		}
	}
	levels := func(p store.Provenance, name string) string {
		for _, axis := range p.Axes {
			if axis.Name == name {
				return strings.Join(axis.Levels, ", ")
			}
		}
		return "none"
	}
	for _, axis := range a.Axes {
		differ("axis "+axis.Name, levels(a, axis.Name), levels(b, axis.Name))
	}
	for _, axis := range b.Axes {
		if levels(a, axis.Name) == "none" {
			differ("axis "+axis.Name, "none", levels(b, axis.Name))
		}
	}
	return out
}

func orDefault(v any) string {
	if v == nil {
		return "as drawn"
	}
	return fmt.Sprint(v)
}
