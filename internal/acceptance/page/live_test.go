package page

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"budget/sweep"
)

var latency = flag.Bool("latency", false, "fail if the live page is slower than it should be")

// served starts budget serve and returns the address of its page. At the end of the test Ctrl-C
// ends it, without an error.
func served(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command(program(), append([]string{"serve"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var problems bytes.Buffer
	cmd.Stderr = &problems
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil || problems.Len() > 0 {
			t.Errorf("budget serve ends with %v and says %q", err, problems.String())
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%v: %s", err, problems.String())
	}
	return strings.TrimSpace(line)
}

// settled waits until all that follows from the page's address is there.
func (p *tab) settled() {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool](`(() => {
		const { asked, query, whole, state } = document.body.dataset;
		return state === "problem" || state === "settled" && query === asked && whole === asked;
	})()`, chromedp.WithPollingTimeout(2*time.Minute))); err != nil {
		p.t.Fatalf("the page does not settle: %v", err)
	}
}

// say returns what the page says at a place.
func (p *tab) say(name string) string {
	p.t.Helper()
	return evaluate[string](p, fmt.Sprintf(`document.querySelector('[data-say="%s"]').textContent`, name))
}

// put gives a control a value, as a reader does, and waits for what follows.
func (p *tab) put(name, field, value string) {
	p.t.Helper()
	evaluate[int](p, fmt.Sprintf(`(() => {
		const field = document.querySelector('[data-name="%s"]').querySelectorAll(%q);
		const last = field[field.length - 1];
		last.focus();
		last.value = %q;
		last.dispatchEvent(new Event("input", { bubbles: true }));
		last.dispatchEvent(new Event("change", { bubbles: true }));
		last.blur();
		return 0;
	})()`, name, field, value))
	p.settled()
}

// printed runs a command that the page gives, as a shell reads it.
func printed(t *testing.T, command string) string {
	t.Helper()
	bin := t.TempDir()
	path, err := filepath.Abs(program())
	if err == nil {
		err = os.Symlink(path, filepath.Join(bin, "budget"))
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", command+" --quiet")
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState.ExitCode() != exitImprecise {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return string(out)
}

var (
	safeCap = regexp.MustCompile(`Safe cap: (.*?) as assumed`)
	fails   = regexp.MustCompile(`: (?:about )?([^:;]*?%) fail;`)
)

// agrees checks that the page shows the cap, and the failure of the plan, that the copied command
// prints.
func (p *tab) agrees() {
	p.t.Helper()
	out := spaced(printed(p.t, p.say("command")))
	shown := spaced(p.say("cap") + " " + p.say("note"))
	if found := safeCap.FindStringSubmatch(out); found != nil {
		if !strings.EqualFold(found[1], shown) {
			p.t.Errorf("the page shows %q, %s prints %q", shown, p.say("command"), found[1])
		}
	} else if few := sweep.CapUnknown.Name(); strings.Contains(out, few) {
		if !strings.HasPrefix(strings.ToLower(shown), few) {
			p.t.Errorf("the page shows %q, %s prints %q", shown, p.say("command"), few)
		}
	} else if !strings.HasPrefix(shown, "None even") || !strings.Contains(out, "none: even") {
		p.t.Errorf("the page shows %q, %s prints\n%s", shown, p.say("command"), out)
	}
	if found := fails.FindStringSubmatch(p.say("verdict")); found != nil &&
		!strings.Contains(out, " "+found[1]) {
		p.t.Errorf("the page says %q, %s prints\n%s", p.say("verdict"), p.say("command"), out)
	}
}

// TestLiveControls: every control moves what it should, and the page says to the digit what the
// copied command prints. A reload, and the way back, show the same.
func TestLiveControls(t *testing.T) {
	t.Parallel()
	p := openAddress(t, served(t, "--paths", "4096"), 1280, 900)
	p.settled()
	p.agrees()
	if n := evaluate[int](p, `document.querySelectorAll(".control").length`); n > 12 {
		t.Errorf("%d controls, want at most 12", n)
	}
	if missing := evaluate[string](p, `[...document.querySelectorAll(".control")].filter((c) =>
		!c.querySelector(".evidence").textContent || !c.querySelector("button.reset") ||
		!(c.querySelector("select") || c.querySelector("input[type=number]") && c.querySelector(".unit"))).map((c) => c.dataset.name).join()`); missing != "" {
		t.Errorf("without evidence, number, unit or reset: %s", missing)
	}
	if moved := evaluate[string](p, `[...document.querySelectorAll(".control.moved, .control:has(button.reset:not([hidden]))")].concat([...document.querySelectorAll(".control select")].filter((s) => s.selectedIndex < 0)).map((c) => c.dataset.name ?? c.ariaLabel).join()`); moved != "" {
		t.Errorf("shown as moved or as nothing before anything is: %s", moved)
	}
	before := p.say("cap") + p.say("verdict")
	for _, x := range []struct{ name, field, value string }{
		{"tolerance", "input[type=number]", "0.5"},
		{"policy.suppress_low", "input[type=number]", "0.4"},
		{"policy.suppress_base", "input[type=range]", "150"},
		{"policy.suppress_lpm", "input[type=number]", "0.2"},
		{"policy.pressure_low", "input[type=number]", "0.9"},
		{"start-level", "input[type=number]", "14"},
		{"environment", "select", "shade"},
		{"environment", "input[type=number]", "-12"},
		{"device", "select", "se2-40"},
		{"population.power_scale", "input[type=number]", "1.4"},
		{"workload.seated.cue_every", "input[type=number]", "10"},
		{"on-resign", "select", "end"},
		{"session", "select", "workout"},
		{"session", "input[type=text]", "2 x (20 min, rest 5 min)"},
	} {
		p.put(x.name, x.field, x.value)
		if problem := p.say("problem"); problem != "" {
			t.Errorf("%s = %s: %s", x.name, x.value, problem)
		}
		after := p.say("cap") + p.say("verdict")
		if after == before {
			t.Errorf("%s = %s moves nothing: %s", x.name, x.value, after)
		}
		before = after
		p.agrees()
	}
	words := func() string {
		return evaluate[string](p, `["cap", "note", "verdict", "ends", "command"].map((n) =>
			document.querySelector('[data-say="' + n + '"]').textContent).join("|") + [...document.querySelectorAll(".control input, .control select")].map((f) => f.value).join()`)
	}
	was := words()
	p.do(chromedp.Reload())
	p.settled()
	if is := words(); is != was {
		t.Errorf("a reload shows\n%s, before\n%s", is, was)
	}
	evaluate[int](p, `history.back(), 0`)
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool](
		`!location.search.includes("timer")`)); err != nil {
		t.Fatal(err)
	}
	p.settled()
	p.agrees()
	evaluate[int](p, `document.querySelector('[data-do="reset"]').click(), 0`)
	p.settled()
	if search := evaluate[string](p, `location.search`); search != "" {
		t.Errorf("after a reset the address asks %s", search)
	}
	p.silent()
}

// TestLiveComparesAndSearches: a pinned answer stays to compare with, any other quantity can be
// found and moved, the plan can be dragged and moved by keys, and None names its cause.
func TestLiveComparesAndSearches(t *testing.T) {
	t.Parallel()
	p := openAddress(t, served(t, "--paths", "4096"), 1280, 900)
	p.settled()
	evaluate[int](p, `document.querySelector('[data-do="pin"]').click(), 0`)
	p.settled()
	p.put("policy.pressure_low", "input[type=number]", "0")
	if got := p.say("change"); !regexp.MustCompile(`^\d.* longer than pinned \(`).MatchString(got) {
		t.Errorf("without shortened grants the page says %q", got)
	}
	// A link that is sent has what is pinned, too.
	p.do(chromedp.Reload())
	p.settled()
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool](
		`document.querySelector('[data-say="change"]').textContent.includes("longer than pinned")`)); err != nil {
		t.Errorf("after a reload the page says %q", p.say("change"))
	}

	p.do(chromedp.SendKeys("#search input", "policy.refuse_lpm"+kb.Enter))
	p.settled()
	p.put("policy.refuse_lpm", "input[type=number]", "0.2")
	if got := p.say("command"); !strings.Contains(got, "--set policy.refuse_lpm=0.2") {
		t.Errorf("the command is %s", got)
	}
	p.agrees()
	p.do(chromedp.SendKeys("#search input", "policy.refuse_lpmm"+kb.Enter))
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool](
		`document.querySelector('[data-say="problem"]').textContent.includes("did you mean policy.refuse_lpm?")`)); err != nil {
		t.Errorf("a wrong key: %q", p.say("problem"))
	}

	p.do(chromedp.Navigate(strings.SplitN(evaluate[string](p, `location.href`), "?", 2)[0]))
	p.settled()
	p.do(chromedp.Focus(".plot"), chromedp.KeyEvent(kb.ArrowRight))
	p.settled()
	if got := p.say("verdict"); !strings.HasPrefix(got, "46 min ") {
		t.Errorf("the right arrow moves the plan to %q", got)
	}
	click := func() {
		at := evaluate[[]float64](p, `(() => {
			const r = document.querySelector(".u-over").getBoundingClientRect();
			return [r.left + r.width / 3, r.top + r.height / 2];
		})()`)
		p.do(chromedp.MouseClickXY(at[0], at[1]))
		p.settled()
	}
	click()
	if got := p.say("verdict"); !strings.HasPrefix(got, "30 min holds") {
		t.Errorf("a third of the way the plan is %q", got)
	}
	// The axis is that of what is shown: of self care, up to 20 min.
	p.put("session", "select", "self-care")
	click()
	if got := p.say("verdict"); !strings.HasPrefix(got, "7 min holds") {
		t.Errorf("a third of the way the plan of self care is %q", got)
	}
	p.put("session", "select", "mindfulness")
	evaluate[int](p, `(() => {
		const plan = document.querySelector("#plan");
		plan.value = "20.5";
		plan.dispatchEvent(new Event("change", { bubbles: true }));
		return 0;
	})()`)
	p.settled()
	if got := p.say("verdict"); !strings.HasPrefix(got, "20 min 30 s holds") {
		t.Errorf("a plan of 20.5 min is %q", got)
	}
	p.put("policy.suppress_base", "input[type=number]", "40")
	if got := p.say("cap") + " " + p.say("note"); !strings.HasPrefix(got, "None even 5 s fails") ||
		!strings.Contains(got, "suppressed-other") {
		t.Errorf("sessions that are always suppressed: %q", got)
	}
	p.silent()
}

// TestLiveIsAskedByItselfOnly: another page can neither read nor start anything, even if it knows
// the address.
func TestLiveIsAskedByItselfOnly(t *testing.T) {
	t.Parallel()
	address := served(t, "--paths", "1024")
	foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<p>another page</p>")
	}))
	t.Cleanup(foreign.Close)
	p := openAddress(t, foreign.URL, 800, 600)
	got := evaluate[map[string]string](p, fmt.Sprintf(`(async () => {
		const at = %q;
		const fetched = (path, how) => fetch(at + path, how).then((r) => r.type + r.status, () => "refused");
		const loaded = (name, attribute, path) => new Promise((done) => {
			const e = document.createElement(name);
			e.onload = () => done("loaded");
			e.onerror = () => done("refused");
			e[attribute] = at + path;
			document.body.append(e);
		});
		const frame = document.createElement("iframe");
		const framed = new Promise((done) => { frame.onload = () => {
			try { done(frame.contentDocument.body.textContent || "empty"); } catch { done("refused"); }
		}; });
		frame.src = at;
		document.body.append(frame);
		return {
			read: await fetched("answer"), header: await fetched("answer", { headers: { "X-Budget": "1" } }),
			blind: await fetched("answer", { mode: "no-cors" }), post: await fetched("answer", { method: "POST", mode: "no-cors" }),
			script: await loaded("script", "src", "live.js"), image: await loaded("img", "src", "answer"),
			frame: await framed,
		};
	})()`, address))
	for what, result := range got {
		if result != "refused" {
			t.Errorf("%s: %s", what, result)
		}
	}
	for _, host := range []string{"evil.example", "0.0.0.0"} {
		r, err := http.NewRequest("GET", address, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusForbidden {
			t.Errorf("as host %s: %s", host, response.Status)
		}
	}
}

// TestLiveKeepsUp: two hundred random moves, as fast as they come, leave no message and no memory
// behind, and the last one is what is shown.
func TestLiveKeepsUp(t *testing.T) {
	t.Parallel()
	p := openAddress(t, served(t, "--paths", "512"), 1280, 900)
	p.settled()
	moves := func(seed int) {
		evaluate[int](p, fmt.Sprintf(`(async () => {
			let state = %d;
			const random = (n) => { state = (state * 1103515245 + 12345) %% 2147483648; return Math.floor(state / 65536) %% n; };
			for (let i = 0; i < 200; i++) {
				const fields = [...document.querySelectorAll(".control select, .control input[type=range]")];
				const field = fields[random(fields.length)];
				if (field.options) field.selectedIndex = random(field.options.length);
				else field.value = random(201);
				field.dispatchEvent(new Event("input", { bubbles: true }));
				await new Promise((done) => setTimeout(done, random(4) * 10));
			}
			document.querySelector('[data-do="reset"]').click();
			return 0;
		})()`, seed))
		p.settled()
	}
	heap := func() float64 {
		p.do(protocol(heapprofiler.CollectGarbage, cdp.Empty{}))
		return evaluate[float64](p, `performance.memory.usedJSHeapSize`)
	}
	moves(1) // what is made once
	before := heap()
	moves(2)
	after := heap()
	t.Logf("heap of %.1f MB before, %.1f MB after", before/1e6, after/1e6)
	if after > 1.1*before {
		t.Errorf("the heap grows from %.0f to %.0f bytes", before, after)
	}
	if problem := p.say("problem"); problem != "" {
		t.Errorf("the page says %q", problem)
	}
	p.agrees()
	p.silent()
}

// TestLiveForEveryReader: wide and narrow, light and dark, nothing is serious to axe-core, nothing
// overflows, and on a phone the answer comes first.
func TestLiveForEveryReader(t *testing.T) {
	t.Parallel()
	address := served(t, "--paths", "1024")
	for _, width := range []int64{1280, 375} {
		for _, scheme := range []string{"light", "dark"} {
			t.Run(fmt.Sprint(width, " ", scheme), func(t *testing.T) {
				var before []chromedp.Action[chromedp.Void]
				if scheme == "dark" {
					before = append(before, dark())
				}
				p := openAddress(t, address, width, 800, before...)
				p.settled()
				p.accessible()
				if wide := evaluate[int64](p, `document.documentElement.scrollWidth`); wide > width {
					t.Errorf("the page is %d wide", wide)
				}
				if width == 1280 {
					p.silent()
					return
				}
				if bottom := evaluate[float64](p,
					`document.querySelector(".verdict").getBoundingClientRect().bottom`); bottom > 700 {
					t.Errorf("the verdict ends at %g of 800 pixels", bottom)
				}
				p.do(chromedp.Click("#sheet"))
				if !evaluate[bool](p, `document.querySelector("#controls").getBoundingClientRect().height > 0 &&
					document.querySelector("#sheet").getAttribute("aria-expanded") === "true"`) {
					t.Error("the sheet does not open")
				}
				p.accessible()
				p.silent()
			})
		}
	}
}

// TestLiveInSeveralTabs: two tabs on one page that move at the same time both get their answers.
func TestLiveInSeveralTabs(t *testing.T) {
	t.Parallel()
	address := served(t, "--paths", "1024")
	a, b := openAddress(t, address, 1280, 900), openAddress(t, address+"?session=audio", 1280, 900)
	move := `(() => {
		for (const track of document.querySelectorAll("input[type=range]:not(.unset)")) {
			track.value = %d;
			track.dispatchEvent(new Event("input", { bubbles: true }));
		}
		return 0;
	})()`
	a.settled()
	b.settled()
	evaluate[int](a, fmt.Sprintf(move, 120))
	evaluate[int](b, fmt.Sprintf(move, 80))
	for _, p := range []*tab{a, b} {
		p.settled()
		p.agrees()
		p.silent()
	}
}

// TestLiveSizeAndTracks: the page with its parts is smaller than 400 kB, and tracks are read out in
// words.
func TestLiveSizeAndTracks(t *testing.T) {
	t.Parallel()
	address := served(t, "--paths", "512")
	size := 0
	for _, part := range []string{"", "live.js", "live.css"} {
		response, err := http.Get(address + part)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %v", part, response.Status, err)
		}
		size += len(body)
		if part == "" {
			for _, problem := range malformed(string(body)) {
				if !strings.HasPrefix(problem, "a link leaves the page: ") &&
					!strings.HasPrefix(problem, "the page asks for live.js") {
					t.Error(problem)
				}
			}
		}
	}
	t.Logf("%d bytes", size)
	if size > 400_000 {
		t.Errorf("the page is of %d bytes", size)
	}
	p := openAddress(t, address, 1280, 900)
	p.settled()
	texts := evaluate[[]string](p,
		`[...document.querySelectorAll("input[type=range]")].map((r) => r.getAttribute("aria-valuetext"))`)
	for _, want := range []string{"1 %", "as people are", "0.1 /h"} {
		if !slices.Contains(texts, want) {
			t.Errorf("no track is read out as %q: %q", want, texts)
		}
	}
	p.silent()
}

// TestLiveLatency measures the time from a move to its paint. Figures are in benchmarks/README.md.
func TestLiveLatency(t *testing.T) {
	p := openAddress(t, served(t), 1280, 900)
	p.settled()
	type times struct{ First, Settled []float64 }
	measure := func(name string, values string) times {
		return evaluate[times](p, fmt.Sprintf(`(async () => {
			const out = { first: [], settled: [] };
			const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
			for (const value of %s) {
				const track = document.querySelector('[data-name="%s"] input[type=range]');
				track.value = value;
				const began = performance.now();
				track.dispatchEvent(new Event("input", { bubbles: true }));
				const query = document.body.dataset.asked;
				const until = async (is) => {
					while (document.body.dataset.query !== query || !is()) await new Promise((done) => setTimeout(done, 1));
					await painted();
					return performance.now() - began;
				};
				out.first.push(await until(() => true));
				out.settled.push(await until(() => document.body.dataset.state === "settled"));
				await new Promise((done) => setTimeout(done, 30));
			}
			return out;
		})()`, values, name))
	}
	report := func(what string, ms []float64) float64 {
		slices.Sort(ms)
		p95 := ms[len(ms)*95/100]
		t.Logf("%s: median %.0f ms, 95 %% within %.0f ms", what, ms[len(ms)/2], p95)
		return p95
	}
	rules := measure("policy.suppress_low", `Array.from({ length: 60 }, (_, i) => (i * 37) % 200)`)
	watch := measure("population.power_scale", `Array.from({ length: 20 }, (_, i) => (i * 31) % 200)`)
	for _, x := range []struct {
		what  string
		ms    []float64
		limit float64
	}{{"rules", rules.First, 100}, {"a new watch, first", watch.First, 250},
		{"a new watch, settled", watch.Settled, 1000}} {
		if p95 := report(x.what, x.ms); *latency && p95 > x.limit {
			t.Errorf("%s: 95 %% within %.0f ms, want %.0f ms", x.what, p95, x.limit)
		}
	}
	p.silent()
}

// TestLiveSaves: the scenario that is saved gives the same cap, and a report is made.
func TestLiveSaves(t *testing.T) {
	t.Parallel()
	address := served(t, "--paths", "1024")
	get := func(file, query string) string {
		r, err := http.NewRequest("GET", address+file+"?"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Budget", "file")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %s %v", file, response.Status, body, err)
		}
		return string(body)
	}
	const query = "session=self-care&tolerance=2+%25&set=policy.suppress_low%3D0.3+%2Fh"
	saved := get("scenario.toml", query)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "scenario.toml"), []byte(saved), 0o600); err != nil {
		t.Fatal(err)
	}
	command := strings.TrimPrefix(strings.Split(saved, "\n")[1], "# ")
	out := printed(t, "cd "+dir+" && "+command)
	line := strings.SplitN(get("answer", query), "\n", 2)[0]
	var first struct{ Screen struct{ Cap string } }
	if err := json.Unmarshal([]byte(line), &first); err != nil {
		t.Fatal(err)
	}
	if cap := first.Screen.Cap; cap == "" || !strings.Contains(out, "Safe cap: "+cap) {
		t.Errorf("the page shows %q, %s prints\n%s", cap, command, out)
	}
	if report := get("report.html", query); !strings.Contains(report, "<title>Self care") {
		t.Errorf("the report begins with %.200q", report)
	}
	if csv := get("incidence.csv", query); !strings.HasPrefix(csv, "session,device,") {
		t.Errorf("the curves begin with %.100q", csv)
	}
	if full := get("range", "session=self-care"); !strings.Contains(full, "5, 50, 95 %") {
		t.Errorf("the range is %q", full)
	}
}

// TestLivePictures are the page as docs/serve.md shows it, wide and on a phone. With -update they
// are taken anew.
func TestLivePictures(t *testing.T) {
	if !*update {
		t.Skip("-update takes the pictures")
	}
	address := served(t)
	for _, x := range []struct {
		file          string
		query         string
		width, height int64
		before        []chromedp.Action[chromedp.Void]
	}{
		{"serve.png", "?environment=shade&set=environment.shade.ambient_mean%3D-5+degC" +
			"&start-level=30+%25&pin=", 1280, 1180, nil},
		{"serve-phone.png", "?timer=2+x+%2845+min%2C+rest+10+min%29", 375, 760,
			[]chromedp.Action[chromedp.Void]{dark()}},
	} {
		p := openAddress(t, address+x.query, x.width, x.height, x.before...)
		p.settled()
		if x.width == 1280 { // what is pinned comes last
			if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool](
				`document.querySelector('[data-say="change"]').textContent !== ""`)); err != nil {
				t.Fatal(err)
			}
		}
		taken, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, "docs", x.file), taken, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
