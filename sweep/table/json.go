package table

import (
	"encoding/json"
	"io"
	"math"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// jsonCaps is the form of caps.json. Durations are in seconds.
type jsonCaps struct {
	Schema     int              `json:"schema"`
	Provenance sweep.Provenance `json:"provenance"`
	Caps       []jsonCap        `json:"caps"`
}

type jsonCap struct {
	Session        string           `json:"session"`
	SessionName    string           `json:"session_name"`
	Device         string           `json:"device"`
	Environment    string           `json:"environment"`
	Limit          *float64         `json:"limit_s"`
	Horizon        float64          `json:"horizon_s"`
	Reading        string           `json:"reading"`
	Tolerance      float64          `json:"tolerance"`
	Confidence     float64          `json:"confidence"`
	Cap            float64          `json:"cap_s"`
	CapUpper       float64          `json:"cap_upper_s"`
	FailureAtCap   *jsonProbability `json:"failure_at_cap"`
	BindingCause   *string          `json:"binding_cause"`
	ShortestFails  *jsonProbability `json:"shortest_fails"`
	FailureAtLimit *jsonProbability `json:"failure_at_limit"`
	ResignedAtCap  *jsonProbability `json:"resigned_at_cap"`
	CompletedAtCap *jsonProbability `json:"completed_at_cap"`
	Refused        *jsonProbability `json:"refused"`
	Status         sweep.CapStatus  `json:"status"`
	Paths          int64            `json:"paths"`
}

type jsonProbability struct {
	Probability   float64  `json:"probability"`
	StandardError *float64 `json:"standard_error"` // null for a single block, which has none
	Lower         float64  `json:"lower"`
	Upper         float64  `json:"upper"`
}

// WriteCapsJSON writes caps with their provenance as JSON. Missing values
// are null.
func WriteCapsJSON(w io.Writer, caps []sweep.Cap, p sweep.Provenance) error {
	doc := jsonCaps{Schema: 1, Provenance: p, Caps: []jsonCap{}}
	for _, c := range caps {
		row := jsonCap{
			Session: c.Session, SessionName: c.SessionName, Device: c.Device, Environment: c.Environment,
			Reading: c.Reading, Tolerance: c.Tolerance, Confidence: c.Confidence,
			Cap: c.Cap, CapUpper: c.CapUpper, FailureAtCap: present(c.FailureAtCap),
			ShortestFails: present(c.ShortestFails), Horizon: c.Horizon,
			FailureAtLimit: present(c.FailureAtLimit),
			ResignedAtCap:  present(c.ResignedAtCap), CompletedAtCap: present(c.CompletedAtCap),
			Refused: present(c.Refused), Status: c.Status, Paths: c.Paths,
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

// ReadCapsJSON reads what WriteCapsJSON has written; it returns false for anything else.
func ReadCapsJSON(text []byte) (caps []sweep.Cap, p sweep.Provenance, ok bool) {
	var doc jsonCaps
	if err := json.Unmarshal(text, &doc); err != nil || doc.Schema != 1 {
		return nil, p, false
	}
	for i := range doc.Caps {
		caps = append(caps, doc.Caps[i].cap())
	}
	return caps, doc.Provenance, true
}

// cap returns the cap that a row is of.
func (j *jsonCap) cap() sweep.Cap {
	c := sweep.Cap{Case: sweep.Case{Session: j.Session, SessionName: j.SessionName, Device: j.Device,
		Environment: j.Environment, Horizon: j.Horizon},
		Reading: j.Reading, Tolerance: j.Tolerance, Confidence: j.Confidence, Cap: j.Cap,
		CapUpper: j.CapUpper, BindingCause: model.Completed,
		FailureAtCap: absent(j.FailureAtCap), ShortestFails: absent(j.ShortestFails),
		FailureAtLimit: absent(j.FailureAtLimit),
		ResignedAtCap:  absent(j.ResignedAtCap), CompletedAtCap: absent(j.CompletedAtCap),
		Refused: absent(j.Refused), Status: j.Status, Paths: j.Paths}
	if j.Limit != nil {
		c.Limit = *j.Limit
	}
	if j.BindingCause != nil {
		c.BindingCause = model.CauseNamed(*j.BindingCause)
	}
	return c
}

// absent is the reverse of present.
func absent(j *jsonProbability) estimate.Estimate {
	if j == nil {
		return estimate.Missing
	}
	p := estimate.Estimate{Value: j.Probability, StandardError: math.Inf(1),
		Interval: estimate.Interval{Lower: j.Lower, Upper: j.Upper}}
	if j.StandardError != nil {
		p.StandardError = *j.StandardError
	}
	return p
}

func present(p estimate.Estimate) *jsonProbability {
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
