package sweep

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
)

func request() Request {
	return Request{
		Sessions: []string{"self-care", "workout"}, Devices: []string{solver.Fleet}, Environments: []string{"indoor", "sun"},
		Duration: 900,
		Readings: []solver.Reading{solver.Cautious, solver.AsDocumented}, Tolerances: []float64{0.005, 0.05}, Confidence: 0.95,
		Estimator: solver.Weights, Seed: 1, Paths: 2048, Curves: true,
	}
}

func run(t *testing.T, q Request) *Result {
	t.Helper()
	r, err := Run(context.Background(), model.Default(), q, Control{Workers: 2})
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
// survival sum to 1, and the intervals hold the estimates.
func TestIncidenceTable(t *testing.T) {
	r := run(t, request())
	var b bytes.Buffer
	if err := WriteIncidences(&b, r.Incidences); err != nil {
		t.Fatal(err)
	}
	rows := records(t, b.String())
	if want := 4 * (900 / 5) * (len(model.Ends) + 2); len(rows) != want {
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
		if row["cause"] != "failure" {
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
	if err := WriteCaps(&b, r.Caps); err != nil {
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
	// A plan as long as the limit expires: nearly every session fails.
	if got := value(t, rows[0]["failure_at_limit"]); got < 0.9 {
		t.Errorf("self care of 10 min fails with %v, want nearly always", got)
	}
}

// TestEndOnResign: a product that ends a session when it loses the front fails
// more often, by the share of those that resign.
func TestEndOnResign(t *testing.T) {
	q := request()
	q.Sessions, q.Environments = []string{"self-care"}, []string{solver.Mix}
	paused := run(t, q)
	q.EndOnResign = true
	ended := run(t, q)
	i := 300/5 - 1
	more := ended.Incidences[0].Failure[i].Value - paused.Incidences[0].Failure[i].Value
	if want := 1 - math.Pow(1+0.1*305/3600/1.5, -1.5); math.Abs(more-want) > 1e-4 {
		t.Errorf("failure by 300 s grows by %v, want nearly %v", more, want)
	}
}

// TestCapsJSON: what there is none of is null, and provenance travels along.
func TestCapsJSON(t *testing.T) {
	r := run(t, request())
	s := model.Default()
	var p Provenance
	p.DescribeScenario(s)
	p.CountPaths(r)
	var b bytes.Buffer
	if err := WriteCapsJSON(&b, r.Caps, p); err != nil {
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
	if doc.Schema != 1 || doc.Provenance.ScenarioDigest != s.Digest() || len(doc.Provenance.Assumed) == 0 ||
		len(doc.Provenance.Paths) != 4 || doc.Provenance.Paths[0].Paths != 2048 {
		t.Errorf("provenance is incomplete: %+v", doc.Provenance)
	}
	for i, c := range doc.Caps {
		if (c.Session == "self-care") != (c.Limit != nil) || c.Cap != r.Caps[i].Cap {
			t.Errorf("cap %d: %+v", i, c)
		}
	}
}

// TestUnknownSession names what there is.
func TestUnknownSession(t *testing.T) {
	q := request()
	q.Sessions = []string{"meditation"}
	if _, err := Run(context.Background(), model.Default(), q, Control{}); err == nil || !strings.Contains(err.Error(), "mindfulness") {
		t.Errorf("got %v, want an error that lists the session types", err)
	}
}

// TestNothingBeforeTheFirstCase: a run that is over before it begins has no rows.
func TestNothingBeforeTheFirstCase(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := Run(ctx, model.Default(), request(), Control{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Caps) != 0 || r.Outcome != solver.Interrupted {
		t.Errorf("%d caps, outcome %v; want none of an interrupted run", len(r.Caps), r.Outcome)
	}
}

// TestInterruptBetweenCases: a run that ends when a case is whole is not done.
func TestInterruptBetweenCases(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	taken := 0
	outcome, err := Each(ctx, model.Default(), request(), Control{Workers: 2}, func(Case, *solver.Program, *solver.Answer) {
		taken++
		cancel()
	})
	if err != nil || taken != 1 || outcome != solver.Interrupted {
		t.Errorf("%d answers, outcome %v, %v; want 1 of an interrupted run", taken, outcome, err)
	}
}

// TestCases: a case says how far it looks, and not further than the grid holds.
func TestCases(t *testing.T) {
	s := model.Default()
	q := request()
	for _, test := range []struct{ duration, want float64 }{{0, 1200}, {900, 900}} {
		q.Duration = test.duration
		cases, err := q.Cases(s)
		if err != nil || cases[0].Horizon != test.want {
			t.Errorf("plans up to %v s: %v, %v; want a horizon of %v s", test.duration, cases, err, test.want)
		}
	}
	if err := s.SetStep(0.1); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Cases(s); err != nil {
		t.Errorf("15 min in steps of 0.1 s: %v", err)
	}
	q.Duration = 0
	const want = "session type workout: 4 h has 144000 steps of 0.1 s: expected at most 100000"
	if _, err := q.Cases(s); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestUnanswered: without samples nothing is known of a cap, neither how long it
// is nor what binds it.
func TestUnanswered(t *testing.T) {
	row := Unanswered(Case{Session: "workout", Device: solver.Fleet, Environment: solver.Mix, Horizon: 14400}, solver.Cautious, 0.01, 0.95)
	sampled := row // too few paths, but some
	sampled.BindingCause, sampled.Paths = model.Expired, 3
	var table, doc bytes.Buffer
	if err := errors.Join(WriteCaps(&table, []Cap{row, sampled}), WriteCapsJSON(&doc, []Cap{row, sampled}, Provenance{})); err != nil {
		t.Fatal(err)
	}
	for i, paths := range []string{"0", "3"} {
		want := "workout,fleet,mix,cautious,0.01,0.95,0,14400,,,,,not-enough-samples," + paths
		if got := strings.Split(table.String(), "\n")[i+1]; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if n := strings.Count(doc.String(), `"binding_cause": null`); n != 2 {
		t.Errorf("%d of 2 rows have no cause:\n%s", n, doc.String())
	}
}

// TestLimitOffTheGrid: a limit between two durations is reached by the longer
// one, and a limit on the grid by its own, whatever rounding makes of the grid.
func TestLimitOffTheGrid(t *testing.T) {
	for _, test := range []struct {
		limit, step string
		i           int
	}{{"602 s", "5 s", 120}, {"600 s", "5 s", 119}, {"599.9 s", "0.1 s", 5998}} {
		s, err := model.Parse("plan.toml", fmt.Appendf(nil, "[[session]]\nid = 'self-care'\nlimit = %q", test.limit))
		if err != nil {
			t.Fatal(err)
		}
		step, err := model.ParseDuration(test.step)
		if err := errors.Join(err, s.SetStep(step)); err != nil {
			t.Fatal(err)
		}
		q := request()
		q.Sessions, q.Environments, q.Paths = []string{"self-care"}, []string{solver.Mix}, 64
		r, err := Run(context.Background(), s, q, Control{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := r.Caps[0].FailureAtLimit, r.Incidences[0].Failure[test.i]; got != want {
			t.Errorf("limit %s, step %s: fails %v, want %v as a plan of %v s", test.limit, test.step, got, want, r.Incidences[0].Durations[test.i])
		}
	}
}

// TestDescribeRequest: the provenance has all that makes another answer.
func TestDescribeRequest(t *testing.T) {
	q := request()
	var p Provenance
	p.DescribeRequest(q)
	if p.Seed != 1 || p.Estimator != "weights" || p.Confidence != 0.95 || p.Duration != 900 || p.MaxPaths != 0 ||
		!slices.Equal(p.Readings, []string{"cautious", "documented"}) || !slices.Equal(p.Tolerances, q.Tolerances) {
		t.Errorf("%+v", p)
	}
	q.Paths, q.MaxPaths = 0, 1<<20
	p.DescribeRequest(q)
	if p.MaxPaths != 1<<20 {
		t.Errorf("at most %d paths, want %d", p.MaxPaths, 1<<20)
	}
}
