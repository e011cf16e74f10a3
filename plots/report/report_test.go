package report

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"budget/model"
	"budget/plots/selection"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/store"
	"budget/sweep/table"
	"budget/sweep/uncertainty"
)

// results are of two watches in two seasons, with what goes along with a season.
func results() *store.Results {
	r := &store.Results{Name: "Seasons", Plan: &store.Provenance{}, Columns: []store.Column{
		{Name: "season", Title: "season"}, {Name: "ambient_degC", Title: "ambient", Unit: "degC",
			Number: true},
		{Name: "device", Title: "device"}, {Name: "environment", Title: "environment"},
		{Name: "start_level", Title: "start level", Number: true},
	}}
	p := &r.Provenance
	p.Readings, p.Tolerances, p.Confidence, p.Caps = []string{"cautious"}, []float64{0.01}, 0.95, 4
	for i, cell := range []struct {
		season, ambient, device string
		cap                     float64
	}{{"winter", "-5", "s9-41", 600}, {"winter", "-5", "ultra2-49", 1800}, {"summer", "30.25", "s9-41",
		2400}, {"summer", "30.25", "ultra2-49", 0}} {
		c := sweep.Case{Session: "mindfulness", SessionName: "Mindfulness", Device: cell.device,
			Environment: "mix", Limit: 3600}
		status := sweep.CapMet
		if cell.cap == 0 {
			status = sweep.CapUnknown
		}
		r.Cells = append(r.Cells, &store.Cell{Number: i + 1, Values: []string{cell.season, cell.ambient,
			cell.device, "mix", "0.3"}, Case: c,
			Caps: []sweep.Cap{{Case: c, Reading: "cautious", Tolerance: 0.01, Confidence: 0.95,
				Cap: cell.cap, CapUpper: 2500, BindingCause: model.PowerOff,
				Status: status, FailureAtCap: estimate.Estimate{Value: 0.008}, Paths: 4096}}})
	}
	return r
}

// TestColumns: what is the same everywhere or goes along with another column is nothing to
// choose by.
func TestColumns(t *testing.T) {
	t.Parallel()
	r := results()
	var names []string
	varying := selection.Varying(r, r.Cells)
	for _, c := range varying {
		names = append(names, c.Title+" "+strings.Join(c.Values(r.Cells), "|"))
	}
	if want := []string{"season winter|summer", "device s9-41|ultra2-49"}; !slices.Equal(names, want) {
		t.Errorf("columns %q, want %q", names, want)
	}
	if got, want := cellName(varying, r.Cells[2]), "summer, s9-41"; got != want {
		t.Errorf("a cell is named %q, want %q", got, want)
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	r := results()
	varying := selection.Varying(r, r.Cells)
	for _, c := range []struct {
		cells []*store.Cell
		want  Answer
	}{
		{r.Cells[:1], Answer{"Mindfulness: offer up to", "10 min", "", "power-off", ".", ""}},
		{r.Cells[3:], Answer{"Mindfulness:", "too few sessions simulated", "", "", ".", ""}},
		{r.Cells[:3], Answer{"Mindfulness: offer up to", "10 min to 40 min", "", "power-off",
			" where it is shortest (winter, s9-41); longest: summer, s9-41.", ""}},
		{[]*store.Cell{r.Cells[1], r.Cells[1]}, Answer{"Mindfulness: offer up to", "30 min", "", "",
			" in each of 2 cells.", ""}},
		{r.Cells[2:], Answer{"Mindfulness: offer up to", "40 min", "", "",
			" where it is longest (summer, s9-41); too few sessions simulated in others, such as summer, " +
				"ultra2-49.", ""}},
		{[]*store.Cell{r.Cells[3], r.Cells[3]}, Answer{"Mindfulness:", "too few sessions simulated", "",
			"", " in every one of 2 cells.", ""}},
	} {
		if got, err := sentence(nil, varying, c.cells, 0.01, nil); err != nil || got != c.want {
			t.Errorf("%+v, %v, want %+v", got, err, c.want)
		}
	}
}

// TestLengthToOffer: where the results have a menu, the page offers its longest length that holds,
// as budget caps does, and gives the cap besides, with those of the gate.
func TestLengthToOffer(t *testing.T) {
	t.Parallel()
	r := results()
	cell := r.Cells[0]
	cell.Caps[0].Gated = &sweep.GatedCap{Level: 0.2, Cap: 900}
	for _, minutes := range []float64{5, 8, 15} {
		r.Offers = append(r.Offers, sweep.Offer{Case: cell.Caps[0].Case, Duration: 60 * minutes})
	}
	want := Answer{"Mindfulness: offer at most", "8 min", "10 min", "power-off",
		"; 15 min from 20 % shown.", ""}
	got, err := sentence(r.Offers, nil, r.Cells[:1], 0.01, nil)
	if err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	one := *r
	one.Cells = r.Cells[:1]
	if got, want := finding(&one, nil), "Mindfulness: offer at most 8 min"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
	want.Before, want.Length = "Mindfulness:", "offer none of the lengths asked for"
	if got, err := sentence(r.Offers[2:], nil, r.Cells[:1], 0.01, nil); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}

// TestUncertainInputsAreSaidFirst: where a spread has the cap, its sentence says how far uncertain
// inputs move it: quantiles of many sets, the ends of few.
func TestUncertainInputsAreSaidFirst(t *testing.T) {
	t.Parallel()
	r := results()
	cell := r.Cells[0]
	spread := &uncertainty.Spread{Cases: []uncertainty.CaseSpread{{Case: r.Cells[1].Case,
		Caps: []uncertainty.CapSpread{{Reading: "cautious", Tolerance: 0.01}}}, {Case: cell.Case,
		Caps: []uncertainty.CapSpread{{Reading: "cautious", Tolerance: 0.05}, {Reading: "cautious",
			Tolerance: 0.01,
			Quantiles: [3]uncertainty.CapEstimate{{Value: 300}, {Value: 600}, {Value: 900}}}},
	}}}
	of := &spread.Cases[1]
	for sets, want := range map[int]string{40: "from 5 min to 15 min", 3: "from none to 20 min"} {
		of.Sets = nil
		for i := range sets {
			caps := []uncertainty.CapEstimate{{}, {Value: float64(i*1200) / float64(sets-1)}}
			of.Sets = append(of.Sets, uncertainty.Set{Caps: caps})
		}
		got, err := sentence(nil, nil, r.Cells[:1], 0.01, spread)
		if want := "Uncertain inputs move the safe cap " + want + "."; err != nil || got.Range != want {
			t.Errorf("%d sets: %q, %v, want %q", sets, got.Range, err, want)
		}
	}
	// No spread has a cap at this tolerance.
	cell.Caps[0].Tolerance = 0.02
	if got, err := sentence(nil, nil, r.Cells[:1], 0.02, spread); err != nil || got.Range != "" {
		t.Errorf("another tolerance: %q, %v", got.Range, err)
	}
}

// TestFinding: the title of the page is the answer.
func TestFinding(t *testing.T) {
	t.Parallel()
	r := results()
	all := r.Cells
	varying := selection.Varying(r, all)
	for _, c := range []struct {
		cells []*store.Cell
		want  string
	}{
		{all[:1], "Mindfulness: offer up to 10 min"},
		{all, "Mindfulness: offer at most 10 min (winter, s9-41) to 40 min (summer, s9-41); " +
			"too few sessions simulated for summer, ultra2-49"},
		{all[2:], "Mindfulness: offer up to 40 min (summer, s9-41); " +
			"too few sessions simulated for summer, ultra2-49"},
		{append(all[1:], all[3]), "Mindfulness: offer at most 30 min (winter, ultra2-49) to 40 min " +
			"(summer, s9-41); no cap in 2 of 4 cases"},
		{all[3:], "Mindfulness: too few sessions simulated for a cap at 1 %"},
	} {
		r.Cells = c.cells
		if got := finding(r, varying); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	alarm := *all[2]
	alarm.Session, alarm.SessionName = "smart-alarm", "Smart alarm"
	r.Cells = []*store.Cell{all[0], all[1], &alarm}
	want := "Offer at most 10 min (Mindfulness) to 40 min (Smart alarm)"
	if got := finding(r, varying); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	// A type that has no cap is not one of those that it can be offered in.
	never := *all[3]
	never.Session, never.SessionName = "workout", "Workout"
	never.Caps = []sweep.Cap{never.Caps[0]}
	never.Caps[0].Status = sweep.CapNever
	r.Cells = []*store.Cell{all[0], &never}
	want = "Offer up to 10 min (Mindfulness); no length is safe for Workout"
	if got := finding(r, varying); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	// Caps below every length of the menu are not on offer, but safe.
	r.Cells = []*store.Cell{all[0], &alarm}
	for _, c := range r.Cells {
		r.Offers = append(r.Offers, sweep.Offer{Case: c.Case, Duration: 3000})
	}
	want = "Safe up to 10 min (Mindfulness) to 40 min (Smart alarm)"
	if got := finding(r, varying); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestRunTitle: lengths of one case are told apart by the length, cases by their names.
func TestRunTitle(t *testing.T) {
	t.Parallel()
	of := func(session string, minutes, fails float64) table.Outcome {
		return table.Outcome{Case: sweep.Case{SessionName: session, Device: "fleet", Environment: "mix"},
			Length: 60 * minutes, Fails: estimate.Estimate{Value: fails}}
	}
	for _, c := range []struct {
		of   []table.Outcome
		want string
	}{
		{[]table.Outcome{of("Sit", 45, 0.01), of("Sit", 90, 0.5)},
			"Sit: 1.00 % of 45 min sessions fail, 50.0 % of 90 min sessions"},
		{[]table.Outcome{of("Sit", 45, 0.01), of("Run", 45, 0.5)},
			"1.00 % of 45 min sessions (Sit) fail, 50.0 % of 45 min sessions (Run)"},
		{[]table.Outcome{of("Sit", 45, 0.01)}, "Sit: 1.00 % of 45 min sessions fail"},
	} {
		if got := endsTitle(c.of); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestWithoutADesignTheNearestIsNamed, with the requirement that it breaks most.
func TestWithoutADesignTheNearestIsNamed(t *testing.T) {
	t.Parallel()
	d := &store.Designs{DesignRun: &table.DesignRun{Name: "Sitting", Outcome: "infeasible",
		Charts: table.DesignCharts{Worth: table.MeasureCap, Minutes: table.MeasureCap,
			Requirements: []table.DesignRequirement{{Title: "share of starts below the gate", Most: 0.05},
				{Title: "failure of 40 min sessions", Most: 0.0001}},
			Knobs: []table.DesignKnob{{Name: "gate", Levels: []string{"0 %", "20 %"}}},
			Designs: []table.Design{{Levels: []int{0}, State: table.DesignBreaks},
				{Levels: []int{1}, State: table.DesignBreaks}},
			Nearest: &table.NearestDesign{Design: 2, Requirement: 2, Value: 0.0057}}}}
	found := newDesigns(d)
	if want := "No design is chosen. The nearest is gate 20 %: its failure of 40 min sessions is 0.57 %, " +
		"and at most 0.01 % is required."; found.Lead != want {
		t.Errorf("%q, want %q", found.Lead, want)
	}
	if n := len(found.Requirements.Columns); n != 2 || len(found.Requirements.Rows[0]) != n {
		t.Errorf("requirements of no design have %d columns", n)
	}
}

// TestTiesAreNamedAlike: of cells with the same cap the first is named, as the longest and as the
// shortest.
func TestTiesAreNamedAlike(t *testing.T) {
	t.Parallel()
	r := results()
	for _, c := range r.Cells {
		c.Caps[0].Cap, c.Caps[0].Status = 1800, sweep.CapMet
	}
	varying := selection.Varying(r, r.Cells)
	row := spreadRow(varying, r.Cells, "cautious", 0.01, false)
	if row[3] != "winter, s9-41" || row[6] != "winter, s9-41" {
		t.Errorf("of ties %q is the shortest and %q the longest, want the first of both", row[3], row[6])
	}
}

// TestSpread: a cell whose cap could not be found comes first of all.
func TestSpread(t *testing.T) {
	t.Parallel()
	r := results()
	got := spreadRow(selection.Varying(r, r.Cells), r.Cells, "cautious", 0.01, false)
	want := []string{"Mindfulness", "1 %", "too few sessions simulated", "summer, ultra2-49",
		"10 min", "40 min", "summer, s9-41"}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestSliders go over the usual stops and the run's own, each once and in order.
func TestSliders(t *testing.T) {
	t.Parallel()
	// 2.2 % as a plan reads it, and 1 % with the last bit another.
	own := []float64{0.022000000000000002, 0.010000000000000002}
	s := newSlider(toleranceStops, own, own[1])
	if s.Text() != "1 %" || s.Stops[s.Chosen] != own[1] {
		t.Errorf("the slider stands at %v", s.Stops[s.Chosen])
	}
	if !slices.IsSorted(s.Stops) || len(s.Stops) != len(toleranceStops)+1 || !slices.Contains(s.Stops,
		own[0]) {
		t.Errorf("stops %v", s.Stops)
	}
}

// TestDataComeBack: what is packed is what a browser unpacks, and no markup, whatever names hold.
func TestDataComeBack(t *testing.T) {
	t.Parallel()
	d := &panelData{Command: "budget caps out", Cells: []cellData{{Levels: []int{1},
		Sessions: [][]*curveData{nil}}},
		Sessions: []sessionData{{Name: "</script><script>alert(1)</script>"}}}
	packed, err := d.pack()
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(string(packed))))
	if err != nil {
		t.Fatal(err)
	}
	var back panelData
	if err := json.NewDecoder(z).Decode(&back); err != nil || back.Command != d.Command ||
		back.Cells[0].Levels[0] != 1 || back.Sessions[0] != d.Sessions[0] {
		t.Errorf("%+v, %v", back, err)
	}
	if strings.ContainsAny(string(packed), `<>&"'`) {
		t.Errorf("%s is markup", packed)
	}
}

// TestGlossaryKnowsEveryCause.
func TestGlossaryKnowsEveryCause(t *testing.T) {
	t.Parallel()
	glossary := glossary(&store.Results{Cells: []*store.Cell{
		{Case: sweep.Case{Session: "mindfulness", SessionName: "Mindfulness"}},
		{Case: sweep.Case{Session: "smart-alarm", SessionName: "Smart alarm"}},
		{Case: sweep.Case{Session: "workout", SessionName: "Workout"}},
	}})
	if len(glossary) != int(model.Completed)+1 {
		t.Errorf("%d causes, want %d", len(glossary), int(model.Completed)+1)
	}
	for _, e := range glossary {
		if e.Name == "" || e.Meaning == "" || len(e.Told) != 2 {
			t.Errorf("incomplete: %+v", e)
		}
		for _, told := range e.Told {
			if told.Reason == "" || told.Seen == "" {
				t.Errorf("incomplete: %+v", e)
			}
		}
		if e.Told[0].Sessions != "Mindfulness, Smart alarm" || e.Told[1].Interface != "HKWorkoutSession" {
			t.Errorf("who is told: %+v", e)
		}
	}
}
