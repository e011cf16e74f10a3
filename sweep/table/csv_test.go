package table

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

func request() sweep.Request {
	return sweep.Request{
		Sessions: []string{"self-care", "workout"}, Devices: []string{solver.Fleet},
		Environments: []string{"indoor", "sun"},
		Duration:     900,
		Readings:     []solver.Reading{solver.Cautious, solver.AsDocumented},
		Tolerances:   []float64{0.005, 0.05}, Confidence: 0.95,
		Estimator: solver.Weights, Seed: 1, Paths: 2048, Curves: true,
	}
}

func run(t *testing.T, q sweep.Request) *sweep.Result {
	t.Helper()
	r, err := sweep.Run(context.Background(), model.Default(), q, sweep.Control{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// records reads a CSV table into maps by column.
func records(t *testing.T, text string) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func value(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestIncidenceTable: every case has every duration and cause, causes and
// survival sum to 1, and the intervals contain the estimates.
func TestIncidenceTable(t *testing.T) {
	r := run(t, request())
	var b bytes.Buffer
	if err := WriteIncidences(&b, r.Incidences); err != nil {
		t.Fatal(err)
	}
	rows := records(t, b.String())
	if want := 4 * (900 / 5) * (len(model.Ends) + 3); len(rows) != want {
		t.Fatalf("%d rows, want %d", len(rows), want)
	}
	sums := map[string]float64{}
	for _, row := range rows {
		p, low, high := value(t, row["probability"]), value(t, row["lower"]), value(t, row["upper"])
		if p < low-1e-11 || p > high+1e-11 || value(t, row["standard_error"]) < 0 {
			t.Fatalf("estimate outside its interval: %v", row)
		}
		if p == 0 && high == 0 {
			t.Fatalf("a zero without an upper bound: %v", row)
		}
		if row["cause"] != "failure" && row["cause"] != "completed" {
			sums[row["session"]+row["environment"]+row["duration_s"]] += p
		}
		if row["estimator"] != "weights" || row["paths"] != "2048" || row["device"] != "fleet" {
			t.Fatalf("wrong labels: %v", row)
		}
	}
	for at, sum := range sums {
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s: causes and survival sum to %v", at, sum)
		}
	}
}

// TestCapsTable: a row for every case, reading and tolerance, caps on the grid,
// within their intervals, and never above the tolerance.
func TestCapsTable(t *testing.T) {
	r := run(t, request())
	var b bytes.Buffer
	if err := WriteCaps(&b, r.Caps, &sweep.Provenance{Scenario: "Defaults"}); err != nil {
		t.Fatal(err)
	}
	rows := records(t, b.String())
	if len(rows) != 4*2*2 {
		t.Fatalf("%d rows, want 16", len(rows))
	}
	for _, row := range rows {
		length, upper := value(t, row["cap_s"]), value(t, row["cap_upper_s"])
		if math.Mod(length, 5) != 0 || length > upper {
			t.Errorf("cap off the grid or above its upper end: %v", row)
		}
		if row["status"] == "met" && value(t, row["failure_at_cap"]) > value(t, row["tolerance"]) {
			t.Errorf("a cap that fails more often than its tolerance: %v", row)
		}
		if limited := row["session"] == "self-care"; limited != (row["failure_at_limit"] != "") {
			t.Errorf("failure at the limit: %v", row)
		}
	}
	// A session as long as the limit expires: nearly every one fails.
	if got := value(t, rows[0]["failure_at_limit"]); got < 0.9 {
		t.Errorf("self care of 10 min fails with %v, want nearly always", got)
	}
}

// TestCapsJSON: missing values are null, and the provenance is included.
func TestCapsJSON(t *testing.T) {
	r := run(t, request())
	s := model.Default()
	var p sweep.Provenance
	p.DescribeScenario(s)
	p.CountPaths(r)
	var b bytes.Buffer
	if err := WriteCapsJSON(&b, r, p); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Schema     int
		Provenance struct {
			ScenarioDigest string `json:"scenario_digest"`
			Assumed        []string
			Paths          []struct{ Paths int64 }
		}
		Caps []struct {
			Session string
			Limit   *float64 `json:"limit_s"`
			Cap     float64  `json:"cap_s"`
		}
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Schema != 1 || doc.Provenance.ScenarioDigest != s.Digest() ||
		len(doc.Provenance.Assumed) == 0 ||
		len(doc.Provenance.Paths) != 4 || doc.Provenance.Paths[0].Paths != 2048 {
		t.Errorf("provenance is incomplete: %+v", doc.Provenance)
	}
	for i, c := range doc.Caps {
		if (c.Session == "self-care") != (c.Limit != nil) || c.Cap != r.Caps[i].Cap {
			t.Errorf("cap %d: %+v", i, c)
		}
	}
}

// TestUnanswered: without samples the cap and its binding cause are unknown.
func TestUnanswered(t *testing.T) {
	row := sweep.Unanswered(sweep.Case{Session: "workout", Device: solver.Fleet,
		Environment: solver.Mix, Horizon: 14400}, solver.Cautious, 0.01, 0.95)
	sampled := row // too few paths, but some
	sampled.BindingCause, sampled.Paths = model.Expired, 3
	var rows, doc bytes.Buffer
	if err := errors.Join(WriteCaps(&rows, []sweep.Cap{row, sampled}, &sweep.Provenance{}),
		WriteCapsJSON(&doc, &sweep.Result{Caps: []sweep.Cap{row, sampled}},
			sweep.Provenance{})); err != nil {
		t.Fatal(err)
	}
	for i, paths := range []string{"0", "3"} {
		want := "workout,fleet,mix,,cautious,,,0.01,0.95,0,14400,,,,,,,,,not-enough-samples," + paths +
			strings.Repeat(",", len(RunColumns)+len(ConditionColumns))
		if got := strings.Split(rows.String(), "\n")[i+1]; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if n := strings.Count(doc.String(), `"binding_cause": null`); n != 2 {
		t.Errorf("%d of 2 rows have no cause:\n%s", n, doc.String())
	}
}
