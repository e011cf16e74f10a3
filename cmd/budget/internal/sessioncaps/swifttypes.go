package sessioncaps

import (
	"fmt"
	"strings"

	"budget/internal/notation"
	"budget/sweep"
	"budget/sweep/starts"
)

// swift is what the Swift source holds: the document, with the names of its cases.
type swift struct {
	*document
	Types      []swiftType
	Classes    []swiftClass
	Tolerances []swiftTolerance
}

type (
	swiftType struct {
		session
		Case, LimitName string
		Tables          []swiftTable
	}
	swiftClass     struct{ Case, ID, Devices string }
	swiftTolerance struct {
		Case  string
		Value float64
	}
	swiftTable struct {
		toleranceTable
		Case, Constant string
	}
)

// newSwift names the cases of a document.
func newSwift(d *document) *swift {
	out := swift{document: d}
	tolerances := d.Sessions[0].Tables // every session has the same
	for i, name := range identifiers(tolerances, func(t toleranceTable) string {
		return "percent" + strings.ReplaceAll(percent(t.Tolerance), ".", "_")
	}) {
		out.Tolerances = append(out.Tolerances, swiftTolerance{name, tolerances[i].Tolerance})
	}
	for i, name := range identifiers(d.Watches, func(c starts.WatchClass) string { return c.ID }) {
		var devices []string
		for _, device := range d.Watches[i].Devices {
			devices = append(devices, oneLine(device.Name))
		}
		if devices == nil {
			devices = []string{"No watch of the scenario's fleet"}
		}
		out.Classes = append(out.Classes, swiftClass{name, d.Watches[i].ID, strings.Join(devices, ", ")})
	}
	for i, name := range identifiers(d.Sessions, func(s session) string { return s.ID }) {
		t := swiftType{session: d.Sessions[i], Case: name}
		t.LimitName = notation.LimitName(sweep.Case{Session: t.ID, Limit: float64(t.Limit)})
		for j, table := range d.Sessions[i].Tables {
			t.Tables = append(t.Tables, swiftTable{table, out.Tolerances[j].Case,
				fmt.Sprintf("caps%dOf%d", j+1, i+1)})
		}
		out.Types = append(out.Types, t)
	}
	return &out
}

// meaning says what a session type is, and how long it may be.
func (t *swiftType) meaning() string {
	name := oneLine(t.Name)
	switch {
	case t.Limit > 0:
		return fmt.Sprintf("%s: %s %d s.", name, t.LimitName, t.Limit)
	case len(t.Cycles) > 0:
		return name + ": each of its sessions has a limit of its own."
	}
	return fmt.Sprintf("%s: no %s.", name, t.LimitName)
}
