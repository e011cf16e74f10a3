package page

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"budget/model"
	"budget/sweep"
)

// asked is a question to the panel and to budget caps.
type asked struct {
	session, reading      string // ids
	levels                []string
	tolerance, confidence string
}

// ask moves the controls of the panel and returns the line of its table for the session
// type, as budget caps has it, and that of its head.
func (p *tab) ask(q asked) (table, head string) {
	p.t.Helper()
	choose := func(name, text string) string {
		return fmt.Sprintf(`pick(%q, %q);`, name, text)
	}
	script := `(() => {
		const form = document.querySelector("#panel form");
		const moved = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));
		const pick = (name, text) => {
			const field = form.elements.namedItem(name);
			const option = [...field.options].find((o) => o.text === text);
			if (!option) throw new Error(name + " has no " + text);
			field.value = option.value;
			moved(field);
		};
		const slide = (name, text) => {
			const field = form.elements.namedItem(name);
			const output = document.querySelector("[data-say=" + name + "]");
			for (let i = Number(field.min); i <= Number(field.max); i++) {
				field.value = i;
				moved(field);
				if (output.textContent === text) return;
			}
			throw new Error(name + " has no stop " + text);
		};` + choose("session", q.session)
	if q.reading != "" {
		script += choose("reading", q.reading)
	}
	for k, level := range q.levels {
		script += choose(fmt.Sprintf("column-%d", k), level)
	}
	script += fmt.Sprintf(`slide("tolerance", %q); slide("confidence", %q);
		const row = [...document.querySelectorAll("#cell-caps tbody tr")].find((r) => r.cells[0].textContent === %q);
		const say = (name) => document.querySelector("[data-say=" + name + "]").textContent.replace(/^–$/, "");
		return [[...row.cells].slice(1).map((c) => c.textContent).join(" "),
			["cap", "upper", "fails", "leaves", "binding"].map(say).join(" ")];
	})()`, q.tolerance, q.confidence, q.session)
	got := evaluate[[]string](p, script)
	return spaced(got[0]), spaced(got[1])
}

// spaced puts one space between words.
func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }

// printedCap returns what budget caps prints for a case of a directory at a tolerance.
func printedCap(t *testing.T, name, tolerance string, args ...string) string {
	t.Helper()
	code, stdout, stderr := invoke(append([]string{"caps", "--quiet", "--tolerance", tolerance},
		args...)...)
	if code != exitDone && code != exitImprecise {
		t.Fatalf("budget caps %v: %s", args, stderr)
	}
	_, part, _ := strings.Cut(stdout, "\n"+name+":")
	for line := range strings.Lines(part) {
		if _, after, ok := strings.Cut(spaced(line), tolerance+" "); ok {
			return after
		}
	}
	t.Fatalf("budget caps %v prints no line for %s at %s:\n%s", args, name, tolerance, stdout)
	return ""
}

// TestReportPrints the same PDF twice.
func TestReportPrints(t *testing.T) {
	t.Parallel()
	dir := reportDirectory(t)
	var pdfs []string
	for range 2 {
		file := filepath.Join(t.TempDir(), "report.pdf")
		if code, _, stderr := invoke("report", dir, "-o", file); code != exitDone {
			t.Fatal(stderr)
		}
		pdf, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pdfs = append(pdfs, string(pdf))
	}
	if !strings.HasPrefix(pdfs[0], "%PDF-") || len(pdfs[0]) < 20_000 {
		t.Errorf("%d bytes that begin with %.8q: no report", len(pdfs[0]), pdfs[0])
	}
	if pdfs[0] != pdfs[1] {
		t.Error("the same report is printed to other bytes")
	}
}

// TestReportSlidersSayWhatCapsPrints: at any stop the page has the very caps that the
// program prints for the same directory.
func TestReportSlidersSayWhatCapsPrints(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "out")
	if code, _, stderr := invoke("caps", "--no-uncertainty", "--session", "mindfulness,workout",
		"--device", "fleet,ultra2-49", "--paths", "8192", "-o", dir, "--quiet"); code != exitDone {
		t.Fatal(stderr)
	}
	p := openTab(t, reported(t, dir), "", 1280, 900)
	p.ready()
	names := map[string]string{"Mindfulness": "mindfulness", "Workout (HKWorkoutSession)": "workout"}
	different := map[string]bool{}
	for _, q := range []asked{
		{"Mindfulness", "cautious", []string{"fleet"}, "1 %", "95 %"},
		{"Mindfulness", "documented", []string{"fleet"}, "1 %", "95 %"},
		{"Mindfulness", "cautious", []string{"fleet"}, "0.1 %", "99.9 %"},
		{"Mindfulness", "cautious", []string{"ultra2-49"}, "0.3 %", "80 %"},
		{"Mindfulness", "documented", []string{"ultra2-49"}, "20 %", "99 %"},
		{"Workout (HKWorkoutSession)", "cautious", []string{"fleet"}, "0.1 %", "99.9 %"},
		{"Workout (HKWorkoutSession)", "cautious", []string{"fleet"}, "2 %", "90 %"},
		{"Workout (HKWorkoutSession)", "documented", []string{"ultra2-49"}, "12 %", "99 %"},
		{"Workout (HKWorkoutSession)", "cautious", []string{"ultra2-49"}, "20 %", "80 %"},
	} {
		table, head := p.ask(q)
		name := q.session
		if q.levels[0] != "fleet" {
			name += ", " + q.levels[0]
		}
		want := printedCap(t, name, q.tolerance, dir, "--confidence", q.confidence, "--session",
			names[q.session], "--reading", q.reading)
		table, head, want = gist(table), gist(head), gist(want)
		if table != want || head != want {
			t.Errorf("%v: the page says %q and %q, budget caps prints %q", q, table, head, want)
		}
		different[want] = true
		command := evaluate[string](p, `document.querySelector("[data-say=command]").textContent`)
		if want := fmt.Sprintf("budget caps %s --tolerance %q --confidence %q",
			dir, q.tolerance, q.confidence); command != want {
			t.Errorf("the page gives the command %q, want %q", command, want)
		}
	}
	if len(different) < 7 {
		t.Errorf("%d different answers: the questions do not ask for much", len(different))
	}
	p.quiet()
}

// TestReportOfASweep: the same for the cells of a sweep.
func TestReportOfASweep(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "out")
	plan := filepath.Join(t.TempDir(), "plan.toml")
	if err := os.WriteFile(plan, []byte(`name = "Two axes"
sessions = ["mindfulness", "self-care"]
environment = "indoor"
tolerances = ["1 %", "2.2 %"]
paths = 4096

[[axis]]
key = "start_level"
values = ["8 %", "30 %"]

[[axis]]
name = "ambient"
key = "environment.indoor.ambient_mean"
values = ["-5 degC", "20 degC"]
`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := invoke("sweep", plan, "-o", dir, "--quiet"); code != exitDone {
		t.Fatal(stderr)
	}
	p := openTab(t, reported(t, dir), "", 1280, 900)
	p.ready()
	for _, q := range []asked{
		{"Mindfulness", "", []string{"-5 °C", "8 %"}, "2.2 %", "95 %"},
		{"Mindfulness", "", []string{"20 °C", "30 %"}, "0.8 %", "99 %"},
		{"Self care", "", []string{"-5 °C", "30 %"}, "5 %", "80 %"},
		{"Self care", "", []string{"-5 °C", "8 %"}, "0.1 %", "99.9 %"},
	} {
		table, head := p.ask(q)
		id := map[string]string{"Mindfulness": "mindfulness", "Self care": "self-care"}[q.session]
		_, stdout, _ := invoke("caps", dir, "--quiet", "--tolerance", q.tolerance, "--confidence",
			q.confidence, "--session", id, "--format", "md")
		level, ambient := map[string]string{"8 %": "0.08", "30 %": "0.3"}[q.levels[1]],
			strings.TrimSuffix(q.levels[0], " °C")
		want := ""
		for line := range strings.Lines(stdout) {
			if rest, ok := strings.CutPrefix(spaced(strings.ReplaceAll(line, "|", " ")),
				strings.Join([]string{ambient, level, id, q.tolerance, ""}, " ")); ok {
				want = rest
			}
		}
		// A sweep's table has shorter words where there is no cap.
		if strings.HasPrefix(want, "none ") {
			if !strings.HasPrefix(table, "none: even 5 s fails ") || table != head {
				t.Errorf("%v: the page says %q and %q, budget caps prints %q", q, table, head, want)
			}
			continue
		}
		table, head, want = gist(table), gist(head), gist(want)
		if want == "" || table != want || head != want {
			t.Errorf("%v: the page says %q and %q, budget caps prints %q in\n%s",
				q, table, head, want, stdout)
		}
	}
	p.quiet()
}

// gist returns what pages and tables have in common of a line about a cap: the cap, its bracket,
// how many fail, and what it ends by.
func gist(line string) string {
	if few := sweep.CapUnknown.Name(); strings.HasPrefix(line, few) {
		return few
	}
	fails, _, _ := strings.Cut(line, " %")
	if cap, rest, ok := strings.Cut(fails, ")"); ok { // a table may have other caps in between
		fails = cap + ")" + rest[strings.LastIndex(rest, " "):]
	}
	for _, cause := range model.Ends {
		if strings.Contains(line, " "+cause.String()) {
			return fails + " % " + cause.String()
		}
	}
	return line
}

// TestReportAnswersFirst: the first screen has the answer in words, and the rest is folded; a
// link into a folded part opens it.
func TestReportAnswersFirst(t *testing.T) {
	t.Parallel()
	p := openTab(t, reported(t, reportDirectory(t)), "", 1280, 800)
	p.ready()
	if open := evaluate[int](p,
		`document.querySelectorAll("main > section > details[open]").length`); open != 0 {
		t.Errorf("%d parts are open", open)
	}
	if below := evaluate[float64](p,
		`document.querySelector("#answer").getBoundingClientRect().bottom`); below > 800 {
		t.Errorf("the answer ends at %g of 800 pixels", below)
	}
	text := evaluate[string](p, `document.querySelector(".answers").innerText`)
	for _, want := range []string{"Mindfulness: offer at most",
		"Uncertain inputs move the safe cap from"} {
		if !strings.Contains(text, want) {
			t.Errorf("the answer does not say %q: %s", want, text)
		}
	}
	evaluate[int](p, `document.querySelector(".answers a").click(); 0`)
	if !evaluate[bool](p, `new Promise((done) => setTimeout(() =>
		done(document.querySelector("details:has(#glossary)").open), 300))`) {
		t.Error("a link to a cause leaves its part folded")
	}
	p.quiet()
}

// TestReportSortsAndSaves: tables and charts can be saved, charts are dark in the dark, and an
// assumption moves the cap.
func TestReportSortsAndSaves(t *testing.T) {
	t.Parallel()
	p := openTab(t, reported(t, reportDirectory(t)), "", 1280, 800)
	p.ready()
	p.unfold()
	for what, script := range map[string]string{
		"a tile with a curve for each session type": `document.querySelectorAll(".answers li .tile-curve").length === 2`,
		"what decides": `document.querySelectorAll(".deciding li").length > 0 &&
			document.querySelector("#answer").innerText.includes("Measure first: policy.suppress_l")`,
		"charts in the dark": `document.querySelector("style").textContent.includes("--xFFFFFF:#1")`,
		"buttons to save": `document.querySelectorAll("figure.chart").length * 2 ===
			document.querySelectorAll("figure.chart .save button").length &&
			document.querySelectorAll(".wide > table").length <= document.querySelectorAll(".save button").length`,
		"an assumption that is otherwise": `(() => {
			const slider = document.querySelector("#end"), cap = () => document.querySelector("[data-say=rule-cap]").textContent;
			const before = cap();
			slider.value = 2;
			slider.dispatchEvent(new Event("input", { bubbles: true }));
			return before !== "" && cap() !== before;
		})()`,
		"texts of 11 pixels and more": `[...document.querySelectorAll("main *")].every((e) =>
			![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || e.closest("svg") || e.closest("noscript, title") ||
			parseFloat(getComputedStyle(e).fontSize) >= 11)`,
	} {
		if !evaluate[bool](p, script) {
			t.Errorf("the page does not have %s", what)
		}
	}
	saved := evaluate[string](p, `new Promise((done) => {
		const table = document.querySelector("#answer .wide > table");
		URL.createObjectURL = (blob) => { blob.text().then(done); return "data:,"; };
		table.parentElement.nextElementSibling.querySelector("button").click();
	})`)
	if lines := strings.Split(saved, "\n"); len(lines) < 7 ||
		!strings.HasPrefix(lines[0], "Session,") ||
		strings.Count(lines[1], ",") != strings.Count(lines[2], ",") ||
		!strings.Contains(lines[2], "Mindfulness limit 60 min") {
		t.Errorf("the table is saved as %q", saved)
	}
	p.quiet()
}

// TestSummaryIsOnePage: what --summary prints is one page.
func TestSummaryIsOnePage(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "out")
	if code, _, stderr := invoke("caps", "--no-uncertainty", "--paths", "1024", "-o", dir,
		"--quiet"); code != exitDone && code != exitImprecise {
		t.Fatal(stderr)
	}
	file := filepath.Join(t.TempDir(), "summary.pdf")
	if code, _, stderr := invoke("report", dir, "--summary", "-o", file); code != exitDone {
		t.Fatal(stderr)
	}
	pdf, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := regexp.MustCompile(`/Type /Page\b`).FindAll(pdf, -1); len(n) != 1 {
		t.Errorf("the summary has %d pages", len(n))
	}
}

// TestReportForEveryReader: wide and narrow, light and dark, by keyboard, and with scripts
// off.
func TestReportForEveryReader(t *testing.T) {
	t.Parallel()
	file := reported(t, reportDirectory(t))
	t.Run("wide", func(t *testing.T) {
		p := openTab(t, file, "", 1280, 900)
		p.ready()
		p.accessible()
		p.quiet()
	})
	t.Run("narrow and dark", func(t *testing.T) {
		p := openTab(t, file, "", 360, 740, dark())
		p.ready()
		p.unfold()
		if width := evaluate[int](p, `document.documentElement.scrollWidth`); width > 360 {
			t.Errorf("the page is %d wide on a screen of 360", width)
		}
		if back := evaluate[string](p, `getComputedStyle(document.body).backgroundColor`); back !=
			"rgb(21, 22, 23)" {
			t.Errorf("the page is %s in the dark", back)
		}
		p.accessible()
		p.quiet()
	})
	t.Run("by keyboard", func(t *testing.T) {
		p := openTab(t, file, "", 1280, 900)
		p.ready()
		p.do(chromedp.KeyEvent(kb.Tab))
		if at := evaluate[string](p, `document.activeElement.getAttribute("href")`); at != "#answer" {
			t.Errorf("the first stop of the keyboard is %q, want the link that skips the head", at)
		}
		before := evaluate[string](p, `document.querySelector("[data-say=tolerance]").textContent`)
		p.unfold()
		p.do(chromedp.Focus("#tolerance"), chromedp.KeyEvent(kb.ArrowRight))
		if after := evaluate[string](p,
			`document.querySelector("[data-say=tolerance]").textContent`); before != "1 %" ||
			after != "1.25 %" {
			t.Errorf("the right arrow moves the tolerance from %q to %q, want 1 %% to 1.25 %%",
				before, after)
		}
		p.do(chromedp.Focus(".plot"), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
		if read := evaluate[string](p,
			`document.querySelector(".u-legend .u-value").textContent`); !strings.HasSuffix(read, " s") &&
			!strings.HasSuffix(read, "min") {
			t.Errorf("the arrows read %q off the chart, want a duration", read)
		}
		// The question is kept in the address.
		if hash := evaluate[string](p, `location.hash`); !strings.Contains(hash, "tolerance=10") {
			t.Errorf("the address keeps %q", hash)
		}
		p.quiet()
	})
	t.Run("from an address", func(t *testing.T) {
		p := openTab(t, file, "#what-if?session=1&tolerance=0&logarithmic=on", 1280, 900)
		p.ready()
		if got := evaluate[string](p,
			`document.querySelector("[data-say=tolerance]").textContent`); got != "0.1 %" {
			t.Errorf("the tolerance is %q, want that of the address", got)
		}
		if !evaluate[bool](p, `document.querySelector("details:has(#what-if)").open`) {
			t.Error("the part that the address asks for is folded")
		}
		p.quiet()
	})
	t.Run("scripts off", func(t *testing.T) {
		p := openTab(t, file, "", 1280, 900, scriptsOff())
		p.unfold()
		if !evaluate[bool](p, `document.getElementById("panel").hidden`) {
			t.Error("the panel is shown, and cannot work")
		}
		if shown := evaluate[string](p,
			`document.querySelector("#what-if noscript").innerText`); !strings.Contains(shown,
			"budget caps ") {
			t.Errorf("without scripts the page says %q of what they are for", shown)
		}
		for what, script := range map[string]string{
			"charts": `document.querySelectorAll("#charts > figure svg").length === 3 && [...document.querySelectorAll("#charts > figure svg")].every((s) => s.getBoundingClientRect().height > 200)`,
			"caps":   `document.querySelectorAll("#answer table tbody tr").length === 6`,
		} {
			if !evaluate[bool](p, script) {
				t.Errorf("the %s are not there", what)
			}
		}
		p.quiet()
	})
}

// TestReportTestsCanFail: a page that speaks, asks for things and hides what it shows is
// found out.
func TestReportTestsCanFail(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "bad.html")
	if err := os.WriteFile(file,
		[]byte(`<html><img src="there.png"><script>console.log("hello"); throw new Error("no")</script>`),
		0o600); err != nil {
		t.Fatal(err)
	}
	p := openTab(t, file, "", 800, 600)
	evaluate[int](p, `new Promise((done) => setTimeout(() => done(1), 200))`)
	p.mu.Lock()
	defer p.mu.Unlock()
	if said := strings.Join(p.said, "\n"); !strings.Contains(said, "hello") ||
		!strings.Contains(said, "Error: no") {
		t.Errorf("the page said %q", said)
	}
	if len(p.requests) != 2 {
		t.Errorf("requests %v, want the page and its picture", p.requests)
	}
}

// TestReportPicture is the first screen of the report of budget caps, for README. With
// -update it is taken anew; what else can be tested of it depends on the fonts that a
// machine has.
func TestReportPicture(t *testing.T) {
	t.Parallel()
	const width, height = 1280, 800
	path := filepath.Join(root, "docs", "report.png")
	if *update {
		dir := filepath.Join(t.TempDir(), "out")
		if code, _, stderr := invoke("caps", "--quiet", "-o", dir); code != exitDone {
			t.Fatal(stderr)
		}
		p := openTab(t, reported(t, dir), "", width, height)
		p.ready()
		taken, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, taken, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.DecodeConfig(f)
	if err != nil {
		t.Fatal(err)
	}
	if picture.Width != width || picture.Height != height {
		t.Errorf("the picture is of %d × %d, want %d × %d", picture.Width, picture.Height, width, height)
	}
}

// TestReportOfManyCells: a report of 400 cells is made in 5 s and is no larger than 3 MB,
// and all cells can be asked for. They differ in policy alone and share a run of the watch.
func TestReportOfManyCells(t *testing.T) {
	plan := filepath.Join(t.TempDir(), "plan.toml")
	if err := os.WriteFile(plan, []byte(`name = "Policies"
sessions = ["mindfulness"]
tolerances = ["1 %"]
paths = 4096

[[axis]]
name = "low"
key = "policy.suppress_low"
from = "0.01 /h"
to = "10 /h"
count = 20
scale = "log"

[[axis]]
name = "base"
key = "policy.suppress_base"
from = "0.0001 /h"
to = "0.02 /h"
count = 20
`), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "out")
	if code, _, stderr := invoke("sweep", plan, "-o", dir, "--quiet"); code != exitDone {
		t.Fatal(stderr)
	}
	file := reported(t, dir)
	page, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if t.Logf("%d bytes", page.Size()); page.Size() > 3_000_000 {
		t.Errorf("a report of 400 cells is of %d bytes, want at most 3 MB", page.Size())
	}
	p := openTab(t, file, "", 1280, 900)
	p.ready()
	const complete = `performance.getEntriesByType("navigation")[0].domComplete`
	opened := evaluate[float64](p, complete)
	for range 3 { // others may use the processors, too
		p.do(chromedp.Reload())
		p.ready()
		opened = min(opened, evaluate[float64](p, complete))
	}
	p.mu.Lock()
	p.requests = p.requests[:1] // the others are of the same page
	p.mu.Unlock()
	t.Logf("opened in %.0f ms", opened)
	if opened > 1000 {
		t.Errorf("the page takes %.0f ms to open, want at most 1 s", opened)
	}
	rows := evaluate[[]int](p, `(() => {
		const part = document.querySelector("#cells-part"), body = part.querySelector("tbody");
		part.open = true;
		part.dispatchEvent(new Event("toggle"));
		const field = document.querySelector("#cells-filter");
		const all = body.rows.length;
		field.value = "10 /h";
		field.dispatchEvent(new Event("input"));
		const some = [...body.rows].filter((r) => !r.hidden).length;
		field.value = "";
		field.dispatchEvent(new Event("input"));
		document.querySelectorAll("#cells .sort")[3].click();
		const keys = [...body.rows].map((r) => Number(r.cells[3].dataset.key));
		return [all, some, keys.every((k, i) => i === 0 || k >= keys[i - 1]) ? 1 : 0];
	})()`)
	if rows[0] != 400 || rows[1] < 20 || rows[1] == 400 || rows[2] != 1 {
		t.Errorf("the table has %d rows, %d of the level that is asked for, sorted: %d", rows[0], rows[1],
			rows[2])
	}
	options := evaluate[[]string](p,
		`[...document.querySelectorAll("#panel select:last-of-type")].map((s) => s.options[s.options.length - 1].text)`)
	if len(options) != 3 {
		t.Fatalf("boxes to choose from: %v, want those of session, low and base", options)
	}
	last, _ := p.ask(asked{"Mindfulness", "", options[1:], "1 %", "95 %"})
	_, stdout, _ := invoke("caps", dir, "--quiet", "--tolerance", "1 %", "--format", "md")
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(stdout, "|", " ")), "\n")
	_, row, _ := strings.Cut(spaced(lines[len(lines)-1]), " mindfulness 1 % ")
	if len(lines) != 402 || gist(row) != gist(last) {
		t.Errorf("the page says %q of the last cell, budget caps prints %q", last, lines[len(lines)-1])
	}
	p.quiet()
}
