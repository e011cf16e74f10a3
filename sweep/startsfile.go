package sweep

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
)

// Names of the files of Starts: the cells, and all else.
const (
	StartsCSV  = "starts.csv"
	StartsJSON = "starts.json"
)

// startsSchema is the version of the files.
const startsSchema = 1

// StartsHeader names the columns of starts.csv. Durations are in seconds, 0 for a cap that
// there is none of; levels are in per cent; all else are probabilities, which are empty
// where there is none.
var StartsHeader = []string{"session", "tolerance", "watch", "low_power_mode", "thermal_state", "level_from", "level_to",
	"share", "share_lower", "share_upper", "paths", "own_cap_s", "own_upper_s", "own_status", "binding_cause", "cap_s", "basis", "from",
	"fails_at_cap", "fails_at_cap_lower", "fails_at_cap_upper", "fails_at_fixed", "fails_at_fixed_lower", "fails_at_fixed_upper"}

// WriteCells writes the cells as CSV.
func (s *Starts) WriteCells(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{StartsHeader}
	for _, t := range s.Tables {
		for _, c := range t.Cells {
			row := []string{t.Session, Number(t.Tolerance), c.Watch, strconv.FormatBool(c.LowPower), c.Thermal,
				strconv.Itoa(c.Level.From), strconv.Itoa(c.Level.To)}
			row = append(row, c.Share.texts()...)
			row = append(row, strconv.FormatInt(c.Paths, 10), Number(c.Own), Number(c.OwnUpper), string(c.OwnStatus), c.Binding,
				Number(c.Cap), string(c.Basis), c.From)
			row = append(row, c.FailsAtCap.texts()...)
			rows = append(rows, append(row, c.FailsAtFixed.texts()...))
		}
	}
	return out.WriteAll(rows)
}

// texts writes a share with all its digits, so that what is read is what was written.
func (s Share) texts() []string {
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

// jsonStarts is the form of starts.json.
type jsonStarts struct {
	Schema     int              `json:"schema"`
	Provenance Provenance       `json:"provenance"`
	Family     int              `json:"family"`
	Drawn      int64            `json:"drawn"`
	Quota      int64            `json:"quota"`
	Levels     []LevelBin       `json:"levels"`
	Watches    []WatchClass     `json:"watches"`
	Tables     []jsonStartTable `json:"tables"`
	Cells      string           `json:"cells_sha256"` // of starts.csv
}

type jsonStartTable struct {
	Session     string     `json:"session"`
	SessionName string     `json:"session_name"`
	Limit       *float64   `json:"limit_s"`
	Tolerance   float64    `json:"tolerance"`
	Fixed       jsonFixed  `json:"fixed"`
	Bought      jsonBought `json:"bought"`
}

type jsonFixed struct {
	Cap     float64    `json:"cap_s"`
	Upper   float64    `json:"cap_upper_s"`
	Status  CapStatus  `json:"status"`
	Failure *jsonShare `json:"failure_at_cap"`
}

type jsonShare struct {
	Value float64 `json:"probability"`
	Lower float64 `json:"lower"`
	Upper float64 `json:"upper"`
}

// jsonBought is what can be had from the cells, for those who read no CSV.
type jsonBought struct {
	Fixed      float64   `json:"average_fixed_s"`
	Table      float64   `json:"average_table_s"`
	Offered    float64   `json:"offered"`
	FixedFails jsonShare `json:"fails_fixed"`
	TableFails jsonShare `json:"fails_table"`
}

// WriteRest writes all but the cells as JSON.
func (s *Starts) WriteRest(w io.Writer) error {
	doc := jsonStarts{startsSchema, s.Provenance, s.Family, s.Drawn, s.Quota, s.Levels, s.Watches, nil, ""}
	for i := range s.Tables {
		t := &s.Tables[i]
		b := t.Bought()
		row := jsonStartTable{Session: t.Session, SessionName: t.SessionName, Tolerance: t.Tolerance,
			Fixed:  jsonFixed{t.Fixed.Cap, t.Fixed.Upper, t.Fixed.Status, nil},
			Bought: jsonBought{b.Fixed, b.Table, b.Offered, jsonShare(b.FixedFails), jsonShare(b.TableFails)}}
		if t.Limit > 0 {
			row.Limit = &t.Limit
		}
		if !math.IsNaN(t.Fixed.Failure.Value) {
			row.Fixed.Failure = (*jsonShare)(&t.Fixed.Failure)
		}
		doc.Tables = append(doc.Tables, row)
	}
	var cells bytes.Buffer
	if err := s.WriteCells(&cells); err != nil {
		return err
	}
	doc.Cells = digest(cells.Bytes())
	return WriteJSON(w, doc)
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// ReadStarts reads Starts from the files starts.csv and starts.json of a directory. The
// error says which of them is not as it was written; one that is not there is an
// fs.ErrNotExist.
func ReadStarts(dir string) (*Starts, error) {
	csvPath, jsonPath := filepath.Join(dir, StartsCSV), filepath.Join(dir, StartsJSON)
	cells, err := os.ReadFile(csvPath)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(jsonPath)
	if err != nil {
		return nil, err
	}
	var doc jsonStarts
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%s is not what budget export has written: %w", jsonPath, err)
	}
	switch {
	case doc.Schema != startsSchema:
		return nil, fmt.Errorf("%s has schema %d: this program reads schema %d", jsonPath, doc.Schema, startsSchema)
	case len(doc.Provenance.Readings) != 1:
		return nil, fmt.Errorf("%s is not what budget export has written: its provenance names %d readings, expected one", jsonPath, len(doc.Provenance.Readings))
	case doc.Cells != digest(cells):
		return nil, fmt.Errorf("%s is not the one that %s was written with: export again", csvPath, jsonPath)
	}
	s := &Starts{doc.Provenance, doc.Family, doc.Drawn, doc.Quota, doc.Levels, doc.Watches, nil}
	for _, row := range doc.Tables {
		t := StartTable{Session: row.Session, SessionName: row.SessionName, Tolerance: row.Tolerance,
			Fixed: FixedCap{row.Fixed.Cap, row.Fixed.Upper, row.Fixed.Status, missingShare}}
		if row.Limit != nil {
			t.Limit = *row.Limit
		}
		if row.Fixed.Failure != nil {
			t.Fixed.Failure = Share(*row.Fixed.Failure)
		}
		s.Tables = append(s.Tables, t)
	}
	table := 0
	if err := readCSVFile(csvPath, func(row csvRow) error {
		for table < len(s.Tables) && len(s.Tables[table].Cells) == len(s.Watches)*2*len(ThermalStates)*len(s.Levels) {
			table++
		}
		if table == len(s.Tables) || row.field("session") != s.Tables[table].Session {
			return fmt.Errorf("cells of %q that %s does not know", row.field("session"), jsonPath)
		}
		s.Tables[table].Cells = append(s.Tables[table].Cells, startCell(row))
		return nil
	}); err != nil {
		return nil, err
	}
	return s, nil
}

// startCell reads a line of starts.csv.
func startCell(row csvRow) StartCell {
	share := func(name string) Share {
		return Share{row.number(name), row.number(name + "_lower"), row.number(name + "_upper")}
	}
	return StartCell{
		Watch: row.field("watch"), LowPower: row.field("low_power_mode") == "true", Thermal: row.field("thermal_state"),
		Level: LevelBin{int(row.number("level_from")), int(row.number("level_to"))},
		Share: share("share"), Paths: int64(row.number("paths")),
		Own: row.number("own_cap_s"), OwnUpper: row.number("own_upper_s"), OwnStatus: CapStatus(row.field("own_status")),
		Binding: row.field("binding_cause"), Cap: row.number("cap_s"), Basis: Basis(row.field("basis")), From: row.field("from"),
		FailsAtCap: share("fails_at_cap"), FailsAtFixed: share("fails_at_fixed"),
	}
}
