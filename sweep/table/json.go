package table

import (
	"io"
	"math"
	"slices"

	"budget/internal/finite"
	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// jsonCaps is the content of caps.json. Durations are in seconds.
type jsonCaps struct {
	Schema     int              `json:"schema"`
	Provenance sweep.Provenance `json:"provenance"`
	Caps       []jsonCap        `json:"caps"`
	Offers     []jsonOffer      `json:"offers,omitempty"`
}

// jsonOffer is a session length that may be offered, under the first reading.
type jsonOffer struct {
	Session     string           `json:"session"`
	Device      string           `json:"device"`
	Environment string           `json:"environment"`
	Duration    float64          `json:"duration_s"`
	Failure     *jsonProbability `json:"failure"`
	Beyond      bool             `json:"beyond_limit"`
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
	Cycles         *int             `json:"cycles,omitempty"` // of a timer, that end by the cap
	CycleEnds      sweep.Cycles     `json:"cycle_ends_s,omitempty"`
	FailureAtCap   *jsonProbability `json:"failure_at_cap"`
	BindingCause   *string          `json:"binding_cause"`
	ShortestFails  *jsonProbability `json:"shortest_fails"`
	FailureAtLimit *jsonProbability `json:"failure_at_limit"`
	ResignedAtCap  *jsonProbability `json:"resigned_at_cap"`
	CompletedAtCap *jsonProbability `json:"completed_at_cap"`
	Refused        *jsonProbability `json:"refused"`
	Status         sweep.CapStatus  `json:"status"`
	Paths          int64            `json:"paths"`
	Gated          *jsonGated       `json:"gated,omitempty"`
	Spread         *jsonSpread      `json:"uncertainty,omitempty"`
}

type jsonGated struct {
	Level        float64          `json:"gate"`
	LeftOut      float64          `json:"left_out"`
	Cap          float64          `json:"cap_s"`
	CapUpper     float64          `json:"cap_upper_s"`
	FailureAtCap *jsonProbability `json:"failure_at_cap"`
	Status       sweep.CapStatus  `json:"status"`
}

type jsonSpread struct {
	Low         float64  `json:"p5_cap_s"`
	Median      float64  `json:"p50_cap_s"`
	High        float64  `json:"p95_cap_s"`
	Robust      *float64 `json:"robust_cap_s"`
	RobustShare *float64 `json:"robust_share"`
	Longest     float64  `json:"longest_s"`
}

type jsonProbability struct {
	Probability   float64  `json:"probability"`
	StandardError *float64 `json:"standard_error"` // null for a single block
	Lower         *float64 `json:"lower"`          // null for a value without bounds
	Upper         *float64 `json:"upper"`
}

// WriteCapsJSON writes the caps and offers of a result with their provenance as JSON. Missing
// values are null.
func WriteCapsJSON(w io.Writer, r *sweep.Result, p sweep.Provenance) error {
	doc := jsonCaps{Schema: 1, Provenance: p, Caps: []jsonCap{}}
	for _, c := range r.Caps {
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
		if row.CycleEnds = c.Cycles; c.Cycles != "" {
			row.Cycles = new(c.Cycles.By(c.Cap))
		}
		if binding := c.Binding(); binding != "" {
			row.BindingCause = &binding
		}
		if g := c.Gated; g != nil {
			row.Gated = &jsonGated{g.Level, g.LeftOut, g.Cap, g.CapUpper, present(g.FailureAtCap), g.Status}
		}
		if s := c.Spread; s != nil {
			row.Spread = &jsonSpread{s.Low, s.Median, s.High, number(s.Robust), number(s.RobustShare),
				s.Longest}
		}
		doc.Caps = append(doc.Caps, row)
	}
	for _, o := range r.Offers {
		doc.Offers = append(doc.Offers, jsonOffer{o.Session, o.Device, o.Environment, o.Duration,
			present(o.Failure), o.Beyond})
	}
	return finite.Write(w, doc)
}

// ReadCapsJSON reads the output of WriteCapsJSON; ok is false for anything else.
func ReadCapsJSON(text []byte) (r *sweep.Result, p sweep.Provenance, ok bool) {
	var doc jsonCaps
	if err := finite.Unmarshal(text, &doc); err != nil || doc.Schema != 1 {
		return nil, p, false
	}
	r = &sweep.Result{}
	for i := range doc.Caps {
		r.Caps = append(r.Caps, doc.Caps[i].cap())
	}
	for _, o := range doc.Offers {
		i := slices.IndexFunc(r.Caps, func(c sweep.Cap) bool {
			return c.Session == o.Session && c.Device == o.Device && c.Environment == o.Environment
		})
		if i < 0 {
			return nil, p, false
		}
		r.Offers = append(r.Offers, sweep.Offer{Case: r.Caps[i].Case, Reading: r.Caps[i].Reading,
			Duration: o.Duration, Failure: absent(o.Failure), Beyond: o.Beyond})
	}
	return r, doc.Provenance, true
}

// cap returns the cap of a row.
func (j *jsonCap) cap() sweep.Cap {
	c := sweep.Cap{Case: sweep.Case{Session: j.Session, SessionName: j.SessionName, Device: j.Device,
		Environment: j.Environment, Horizon: j.Horizon, Cycles: j.CycleEnds},
		Reading: j.Reading, Tolerance: j.Tolerance, Confidence: j.Confidence, Cap: j.Cap,
		CapUpper: j.CapUpper, BindingCause: model.Completed,
		FailureAtCap: absent(j.FailureAtCap), ShortestFails: absent(j.ShortestFails),
		FailureAtLimit: absent(j.FailureAtLimit),
		ResignedAtCap:  absent(j.ResignedAtCap), CompletedAtCap: absent(j.CompletedAtCap),
		Refused: absent(j.Refused), Status: j.Status, Paths: j.Paths}
	if j.Limit != nil {
		c.Limit = *j.Limit
	}
	if g := j.Gated; g != nil {
		c.Gated = &sweep.GatedCap{Level: g.Level, LeftOut: g.LeftOut, Cap: g.Cap, CapUpper: g.CapUpper,
			FailureAtCap: absent(g.FailureAtCap), Status: g.Status}
	}
	if s := j.Spread; s != nil {
		c.Spread = &sweep.CapSpread{Low: s.Low, Median: s.Median, High: s.High,
			Robust: math.NaN(), RobustShare: math.NaN(), Longest: s.Longest}
		if s.Robust != nil && s.RobustShare != nil {
			c.Spread.Robust, c.Spread.RobustShare = *s.Robust, *s.RobustShare
		}
	}
	if j.BindingCause != nil {
		c.BindingCause = model.CauseNamed(*j.BindingCause)
	}
	return c
}

// number returns nil for a missing number and for an infinite one.
func number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// absent is the reverse of present.
func absent(j *jsonProbability) estimate.Estimate {
	if j == nil {
		return estimate.Missing
	}
	p := estimate.Missing
	p.Value, p.StandardError = j.Probability, math.Inf(1)
	if j.StandardError != nil {
		p.StandardError = *j.StandardError
	}
	if j.Lower != nil && j.Upper != nil {
		p.Lower, p.Upper = *j.Lower, *j.Upper
	}
	return p
}

func present(p estimate.Estimate) *jsonProbability {
	if math.IsNaN(p.Value) {
		return nil
	}
	return &jsonProbability{p.Value, number(p.StandardError), number(p.Lower), number(p.Upper)}
}
