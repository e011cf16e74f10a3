package plots

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/internal/parallel"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/store"
)

// drawing makes the charts of a kind.
type drawing func(*store.Results, Choice) ([]Named, error)

// each makes a drawing of one session type into one of all. What only some session types
// lack is left out.
func each(draw func(selection.View) ([]Named, error)) drawing {
	return func(r *store.Results, c Choice) ([]Named, error) {
		views, err := selection.Views(r, c)
		if err != nil {
			return nil, err
		}
		var out []Named
		var lacking error
		for _, v := range views {
			drawn, err := draw(v)
			if _, ok := errors.AsType[*Missing](err); ok {
				lacking = err
			} else if err != nil {
				return nil, err
			}
			out = append(out, drawn...)
		}
		if len(out) == 0 {
			return nil, lacking
		}
		return out, nil
	}
}

// gather calls do for each of a list on all processors.
func gather[A, B any](list []A, do func(A) (B, error)) ([]B, error) {
	return parallel.Map(runtime.GOMAXPROCS(0), list, do)
}

// incidence returns the table of how the sessions of a cell end.
func incidence(v selection.View, cell *store.Cell) (sweep.Incidence, error) {
	if told := v.Results.Provenance.IncidenceReading; v.Results.Plan == nil && v.Reading != told {
		return sweep.Incidence{}, missing("the table of endings follows the %s reading, not the %s one",
			told, v.Reading)
	}
	return cell.Incidence(v.Reading)
}

// HeadingOf returns what a chart of some cells of a view says above and below its curves.
func HeadingOf(v selection.View, cells []*store.Cell, notes ...string) Heading {
	h := Heading{Case: cells[0].Case, Foot: []string{smallPrint(v, cells)}, Offers: v.Choice.Offers}
	if len(notes) > 0 {
		h.Notes = []string{strings.Join(notes, " ")}
	}
	return h
}

// smallPrint says what was simulated, how often, and from which seed.
func smallPrint(v selection.View, cells []*store.Cell) string {
	var paths []int64
	for _, cell := range cells {
		for _, c := range cell.Caps {
			paths = append(paths, c.Paths)
		}
	}
	parts := []string{"“" + v.Results.Name + "”", notation.Counts(paths) + " paths"}
	if plan := v.Results.Plan; plan != nil && plan.Cells > 1 {
		parts[1] = fmt.Sprintf("%s cells, %s paths each", notation.Count(int64(plan.Cells)),
			notation.Count(plan.PathsPerCell))
	}
	parts = append(parts, fmt.Sprintf("seed %d", v.Results.Provenance.Seed),
		notation.Grants(v.Reading))
	parts = append(parts, v.Fixed()...)
	if v.Results.Changed != "" {
		parts = append(parts, UncheckedNote)
	}
	return strings.Join(parts, " · ")
}

// seedNote is the small print of charts that say the rest by themselves.
func seedNote(r *store.Results) string {
	note := fmt.Sprintf("“%s” · seed %d", r.Name, r.Provenance.Seed)
	if r.Changed != "" {
		note += " · " + UncheckedNote
	}
	return note
}

// UncheckedNote is on charts of results whose files were changed.
const UncheckedNote = "unchecked: files were changed"

// beside reads what another command may have left in the directory of results.
func beside[T any](r *store.Results, name string, read func(dir string) (T, error),
	of func(T) sweep.Provenance, lack Lack, reason string) (T, error) {
	found, err := read(r.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return found, &Missing{Reason: reason, Lack: lack}
	}
	if err == nil {
		err = r.Beside(name, of(found))
	}
	return found, err
}

// caseName names the chart of a case among those of several.
func caseName[T any](kind Kind, c sweep.Case, all []T, caseOf func(T) sweep.Case) string {
	name := string(kind) + "-" + c.Session
	if slices.ContainsFunc(all, func(o T) bool {
		return caseOf(o).Device != caseOf(all[0]).Device ||
			caseOf(o).Environment != caseOf(all[0]).Environment
	}) {
		name += "-" + c.Device + "-" + c.Environment
	}
	return name
}
