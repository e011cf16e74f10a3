package plots

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	cmdflag "flag"
	"fmt"
	"image/png"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"budget/model"
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
	incidence, err := IncidenceChart(in, model.Failures, caps)
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

// aspects are those that charts are tested at.
var aspects = []float64{16.0 / 9, 1}

// TestGoldenFormats keeps the digest of every golden chart at two aspects in both themes.
func TestGoldenFormats(t *testing.T) {
	t.Parallel()
	if runtime.GOARCH != "amd64" {
		t.Skip("the golden charts were made on amd64")
	}
	charts := goldenCharts(t)
	const path = "testdata/formats.txt"
	golden, err := os.ReadFile(path)
	if err != nil && !*update {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(charts)) {
		for _, aspect := range aspects {
			for theme, of := range []string{"light", "dark"} {
				c := charts[name].In(figure.Format{Aspect: aspect, Theme: figure.Theme(theme)})
				svg, err := svgOf(c)
				if err != nil {
					t.Fatal(err)
				}
				line := fmt.Sprintf("%s %.4g %s %x\n", name, aspect, of, sha256.Sum256(svg))
				all.WriteString(line)
				if *update || strings.Contains(string(golden), line) {
					continue
				}
				out := filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s-%.4g-%s.svg", name, aspect, of))
				if err := os.WriteFile(out, svg, 0o644); err != nil {
					t.Fatal(err)
				}
				t.Errorf("%s is not the one of %s; look at it and run the test with -update", out, path)
			}
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFormats: a chart has the size, the aspect and the ground that it is asked for, in every form.
func TestFormats(t *testing.T) {
	t.Parallel()
	chart := goldenCharts(t)["failure"]
	for _, f := range []figure.Format{{}, {Scale: 2}, {Aspect: 4.0 / 3, Theme: figure.Dark},
		{Aspect: 1, Scale: 0.5}} {
		c := chart.In(f)
		w, h := c.Size()
		scale := cmp.Or(f.Scale, 1)
		var b bytes.Buffer
		if err := c.Encode(&b, "png"); err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(&b)
		if err != nil {
			t.Fatal(err)
		}
		size := img.Bounds().Size()
		if want := 1200 * scale; math.Abs(float64(size.X)-want) > 1 ||
			math.Abs(float64(size.Y)-want*float64(h/w)) > 2 {
			t.Errorf("%+v: %v pixels of a layout of %v by %v", f, size, w, h)
		}
		red, _, _, _ := img.At(1, 1).RGBA()
		if dark := red < 0x8000; dark != (f.Theme == figure.Dark) {
			t.Errorf("%+v: the ground is dark: %v", f, dark)
		}
		svg, err := svgOf(c)
		want := fmt.Sprintf(`<svg width="%gpt"`, 600*scale)
		if err != nil || !bytes.HasPrefix(svg, []byte(want)) {
			t.Errorf("%+v: %.60s, want %s (%v)", f, svg, want, err)
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
