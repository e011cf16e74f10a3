package sweep

import (
	"encoding/json"
	"io"
	"math"
)

// jsonCaps is the form of caps.json. Durations are in seconds.
type jsonCaps struct {
	Schema     int        `json:"schema"`
	Provenance Provenance `json:"provenance"`
	Caps       []jsonCap  `json:"caps"`
}

type jsonCap struct {
	Session        string           `json:"session"`
	SessionName    string           `json:"session_name"`
	Device         string           `json:"device"`
	Environment    string           `json:"environment"`
	Limit          *float64         `json:"limit_s"`
	Reading        string           `json:"reading"`
	Tolerance      float64          `json:"tolerance"`
	Confidence     float64          `json:"confidence"`
	Cap            float64          `json:"cap_s"`
	CapUpper       float64          `json:"cap_upper_s"`
	FailureAtCap   *jsonProbability `json:"failure_at_cap"`
	BindingCause   *string          `json:"binding_cause"`
	FailureAtLimit *jsonProbability `json:"failure_at_limit"`
	ResignedAtCap  *jsonProbability `json:"resigned_at_cap"`
	Status         CapStatus        `json:"status"`
	Paths          int64            `json:"paths"`
}

type jsonProbability struct {
	Probability   float64  `json:"probability"`
	StandardError *float64 `json:"standard_error"` // null where a single block tells none
	Lower         float64  `json:"lower"`
	Upper         float64  `json:"upper"`
}

// WriteCapsJSON writes caps with their provenance as JSON. What there is none of
// is null.
func WriteCapsJSON(w io.Writer, caps []Cap, p Provenance) error {
	doc := jsonCaps{Schema: 1, Provenance: p, Caps: []jsonCap{}}
	for _, c := range caps {
		row := jsonCap{
			Session: c.Session, SessionName: c.SessionName, Device: c.Device, Environment: c.Environment,
			Reading: c.Reading, Tolerance: c.Tolerance, Confidence: c.Confidence,
			Cap: c.Cap, CapUpper: c.CapUpper, FailureAtCap: present(c.FailureAtCap),
			FailureAtLimit: present(c.FailureAtLimit),
			ResignedAtCap:  present(c.ResignedAtCap), Status: c.Status, Paths: c.Paths,
		}
		if c.Limit > 0 {
			row.Limit = &c.Limit
		}
		if binding := c.Binding(); binding != "" {
			row.BindingCause = &binding
		}
		doc.Caps = append(doc.Caps, row)
	}
	return WriteJSON(w, doc)
}

func present(p Probability) *jsonProbability {
	if math.IsNaN(p.Value) {
		return nil
	}
	out := &jsonProbability{Probability: p.Value, Lower: p.Lower, Upper: p.Upper}
	if !math.IsInf(p.StandardError, 0) {
		out.StandardError = &p.StandardError
	}
	return out
}

// WriteJSON writes a value as people would indent it.
func WriteJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
