package plots

import (
	"bytes"
	"errors"
	cmdflag "flag"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"budget/plots/figure"
	"budget/sweep"
)

var update = cmdflag.Bool("update", false, "rewrite the golden charts in testdata")

// goldenCharts are small charts that show every kind of mark.
func goldenCharts(t *testing.T) map[string]*figure.Chart {
	t.Helper()
	in := interpolate(mindfulnessCase, mindfulness, 300, 4500, 1.75)
	caps := append(readCaps(in, cautious, 0.001, 0.01, 0.02), withCap(mindfulnessCase, documented,
		0.02, 3300, 3590, sweep.CapMet))
	incidence, err := IncidenceChart(in, caps)
	if err != nil {
		t.Fatal(err)
	}
	table, err := CapsChart(append(caps,
		withCap(alarmCase, cautious, 0.001, 0, 0, sweep.CapUnknown),
		withCap(alarmCase, cautious, 0.01, 1200, 1700, sweep.CapImprecise),
		withCap(alarmCase, documented, 0.01, 1200, 1700, sweep.CapImprecise),
		withCap(alarmCase, cautious, 0.02, 2700, 2700, sweep.CapHorizon)))
	if err != nil {
		t.Fatal(err)
	}
	charts := map[string]*figure.Chart{"incidence": incidence, "caps": table}
	cases := kindCases()
	for _, name := range []string{"failure", "tolerance", "load", "map", "states", "causes",
		"convergence", "incidences", "cells"} {
		if charts[name], err = cases[name](); err != nil {
			t.Fatal(err)
		}
	}
	timers := timerCharts()
	for _, name := range []string{"strip", "strategies", "cycles"} {
		if charts[name], err = timers[name](); err != nil {
			t.Fatal(err)
		}
	}
	unknown := uncertainCharts()
	for _, name := range []string{"tornado", "uncertainty", "uncertainty-failure"} {
		if charts[name], err = unknown[name](); err != nil {
			t.Fatal(err)
		}
	}
	return charts
}

// svgOf encodes a chart as SVG.
func svgOf(c *figure.Chart) ([]byte, error) {
	var b bytes.Buffer
	err := c.Encode(&b, "svg")
	return b.Bytes(), err
}

func TestGoldenSVG(t *testing.T) {
	t.Parallel()
	for name, c := range goldenCharts(t) {
		got, err := svgOf(c)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if runtime.GOARCH != "amd64" {
			t.Skip("the golden charts were made on amd64; others may fuse multiplications and additions")
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			out := filepath.Join(t.ArtifactDir(), name+".svg")
			if err := os.WriteFile(out, got, 0o644); err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s differs from %s; look at it and run the test with -update", out, path)
		}
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	magic := map[string]string{"png": "\x89PNG\r\n\x1a\n", "svg": "<svg ", "pdf": "%PDF-"}
	for name, c := range goldenCharts(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for format, start := range magic {
				var first, again bytes.Buffer
				if err := errors.Join(c.Encode(&first, format), c.Encode(&again, format)); err != nil {
					t.Fatal(err)
				}
				if !strings.HasPrefix(first.String(), start) || first.Len() < 5000 {
					t.Errorf("%s: %d bytes that start with %q, want more than 5000 that start with %q",
						format, first.Len(), first.String()[:min(8, first.Len())], start)
				}
				if !bytes.Equal(first.Bytes(), again.Bytes()) {
					t.Errorf("%s: the second time gives other bytes", format)
				}
			}
			if err := c.Encode(io.Discard, "gif"); err == nil || !strings.Contains(err.Error(), `"gif"`) {
				t.Errorf("unknown format: got error %v", err)
			}
		})
	}
}

func TestSVGCanStandInAPage(t *testing.T) {
	t.Parallel()
	c := *goldenCharts(t)["incidence"]
	c.Title = "a < b & c"
	svg, err := svgOf(&c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`role="img"`, "<title>a &lt; b &amp; c</title>", "<desc>Stacked",
		"'Liberation Sans',Arial,Helvetica,sans-serif"} {
		if !bytes.Contains(svg, []byte(want)) {
			t.Errorf("the SVG has no %s", want)
		}
	}
	for _, unwanted := range []string{"<?xml", "@font-face", "NaN", "Inf"} {
		if bytes.Contains(svg, []byte(unwanted)) {
			t.Errorf("the SVG has a %s", unwanted)
		}
	}
}
