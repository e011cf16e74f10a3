package report

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"

	"budget/internal/finite"
)

// The data of the panel, as the page's script reads them: JSON, packed by gzip, in base64.
type (
	panelData struct {
		Command     string        `json:"command"`
		Tolerances  []stop        `json:"tolerances"`
		Confidences []stop        `json:"confidences"`
		Statuses    []string      `json:"statuses"`
		Causes      []string      `json:"causes"`
		Sessions    []sessionData `json:"sessions"`
		Columns     []string      `json:"columns"`
		Cells       []cellData    `json:"cells"`
		Rules       []ruleData    `json:"rules"`
	}
	stop struct {
		Value float64 `json:"value"`
		Text  string  `json:"text"`
	}
	// ruleData holds the caps at the ends of what an assumption may be, and as assumed.
	ruleData struct {
		Of   string    `json:"of"`   // the cap that moves
		Ends [3]string `json:"ends"` // values: at the low end, as assumed, at the high end
		Caps [3]string `json:"caps"`
	}
	sessionData struct {
		Name  string  `json:"name"`
		Limit float64 `json:"limit"`
	}
	cellData struct {
		Levels   []int          `json:"levels"`   // by column
		Sessions [][]*curveData `json:"sessions"` // by session type and reading
	}
	// curveData holds the numbers of a cell for a session type, under a reading.
	// The caps that occur come in columns; at and what follows it is by confidence, then
	// tolerance.
	curveData struct {
		Durations []float64 `json:"durations"` // [s]
		Failure   []float64 `json:"failure"`
		Lower     []float64 `json:"lower"`
		Upper     []float64 `json:"upper"`

		Shortest      float64 `json:"shortest"` // plan [s]
		ShortestFails string  `json:"shortestFails"`

		Caps   []float64 `json:"caps"` // [s]
		Fails  []string  `json:"fails"`
		Leaves []string  `json:"leaves"`

		At       []int     `json:"at"` // in caps
		CapUpper []float64 `json:"capUpper"`
		Status   []int     `json:"status"`
		Binding  []int     `json:"binding"`
	}
)

// pack writes the data as the page carries them.
func (d *panelData) pack() (Markup, error) {
	text, err := finite.Marshal(d)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := z.Write(text); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return Markup(base64.StdEncoding.EncodeToString(b.Bytes())), nil
}
