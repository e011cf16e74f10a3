package model

import (
	"reflect"
	"strings"
	"testing"
)

func TestCite(t *testing.T) {
	for source, want := range map[string][]string{
		"W:S42,S44":                       {"W:S42", "W:S44"},
		"W:4, B:4":                        {"W:4", "B:4"},
		"W:4, B:7 station year":           {"W:4", "B:7"},
		"B:S12 80 % at 1000 cycles":       {"B:S12"},
		"W:3.3 about 50 % at 16:00":       {"W:3.3"},
		"see B:2.3.":                      {"B:2.3"},
		"runtime-contract post, as above": {"runtime-contract post"},
		"our own log of 2025":             nil,
		"W:S999 nobody knows":             nil,
		"":                                nil,
	} {
		var got []string
		for _, c := range Cite(source) {
			got = append(got, c.Tag)
			if c.Text == "" {
				t.Errorf("Cite(%q): %s has no text", source, c.Tag)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("Cite(%q) names %q, want %q", source, got, want)
		}
	}
}

func TestEveryTagIsExplainedAndEveryExplanationCited(t *testing.T) {
	cited := map[string]bool{}
	for _, p := range Default().Parameters() {
		found := sourceTags(p.Source)
		for _, tag := range found {
			cited[tag] = true
			if citedSources()[tag] == "" {
				t.Errorf("%s: source %q: %s is not in sources.toml", p.Key, p.Source, tag)
			}
		}
		// A tag that the pattern does not match would be dropped without an error.
		if n := strings.Count(p.Source, "W:") + strings.Count(p.Source, "B:"); n > len(found) {
			t.Errorf("%s: source %q has %d tags, only %q are read", p.Key, p.Source, n, found)
		}
	}
	for tag, text := range citedSources() {
		if !cited[tag] {
			t.Errorf("sources.toml: %s is never cited", tag)
		}
		if text != strings.TrimSpace(text) || strings.Contains(text, "\n") {
			t.Errorf("sources.toml: %s is not one clean line", tag)
		}
	}
}
