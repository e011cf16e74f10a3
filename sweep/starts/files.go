package starts

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"budget/internal/escape"
	"budget/internal/finite"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/table"
)

// File names of a Result: the cells, and everything else.
const (
	CSVFile  = "starts.csv"
	JSONFile = "starts.json"
)

// startsSchema is the version of the files.
const startsSchema = 1

// Header lists the columns of starts.csv. Durations are in seconds, 0 for a missing cap;
// levels are in per cent; all other numbers are probabilities, empty if missing.
var Header = []string{"session", "tolerance", "watch", "low_power_mode", "thermal_state",
	"level_from", "level_to",
	"share", "share_lower", "share_upper", "paths", "own_cap_s", "own_upper_s", "own_status",
	"binding_cause", "cap_s", "basis", "from",
	"fails_at_cap", "fails_at_cap_lower", "fails_at_cap_upper", "fails_at_fixed",
	"fails_at_fixed_lower", "fails_at_fixed_upper"}

// WriteCells writes the cells as CSV.
func (s *Result) WriteCells(w io.Writer) error {
	out := escape.NewCSVWriter(w)
	rows := [][]string{Header}
	for _, t := range s.Tables {
		for _, c := range t.Cells {
			row := []string{t.Session, table.Number(t.Tolerance), c.Watch,
				strconv.FormatBool(c.LowPower), c.Thermal,
				strconv.Itoa(c.Level.From), strconv.Itoa(c.Level.To)}
			row = append(row, texts(c.Share)...)
			row = append(row, strconv.FormatInt(c.Paths, 10), table.Number(c.Own), table.Number(c.OwnUpper),
				string(c.OwnStatus), c.Binding,
				table.Number(c.Cap), string(c.Basis), c.From)
			row = append(row, texts(c.FailsAtCap)...)
			rows = append(rows, append(row, texts(c.FailsAtFixed)...))
		}
	}
	return out.WriteAll(rows)
}

// texts formats a share with all its digits, so that it is read exactly as written.
func texts(s estimate.Estimate) []string {
	var out []string
	for _, x := range []float64{s.Value, s.Lower, s.Upper} {
		if math.IsNaN(x) {
			out = append(out, "")
			continue
		}
		out = append(out, strconv.FormatFloat(x, 'g', -1, 64))
	}
	return out
}

// jsonResult is the content of starts.json.
type jsonResult struct {
	Schema     int              `json:"schema"`
	Provenance sweep.Provenance `json:"provenance"`
	Family     int              `json:"family"`
	Drawn      int64            `json:"drawn"`
	Quota      int64            `json:"quota"`
	Levels     []LevelBin       `json:"levels"`
	Watches    []WatchClass     `json:"watches"`
	Tables     []jsonTable      `json:"tables"`
	Cells      string           `json:"cells_sha256"` // of starts.csv
}

type jsonTable struct {
	Session     string       `json:"session"`
	SessionName string       `json:"session_name"`
	Limit       *float64     `json:"limit_s"`
	Cycles      sweep.Cycles `json:"cycle_ends_s,omitempty"`
	Tolerance   float64      `json:"tolerance"`
	Fixed       jsonFixed    `json:"fixed"`
	Gain        jsonGain     `json:"bought"`
}

type jsonFixed struct {
	Cap     float64         `json:"cap_s"`
	Upper   float64         `json:"cap_upper_s"`
	Status  sweep.CapStatus `json:"status"`
	Failure *jsonShare      `json:"failure_at_cap"`
}

type jsonShare struct {
	Value float64 `json:"probability"`
	Lower float64 `json:"lower"`
	Upper float64 `json:"upper"`
}

func newShare(e estimate.Estimate) *jsonShare { return &jsonShare{e.Value, e.Lower, e.Upper} }

func (s jsonShare) estimate() estimate.Estimate {
	return estimate.Estimate{Value: s.Value, Interval: estimate.Interval{Lower: s.Lower,
		Upper: s.Upper}}
}

// jsonGain is Gain, which could be computed from the cells, for readers without
// the CSV.
type jsonGain struct {
	Fixed      float64   `json:"average_fixed_s"`
	Table      float64   `json:"average_table_s"`
	Offered    float64   `json:"offered"`
	FixedFails jsonShare `json:"fails_fixed"`
	TableFails jsonShare `json:"fails_table"`
}

// WriteRest writes everything except the cells as JSON.
func (s *Result) WriteRest(w io.Writer) error {
	doc := jsonResult{startsSchema, s.Provenance, s.Family, s.Drawn, s.Quota, s.Levels,
		s.Watches, nil, ""}
	for i := range s.Tables {
		t := &s.Tables[i]
		b := t.Gain()
		row := jsonTable{Session: t.Session, SessionName: t.SessionName, Cycles: t.Cycles,
			Tolerance: t.Tolerance,
			Fixed:     jsonFixed{t.Fixed.Cap, t.Fixed.Upper, t.Fixed.Status, nil},
			Gain: jsonGain{b.Fixed, b.Table, b.Offered, *newShare(b.FixedFails),
				*newShare(b.TableFails)}}
		if t.Limit > 0 {
			row.Limit = &t.Limit
		}
		if !math.IsNaN(t.Fixed.Failure.Value) {
			row.Fixed.Failure = newShare(t.Fixed.Failure)
		}
		doc.Tables = append(doc.Tables, row)
	}
	var cells bytes.Buffer
	if err := s.WriteCells(&cells); err != nil {
		return err
	}
	doc.Cells = digest(cells.Bytes())
	return finite.Write(w, doc)
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Read reads a Result from the files starts.csv and starts.json in a directory.
// The error names the file that was changed; a missing file is an fs.ErrNotExist.
func Read(dir string) (*Result, error) {
	csvPath, jsonPath := filepath.Join(dir, CSVFile), filepath.Join(dir, JSONFile)
	cells, err := os.ReadFile(csvPath)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(jsonPath)
	if err != nil {
		return nil, err
	}
	var doc jsonResult
	if err := finite.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%s was not written by budget export: %w", jsonPath, err)
	}
	switch {
	case doc.Schema != startsSchema:
		return nil, fmt.Errorf("%s has schema %d: this program reads schema %d",
			jsonPath, doc.Schema, startsSchema)
	case len(doc.Provenance.Readings) != 1:
		return nil,
			fmt.Errorf(
				"%s was not written by budget export: its provenance names %d readings, expected one",
				jsonPath, len(doc.Provenance.Readings))
	case doc.Cells != digest(cells):
		return nil, fmt.Errorf("%s does not belong to %s: run budget export again",
			csvPath, jsonPath)
	}
	s := &Result{doc.Provenance, doc.Family, doc.Drawn, doc.Quota, doc.Levels, doc.Watches, nil}
	for _, row := range doc.Tables {
		t := Table{Session: row.Session, SessionName: row.SessionName, Cycles: row.Cycles,
			Tolerance: row.Tolerance,
			Fixed:     FixedCap{row.Fixed.Cap, row.Fixed.Upper, row.Fixed.Status, share(estimate.Missing)}}
		if row.Limit != nil {
			t.Limit = *row.Limit
		}
		if row.Fixed.Failure != nil {
			t.Fixed.Failure = row.Fixed.Failure.estimate()
		}
		s.Tables = append(s.Tables, t)
	}
	at := 0
	if err := table.ReadFile(csvPath, func(row table.Row) error {
		for at < len(s.Tables) && len(s.Tables[at].Cells) ==
			len(s.Watches)*2*len(ThermalStates)*len(s.Levels) {
			at++
		}
		if at == len(s.Tables) || row.Field("session") != s.Tables[at].Session {
			return fmt.Errorf("cells of %q, which is not in %s", row.Field("session"), jsonPath)
		}
		c, err := startCell(row)
		s.Tables[at].Cells = append(s.Tables[at].Cells, c)
		return err
	}); err != nil {
		return nil, err
	}
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("%s and %s: %w: run budget export again", csvPath, jsonPath, err)
	}
	return s, nil
}

// startCell reads a line of starts.csv.
func startCell(row table.Row) (Cell, error) {
	share := func(name string) estimate.Estimate {
		return jsonShare{row.Number(name), row.Number(name + "_lower"),
			row.Number(name + "_upper")}.estimate()
	}
	low, err1 := strconv.ParseBool(row.Field("low_power_mode"))
	from, err2 := strconv.Atoi(row.Field("level_from"))
	to, err3 := strconv.Atoi(row.Field("level_to"))
	paths, err4 := strconv.ParseInt(row.Field("paths"), 10, 64)
	return Cell{
		Watch: row.Field("watch"), LowPower: low, Thermal: row.Field("thermal_state"),
		Level: LevelBin{from, to}, Share: share("share"), Paths: paths,
		Own: row.Number("own_cap_s"), OwnUpper: row.Number("own_upper_s"),
		OwnStatus: sweep.CapStatus(row.Field("own_status")),
		Binding:   row.Field("binding_cause"), Cap: row.Number("cap_s"), Basis: Basis(row.Field("basis")),
		From:       row.Field("from"),
		FailsAtCap: share("fails_at_cap"), FailsAtFixed: share("fails_at_fixed"),
	}, errors.Join(err1, err2, err3, err4)
}
