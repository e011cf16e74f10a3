package inputs

import (
	"slices"
	"strings"
	"testing"

	"budget/model"
)

func TestLeadingDurations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want []model.Duration // [min]
		rest []string
	}{
		{[]string{"45 min"}, []model.Duration{45}, nil},
		{[]string{"45", "min", "x.toml"}, []model.Duration{45}, []string{"x.toml"}},
		{[]string{"1 h 30 min"}, []model.Duration{90}, nil},
		{[]string{"1h30min"}, []model.Duration{90}, nil},
		{[]string{"20", "min", "45", "min", "60", "min"}, []model.Duration{20, 45, 60}, nil},
		{[]string{"20 min", "45min"}, []model.Duration{20, 45}, nil},
		{[]string{"20min,45min", "x.toml"}, []model.Duration{20, 45}, []string{"x.toml"}},
		{[]string{"20 min, 45 min"}, []model.Duration{20, 45}, nil},
		{[]string{"20", "min,", "45", "min"}, []model.Duration{20, 45}, nil},
		{[]string{"20", "min,45", "min"}, []model.Duration{20, 45}, nil},
		{[]string{"1 h", "30 min"}, []model.Duration{30, 60}, nil},
		{[]string{"1h", "30min"}, []model.Duration{30, 60}, nil},
		{[]string{"1", "h,", "30", "min"}, []model.Duration{30, 60}, nil},
		{[]string{"30", "min", "1", "h"}, []model.Duration{30, 60}, nil},
		{[]string{"45 min", "45min"}, []model.Duration{45}, nil},
		{[]string{"x.toml"}, nil, []string{"x.toml"}},
		{[]string{"20min", "2026.toml"}, []model.Duration{20}, []string{"2026.toml"}},
		{nil, nil, nil},
	} {
		got, rest, err := LeadingDurations(c.args)
		for i := range got {
			got[i] /= 60
		}
		if err != nil || !slices.Equal(got, c.want) || !slices.Equal(rest, c.rest) {
			t.Errorf("%q: %v and %q, %v; want %v and %q", c.args, got, rest, err, c.want, c.rest)
		}
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"1", "h", "30", "min"}, `1 h 30 min may be one duration or two: write "1 h 30 min" ` +
			`for 90 min, or "1 h" "30 min" for 60 min and 30 min`},
		{[]string{"1", "h", "30min"}, "may be one duration or two"},
		{[]string{"20", "min", "1", "h", "30", "s"}, "1 h 30 s may be one duration or two"},
		{[]string{"45"}, "duration: "},
		{[]string{"45", "parsecs"}, `45 parsecs`},
		{[]string{"20min", "45mn"}, `"45mn"`},
		{[]string{"20min,soon"}, `"soon"`},
	} {
		if _, _, err := LeadingDurations(c.args); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.args, err, c.want)
		}
	}
}

// TestLeadingDuration: where one length is wanted, several are refused and never added.
func TestLeadingDuration(t *testing.T) {
	t.Parallel()
	if d, rest, err := LeadingDuration([]string{"45", "min", "x.toml"}); err != nil || d != 2700 ||
		len(rest) != 1 {
		t.Errorf("%v and %q, %v", d, rest, err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"20 min", "45 min"}, "expected one duration, not 20 min and 45 min"},
		{[]string{"soon"}, `duration: "soon"`},
	} {
		if _, _, err := LeadingDuration(c.args); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.args, err, c.want)
		}
	}
}
