package model

import (
	"errors"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"budget/model/document"
)

func TestEveryParameterHasEvidenceAndSource(t *testing.T) {
	for _, p := range Default().Parameters() {
		if !slices.Contains(evidenceKinds, string(p.Evidence)) {
			t.Errorf("%s: evidence %q", p.Key, p.Evidence)
		}
		if p.Source == "" {
			t.Errorf("%s: no source", p.Key)
		}
		if p.Overridden || p.Default != nil {
			t.Errorf("%s: a default is marked as an override", p.Key)
		}
	}
}

// specUnits converts the specification's units to SI, independently of the
// reader under test.
var specUnits = map[string]float64{
	"1": 1, "s": 1, "Ah": 3600, "ohm Ah": 3600, "J/mol": 1, "V/K": 1, "V": 1, "K/W": 1,
	"W/K": 1, "J/K": 1,
	"m2": 1, "degC": 1, "K": 1, "K/K": 1, "year": 365 * 86400, "1/day": 1. / 86400, "1/h": 1. / 3600,
	"W": 1, "W/m2": 1,
}

// plainUnits holds the units of the specification's values without one, by the
// last part of their key; its comments state them.
var plainUnits = map[string]string{
	"weight": "1", "share": "1", "sun_share": "1", "ocv_soc": "1", "ocv_v": "V", "front": "W/K",
	"housing": "W/K",
	"r_kw":    "K/W", "c": "J/K", "area_scale": "1", "power": "W", "cpu": "1", "enter": "1/h",
	"leave": "1/h", "horizon": "s",
}

// specification reads the specification's defaults for comparison with the catalog's.
type specification struct {
	*testing.T
	scenario *Scenario
	seen     map[string]bool
}

func TestCatalogIsTheSpecification(t *testing.T) {
	data, err := os.ReadFile(filepath.FromSlash("../../shared/spec/v3/parameters.toml"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the specification of the defaults, parameters.toml, is not beside this module: nothing " +
			"to compare the catalog with")
	}
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := toml.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	delete(root, "schema")

	s := specification{t, Default(), map[string]bool{}}
	s.table("", root)
	for _, p := range s.scenario.Parameters() {
		if !s.seen[p.Key] {
			t.Errorf("%s: in the catalog, not in the specification", p.Key)
		}
	}
}

func (s specification) table(path string, table map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(table)) {
		at := document.Join(path, key)
		switch value := table[key].(type) {
		case map[string]any:
			if value["v"] != nil {
				s.quantity(at, value["v"], value["unit"].(string), value)
				continue
			}
			s.table(at, value)
			for _, inner := range []string{"front", "housing"} { // evidence and source stand on the table
				if value["ev"] != nil {
					s.provenance(s.parameter(document.Join(at, inner)), value)
				}
			}
		case []any:
			if _, ok := value[0].(map[string]any); ok {
				s.list(at, value)
				continue
			}
			s.plain(at, key, value)
		case string, bool:
			s.word(at, key, value)
		default:
			s.plain(at, key, value)
		}
	}
}

func (s specification) list(path string, list []any) {
	var want, got []string
	for _, item := range list {
		table := item.(map[string]any)
		id := table["id"].(string)
		want = append(want, id)
		s.table(document.Join(path, id), table)
	}
	switch path {
	case "device":
		got = IDs(s.scenario.Devices)
	case "environment":
		got = IDs(s.scenario.Environments)
	case "session":
		got = IDs(s.scenario.Sessions)
	case "thermal.fit":
		got = IDs(s.scenario.Thermal.Fits)
	}
	if !slices.Equal(got, want) {
		s.Errorf("%s: ids %q, specification %q", path, got, want)
	}
}

func (s specification) plain(path, key string, value any) {
	unit, ok := plainUnits[key]
	if !ok {
		s.Errorf("%s: the test knows no unit of it", path)
		return
	}
	if path == "workload.states.front" {
		unit = "1"
	}
	s.quantity(path, value, unit, nil)
}

func (s specification) parameter(key string) *Parameter {
	s.Helper()
	p := s.scenario.Parameter(key)
	if p == nil {
		s.Fatalf("%s: in the specification, not in the catalog", key)
	}
	s.seen[key] = true
	return p
}

func (s specification) quantity(key string, value any, unit string, leaf map[string]any) {
	p := s.parameter(key)
	s.compare(key, p.Values, value, unit)
	if leaf == nil {
		return
	}
	s.provenance(p, leaf)
	bounds := leaf["range"]
	if (bounds != nil) != p.HasRange {
		s.Errorf("%s: has range %v, specification %v", key, p.HasRange, bounds)
	} else if bounds != nil {
		s.compare(key+".range", p.Range[:], bounds, unit)
		kind := LawKind("uniform")
		if word, ok := leaf["distribution"].(string); ok {
			kind = LawKind(word)
		}
		if p.Law == nil || p.Law.Kind != kind {
			s.Errorf("%s: law %+v, specification %s", key, p.Law, kind)
		}
	}
}

func (s specification) provenance(p *Parameter, leaf map[string]any) {
	if string(p.Evidence) != leaf["ev"] {
		s.Errorf("%s: evidence %s, specification %v", p.Key, p.Evidence, leaf["ev"])
	}
	cited := sourceTags(p.Source)
	for _, tag := range sourceTags(leaf["src"].(string)) {
		if tag == "W:1.3" { // the specification names the section before the right one
			tag = "W:1.4"
		}
		if !slices.Contains(cited, tag) {
			s.Errorf("%s: source %q does not name %s", p.Key, p.Source, tag)
		}
	}
}

// compare allows for the rounding of one or two unit factors, some 1e-16 each.
func (s specification) compare(key string, got []float64, value any, unit string) {
	factor, ok := specUnits[unit]
	if !ok {
		s.Fatalf("%s: the test does not know unit %q", key, unit)
	}
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	if len(got) != len(list) {
		s.Errorf("%s: %d values, specification %d", key, len(got), len(list))
		return
	}
	for i, item := range list {
		var want float64
		switch item := item.(type) {
		case float64:
			want = item * factor
		case int64:
			want = float64(item) * factor
		default:
			s.Fatalf("%s: %v is no number", key, item)
		}
		if math.Abs(got[i]-want) > 1e-12*math.Abs(want) {
			s.Errorf("%s: value %d is %v, specification %v", key, i, got[i], want)
		}
	}
}

// word compares a name or a flag.
func (s specification) word(path, key string, want any) {
	if key == "id" || key == "ev" || key == "src" {
		return // compared by their tables
	}
	list, id, _ := strings.Cut(strings.TrimSuffix(path, "."+key), ".")
	var got any
	switch list + "." + key {
	case "device.name":
		got = s.scenario.Device(id).Name
	case "device.build":
		got = s.scenario.Device(id).Build
	case "environment.airflow":
		got = s.scenario.Environment(id).Airflow
	case "environment.from":
		got = s.scenario.Environment(id).From
	case "timer.resign":
		got = s.scenario.Timer.Resign
	case "timer.keep":
		got = s.scenario.Timer.Keep
	case "session.name":
		got = s.scenario.Session(id).Name
	case "session.background_mode":
		got = s.scenario.Session(id).BackgroundMode
	case "session.frontmost":
		got = s.scenario.Session(id).Frontmost
	case "session.workload":
		got = s.scenario.Session(id).Workload
	}
	if got != want {
		s.Errorf("%s: %v, specification %v", path, got, want)
	}
}
