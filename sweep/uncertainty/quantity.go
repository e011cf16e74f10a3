package uncertainty

import (
	"strings"

	"budget/model"
)

// Quantity is an uncertain quantity: the same in all sessions, but not known exactly. It
// is varied by its law (model.Law).
type Quantity struct {
	Key      string `json:"key"`
	Value    string `json:"value"` // the scenario's value, with its unit
	Law      string `json:"law"`   // for people
	Evidence string `json:"evidence"`
	Source   string `json:"source"`
	// Column and Unit are for tables: "policy.suppress_low_per_h" and "/h".
	Column string `json:"column"`
	Unit   string `json:"unit"`
	// Plant means that other values need another run of the plant. Rules do not.
	Plant bool `json:"plant"`

	parameter *model.Parameter
}

// newQuantity describes a parameter that is varied.
func newQuantity(p *model.Parameter) Quantity {
	unit := p.Unit
	if unit == "1" {
		unit = ""
	}
	return Quantity{Key: p.Key, Value: strings.TrimSpace(p.Text() + " " + unit), Law: p.LawText(),
		Evidence: string(p.Evidence),
		Source:   p.Source, Column: p.VariedKind().Column(p.Key), Unit: p.VariedKind().ColumnUnit(),
		Plant: !model.IsRule(p.Key), parameter: p}
}
