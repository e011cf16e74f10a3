package serve

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"budget/cmd/budget/internal/cli"
	"budget/model"
	"budget/sweep"
	answers "budget/sweep/live"
	"budget/sweep/store"
)

// newPage returns a page with few paths.
func newPage(t *testing.T, toml string) *page {
	t.Helper()
	s, err := model.Parse("own.toml", []byte(toml))
	if err != nil {
		t.Fatal(err)
	}
	return &page{base: s, file: "own.toml", session: defaultSession, Seed: 1,
		engine: answers.NewEngine(1024, sweep.Control{Workers: 2})}
}

// query makes the query of an address from flags and their values.
func query(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return q
}

// TestAddressesAreFlags: an address asks what the flags of budget caps ask, and the command that
// is copied repeats them.
func TestAddressesAreFlags(t *testing.T) {
	t.Parallel()
	p := newPage(t, "policy.refuse_lpm = 0.1")
	a, err := p.ask(query("session", "workout", "tolerance", "2 %", "start-level", "30 %",
		"environment", "shade", "set", "environment.shade.ambient_mean=-5 degC", "plan", "20 min",
		"on-resign", "end"))
	if err != nil {
		t.Fatal(err)
	}
	if a.Tolerance != 0.02 || *a.StartLevel != 0.3 || a.Plan != 1200 ||
		!a.question.Request.EndOnResign ||
		float64(a.Scenario.Environment("shade").AmbientMean) != -5 || a.Scenario.Policy.RefuseLPM != 0.1 {
		t.Errorf("asked %+v", a.Asked)
	}
	want := "budget caps own.toml --session workout --reading cautious --tolerance '2 %' " +
		"--start-level '30 %' --environment shade --on-resign end " +
		"--set 'environment.shade.ambient_mean=-5 degC' --offer '20 min' --gate 0 --paths 1024 " +
		"--no-uncertainty"
	if got := p.command(p.file, a); got != want {
		t.Errorf("the command is\n%s, want\n%s", got, want)
	}
}

// TestLeavingHoldsAsTheScenarioSays: without on-resign in the address the scenario says what
// becomes of users who leave, and with it the address.
func TestLeavingHoldsAsTheScenarioSays(t *testing.T) {
	t.Parallel()
	p := newPage(t, "timer.resign = 'end'")
	for given, want := range map[string]string{"": model.ResignEnd, "leave": model.ResignLeave,
		"pause": model.ResignPause} {
		q := url.Values{}
		if given != "" {
			q.Set("on-resign", given)
		}
		a, err := p.ask(q)
		if err != nil {
			t.Fatal(err)
		}
		if r := a.question.Request; a.OnResign != want || a.Scenario.Timer.Resign != want ||
			r.EndOnResign != (want == model.ResignEnd) || r.Pause != (want == model.ResignPause) {
			t.Errorf("on-resign=%q asks %q, %+v", given, a.OnResign, r)
		}
	}
	if a, err := newPage(t, "").ask(url.Values{}); err != nil || a.OnResign != model.ResignLeave {
		t.Errorf("the defaults ask %q, %v", a.OnResign, err)
	}
}

// TestAddressesThatAskNothing are refused with what would be right, and never panic.
func TestAddressesThatAskNothing(t *testing.T) {
	t.Parallel()
	p := newPage(t, "")
	for want, q := range map[string]url.Values{
		"did you mean tolerance":          query("tolerence", "1 %"),
		"tolerance is given twice":        query("tolerance", "1 %", "tolerance", "2 %"),
		"out of range":                    query("tolerance", "150"),
		"expected one tolerance":          query("tolerance", "1 %,2 %"),
		`session: "no": expected one of`:  query("session", "no"),
		`session: "all": expected one of`: query("session", "all"),
		`device: "fleet,all"`:             query("device", "fleet,all"),
		"expected KEY=VALUE":              query("set", "policy.suppress_low"),
		`did you mean "suppress_low"`:     query("set", "policy.supress_low=1"),
		"is not a multiple of the step":   query("plan", "61 s"),
		"timer":                           query("timer", "2 x (", "plan", "5 min"),
		"reading":                         query("reading", "hopeful"),
		"has an end of line":              query("tolerance", "2 %\n[policy]"),
		"did you mean policy.refuse_lpm?": query("also", "policy.refuse_lmp"),
		"a page moves at most 64":         {"set": slices.Repeat([]string{"grid.step=5 s"}, 65)},
		"start-level: ":                   query("start-level", "140 %"),
		"is nothing that the page asks":   query("<script>", "1"),
	} {
		if _, err := p.ask(q); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", q, err, want)
		}
	}
}

// TestOnlyThePageMayAsk: other hosts, other pages and those without the token get nothing.
func TestOnlyThePageMayAsk(t *testing.T) {
	t.Parallel()
	g := newGuard("8080", "token", newPage(t, "").handler())
	const host, page, asset, ask = "127.0.0.1:8080", "/token/", "/token/live.js",
		"/token/answer?session=self-care"
	own := map[string]string{asks: "1"}
	for _, x := range []struct {
		what, method, host, path string
		headers                  map[string]string
		want                     int
	}{
		{"the page", "GET", host, page, nil, 200},
		{"by its name", "GET", "localhost:8080", page, nil, 200},
		{"followed from another page", "GET", host, page,
			map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}, 200},
		{"an asset", "GET", host, asset, map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		{"a question of the page", "GET", host, ask, own, 200},
		{"and with its origin", "GET", host, ask,
			map[string]string{asks: "1", "Origin": "http://" + host, "Sec-Fetch-Site": "same-origin"}, 200},
		{"another host, as by rebinding a name", "GET", "evil.example:8080", page, nil, 403},
		{"another port", "GET", "127.0.0.1:80", page, nil, 403},
		{"no token", "GET", host, "/", nil, 403},
		{"another token", "GET", host, "/tokem/", nil, 403},
		{"half a token", "GET", host, "/tok/answer", own, 403},
		{"another page asks", "GET", host, ask,
			map[string]string{asks: "1", "Origin": "https://evil.example"}, 403},
		{"another page on this machine asks", "GET", host, ask,
			map[string]string{asks: "1", "Sec-Fetch-Site": "same-site"}, 403},
		{"an image of another page", "GET", host, ask,
			map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"without the header", "GET", host, ask, nil, 403},
		{"another page loads the script", "GET", host, asset,
			map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"a frame", "GET", host, page, map[string]string{"Sec-Fetch-Dest": "iframe"}, 403},
		{"asking first", "OPTIONS", host, ask, map[string]string{"Origin": "https://evil.example"}, 405},
		{"sending", "POST", host, ask, own, 405},
		{"something else", "GET", host, "/token/etc/passwd", own, 404},
	} {
		r := httptest.NewRequest(x.method, "http://"+x.host+x.path, nil)
		for name, value := range x.headers {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		if w.Code != x.want {
			t.Errorf("%s: %d, want %d: %s", x.what, w.Code, x.want, w.Body)
		}
		if w.Code != 200 && strings.Contains(w.Body.String(), "token/") {
			t.Errorf("%s: the refusal tells the token", x.what)
		}
		h := w.Header()
		if h.Get("Content-Security-Policy") != policy || h.Get("Access-Control-Allow-Origin") != "" ||
			h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", x.what, h)
		}
	}
}

// TestTooManyRequests at the same time are refused, and the next one is not.
func TestTooManyRequests(t *testing.T) {
	t.Parallel()
	g := newGuard("1", "t", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for range mostAsking {
		g.asking <- struct{}{}
	}
	ask := func() int {
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1:1/t/", nil))
		return w.Code
	}
	if code := ask(); code != http.StatusServiceUnavailable {
		t.Errorf("a request too many gets %d", code)
	}
	<-g.asking
	if code := ask(); code != 200 {
		t.Errorf("the next one gets %d", code)
	}
}

// TestAnswersComeInParts: the cap first, then the cost, then every session type; wrong addresses
// say what is wrong.
func TestAnswersComeInParts(t *testing.T) {
	t.Parallel()
	p := newPage(t, "[[session]]\nid = 'self-care'\nname = '<b>Self\\u202e care</b>'")
	get := func(path string) (parts []part) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set(asks, brief)
		p.handler().ServeHTTP(w, r)
		for line := range strings.Lines(w.Body.String()) {
			var one part
			if err := json.Unmarshal([]byte(line), &one); err != nil {
				t.Fatal(err)
			}
			parts = append(parts, one)
		}
		return parts
	}
	parts := get("/answer?session=self-care")
	if len(parts) != 1 || parts[0].Screen == nil || !parts[0].Screen.Settled ||
		parts[0].Screen.Name != "<b>Self\\u202e care</b>" ||
		!strings.Contains(parts[0].Screen.Basis, "1 024 simulated sessions, seed 1;") {
		t.Errorf("a brief answer has %+v", parts)
	}
	if n := len(parts[0].Screen.Control); n != 12 {
		t.Errorf("the page offers %d controls, want 12", n)
	}
	if got := get("/answer?tolerance=7"); len(got) != 1 || !strings.Contains(got[0].Error, `"7 %"`) {
		t.Errorf("a wrong address gets %+v", got)
	}
}

// TestServeEndsWithItsContext: Ctrl-C ends the command without an error, and the answer in progress
// with it.
func TestServeEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	said, out := io.Pipe()
	interrupts := make(chan os.Signal, 1)
	done := make(chan int, 1)
	var problems bytes.Buffer
	go func() {
		done <- cli.Execute(&cli.System{Args: []string{"serve", "--paths", "2e9"},
			Stdin: strings.NewReader(""), Stdout: out, Stderr: &problems,
			Getenv: func(string) string { return "" }, Now: time.Now,
			Signals: interrupts, Exit: func(int) {}}, cli.Commands{Command()})
	}()
	address, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()
	r, err := http.NewRequestWithContext(ctx, "GET", strings.TrimSpace(address)+"answer", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(asks, "1")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := bufio.NewReader(response.Body).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	interrupts <- os.Interrupt // while two thousand million paths are simulated
	select {
	case code := <-done:
		if code != cli.ExitDone || problems.Len() > 0 {
			t.Errorf("it ends with code %d and says %q", code, problems.String())
		}
	case <-time.After(20 * time.Second):
		t.Error("it does not end")
	}
	cancel()
}

// TestServeStartsFromResults: given a directory of caps, the page asks what was asked there.
func TestServeStartsFromResults(t *testing.T) {
	t.Parallel()
	level := 0.3
	q, err := startQuery("out", &store.Results{Provenance: sweep.Provenance{
		OnResign: model.ResignEnd, StartLevel: &level, Overrides: []sweep.Override{
			{Key: "policy.levels", Value: "36, 40, 44 degC"},
			{Key: "policy.suppress_low", Value: "0.3 /h"},
			{Key: "timer.resign", Value: "end", Word: true},
			{Key: "timer.phases", Value: "2 x (20 min, rest 5 min), 5 min", Word: true}}},
		Cells: []*store.Cell{{Case: sweep.Case{Session: "workout", Device: "ultra2-49",
			Environment: "mix"}, Caps: []sweep.Cap{{Tolerance: 0.05}}}}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := newPage(t, "").ask(q)
	if err != nil {
		t.Fatal(err)
	}
	if a.Session != "workout" || a.Device != "ultra2-49" || *a.StartLevel != 0.3 ||
		a.Tolerance != 0.05 || a.OnResign != model.ResignEnd || a.Scenario.Policy.Levels[2] != 44 ||
		len(a.question.Scenario.CycleEnds()) != 3 {
		t.Errorf("%s asks %+v", q.Encode(), a.Asked)
	}
	// What has a control of its own is in the address as that has it, so that it can be taken back.
	if !q.Has("timer") || !q.Has("on-resign") || strings.Contains(q.Encode(), "timer.") {
		t.Errorf("the page starts with %s", q.Encode())
	}
	for what, r := range map[string]*store.Results{
		"sweep": {Plan: &store.Provenance{}},
		"adds device.mine": {Provenance: sweep.Provenance{Added: []string{"device.mine"}},
			Cells: []*store.Cell{{}}},
	} {
		if _, err := startQuery("out", r); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("results with a %s: %v", what, err)
		}
	}
}
