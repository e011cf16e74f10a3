package page

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is a page in a browser, with all that it has said and asked for.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	said     []string // on the console, and exceptions
	requests []string
}

// openTab opens a file in a browser of its own.
func openTab(t *testing.T, file, fragment string, width, height int64,
	before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	path, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	return openAddress(t, address.String()+fragment, width, height, before...)
}

// openAddress opens an address in a browser of its own.
func openAddress(t *testing.T, address string, width, height int64,
	before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	// As the program prints pages: no window, no profile but its own, no calls home.
	options := []chromedp.ExecAllocatorOption{chromedp.Headless, chromedp.NoFirstRun,
		chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir())}
	for _, on := range []string{"disable-quic", "disable-background-networking",
		"disable-component-update", "disable-sync", "hide-scrollbars"} {
		options = append(options, chromedp.Flag(on, true))
	}
	options = append(options, chromedp.Flag("force-color-profile", "srgb"))
	if os.Geteuid() == 0 { // Chromium does not let root have its sandbox.
		options = append(options, chromedp.NoSandbox)
	}
	allocated, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)

	p := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	p.do(protocol(network.Enable, network.EnableParams{}), protocol(log.Enable, cdp.Empty{}),
		chromedp.EmulateViewport(width, height))
	p.do(before...)
	p.do(chromedp.Navigate(address))
	return p
}

func (p *tab) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		var parts []string
		for _, a := range e.Args {
			parts = append(parts, string(a.Value)+a.Description)
		}
		p.said = append(p.said, fmt.Sprintf("console.%s: %s", e.Type, strings.Join(parts, " ")))
	case *runtime.EventExceptionThrown:
		p.said = append(p.said, "exception: "+exceptionText(e.ExceptionDetails))
	case *log.EventEntryAdded:
		p.said = append(p.said, fmt.Sprintf("%s: %s", e.Entry.Level, e.Entry.Text))
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	}
}

func exceptionText(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// evaluate runs a script and returns what it gives; it may be a promise.
func evaluate[T any](p *tab, script string) T {
	p.t.Helper()
	out, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

// ready waits until the page's scripts have shown their part of it.
func (p *tab) ready() {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx,
		chromedp.Poll[bool](`document.querySelector("#panel:not([hidden]) canvas") !== null`)); err !=
		nil {
		p.t.Fatalf("the panel is not shown: %v", err)
	}
}

// unfold opens all that the page folds away.
func (p *tab) unfold() {
	p.t.Helper()
	evaluate[int](p, `document.querySelectorAll("details").forEach((d) => { d.open = true; }); 0`)
}

// silent checks that the page has said nothing.
func (p *tab) silent() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.said {
		p.t.Errorf("the page says: %s", s)
	}
}

// quiet checks that the page has said nothing and asked for nothing but itself.
func (p *tab) quiet() {
	p.t.Helper()
	p.silent()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.requests {
		if !strings.HasPrefix(r, "file://") || !strings.HasSuffix(strings.SplitN(r, "#", 2)[0], ".html") {
			p.t.Errorf("the page asks for %s", r)
		}
	}
	if len(p.requests) != 1 {
		p.t.Errorf("%d requests, want that of the page alone: %v", len(p.requests), p.requests)
	}
}

// axePath is where npm ci puts axe-core.
var axePath = filepath.Join(root, "plots", "report", "web", "node_modules", "axe-core",
	"axe.min.js")

// accessible checks the page by axe-core: nothing serious or critical. What charts draw
// has no text for it to look at.
func (p *tab) accessible() {
	p.t.Helper()
	p.unfold()
	axe, err := os.ReadFile(axePath)
	if err != nil {
		p.t.Fatalf("no axe-core: npm ci in plots/report/web installs it: %v", err)
	}
	evaluate[int](p, string(axe)+";0")
	type violation struct {
		ID, Impact, Help string
		Nodes            []struct{ HTML, FailureSummary string }
	}
	checked := evaluate[struct {
		Passes     int
		Violations []violation
	}](p,
		`axe.run({exclude: ["#charts svg > *"]}).then(r => ({passes: r.passes.length, violations: r.violations}))`)
	if checked.Passes < 20 {
		p.t.Errorf("axe-core passed %d rules: it has not looked at the page", checked.Passes)
	}
	for _, v := range checked.Violations {
		if v.Impact != "serious" && v.Impact != "critical" {
			p.t.Logf("axe-core: %s: %s (%s)", v.Impact, v.ID, v.Help)
			continue
		}
		for _, n := range v.Nodes {
			p.t.Errorf("axe-core: %s: %s (%s): %s\n%s", v.Impact, v.ID, v.Help, n.HTML, n.FailureSummary)
		}
	}
}

// dark makes the page think that the reader prefers a dark scheme.
func dark() chromedp.Action[chromedp.Void] {
	return protocol(emulation.SetEmulatedMedia,
		emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: "dark"}}})
}

// scriptsOff keeps the page from running its scripts.
func scriptsOff() chromedp.Action[chromedp.Void] {
	return protocol(emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true})
}

// protocol is a command of the browser's protocol as a step.
func protocol[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}
