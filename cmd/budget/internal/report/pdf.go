package report

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/internal/disk"
	"budget/plots/figure"
	content "budget/plots/report"
	"budget/plots/report/page"
)

// browsers are the names that Chromium and Chrome go by.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
	"chrome"}

// findBrowser returns the path of a browser that prints pages, or "".
func findBrowser() string {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// browserFlags keep a browser to the page at hand: no window, no profile but its own, no
// calls home. Chromium does not let root have its sandbox.
func browserFlags(profile string) []string {
	flags := []string{"--headless", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + profile}
	if os.Geteuid() == 0 {
		flags = append(flags, "--no-sandbox")
	}
	return flags
}

// printPage writes a report as a PDF, which a browser prints from the page.
func printPage(ctx context.Context, w io.Writer, r *content.Report) error {
	browser := findBrowser()
	if browser == "" {
		return cli.Failf(cli.ExitFile, "cannot print to PDF: found none of %s; --format html makes a "+
			"page that any browser prints", strings.Join(browsers, ", "))
	}
	dir, remove, err := disk.Scratch()
	if err != nil {
		return cli.Filef(err, "cannot print to PDF")
	}
	defer remove()
	// Paper has no sliders, and a script might be halfway when the page is printed.
	still := *r
	still.Panel, still.Still = nil, true
	from, to := filepath.Join(dir, "report.html"), filepath.Join(dir, "report.pdf")
	write := func(w io.Writer) error { return page.Write(w, &still) }
	if err := disk.Replace(from, write); err != nil {
		return cli.Filef(err, "cannot print to PDF")
	}
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(from)}
	cmd := exec.CommandContext(ctx, browser, append(browserFlags(filepath.Join(dir, "profile")),
		"--no-pdf-header-footer", "--print-to-pdf="+to, address.String())...)
	said, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return cli.Interruptedf("nothing is written")
	}
	pdf, missing := os.ReadFile(to)
	if err := errors.Join(err, missing); err != nil {
		return cli.Failf(cli.ExitFile, "cannot print to PDF: %s: %v\n%s", browser, err,
			bytes.TrimSpace(said))
	}
	_, err = w.Write(figure.UndatePDF(pdf))
	return err
}
