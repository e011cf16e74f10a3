package stamp

import (
	"testing"
	"time"
)

// The same minute in every form that logs have.
func TestForms(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 11, 29, 19, 0, 3, 0, time.UTC)
	for text, zone := range map[string]bool{
		"2026-11-29T19:00:03Z":                    true,
		"2026-11-29 20:00:03 +0100":               true,
		"2026-11-29T20:00:03+01":                  true,
		"2026-11-29T20:00:03+01:00[Europe/Paris]": true,
		"2026-11-29 13:30:03-05:30":               true,
		"2026-11-29 19:00:03 UTC":                 true,
		"2026-11-29 19:00:03 CET":                 false,
		"2026/11/29 19:00:03":                     false,
		"2026.11.29 19:00:03":                     false,
		"2026-11-29, 7:00:03 PM":                  false,
		"20261129T190003Z":                        true,
		"20261129 190003":                         false,
		"29.11.2026 19:00:03":                     false,
		"29.11.26, 19:00:03":                      false,
		"29-11-2026 19:00:03":                     false,
		"11/29/26 7:00:03 PM":                     false,
		"11/29/2026, 7:00:03 p.m.":                false,
		"29/11/2026 19:00:03":                     false,
		"Nov 29, 2026 at 7:00:03 PM":              false,
		"November 29, 2026, 19:00:03":             false,
		"29 Nov 2026 19:00:03":                    false,
		"29. November 2026 19:00:03":              false,
		"1795978803":                              true,
		"1795978803000":                           true,
	} {
		seconds, hasZone, ok := Parse(text, false)
		if !ok || hasZone != zone || seconds != float64(want.Unix()) {
			t.Errorf("%s: %v, zone %v, ok %v, want %v, zone %v", text,
				time.Unix(int64(seconds), 0).UTC(), hasZone, ok, want, zone)
		}
	}
	for _, text := range []string{"", "noon", "7", "1234567", "2026-13-29 19:00", "2026-11-29 24:00",
		"2026-11-29", "32.11.2026 19:00", "11/29/26 13:00 PM", "Foo 29, 2026 19:00", "-1", "NaN",
		"2026-11-29 19:00 +1"} {
		if seconds, _, ok := Parse(text, false); ok {
			t.Errorf("%q is %v", text, time.Unix(int64(seconds), 0).UTC())
		}
	}
}

// Days of the month up to 12 need to be told from months.
func TestSlashes(t *testing.T) {
	t.Parallel()
	monthFirst, _, _ := Parse("3/4/2026 07:00", false)
	dayFirst, _, _ := Parse("3/4/2026 07:00", true)
	if want := time.Date(2026, 3, 4, 7, 0, 0, 0, time.UTC); monthFirst != float64(want.Unix()) {
		t.Errorf("month first: %v", monthFirst)
	}
	if want := time.Date(2026, 4, 3, 7, 0, 0, 0, time.UTC); dayFirst != float64(want.Unix()) {
		t.Errorf("day first: %v", dayFirst)
	}
	for text, want := range map[string]bool{"3/4/2026 07:00;4/4/2026 07:00": false,
		"12/4/26,1\n13/4/26,2\n": true, "2026-13-04": false, "1/2": false} {
		if got := DayFirst(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestEveryDay(t *testing.T) {
	t.Parallel()
	for days := range 400 * 366 {
		day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days)
		year, month, of := day.Date()
		if got := daysSince1970(year, int(month), of); int64(got)*86400 != day.Unix() {
			t.Fatalf("%v is day %d", day, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("11/29/26 7:00 PM", true)
	f.Add("2026-11-29T19:00:03.5Z", false)
	f.Fuzz(func(t *testing.T, text string, dayFirst bool) {
		if x, _, ok := Parse(text, dayFirst); ok && x != x {
			t.Errorf("%q is not a number", text)
		}
	})
}
