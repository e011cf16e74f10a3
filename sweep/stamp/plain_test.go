package stamp

import "testing"

// FuzzPlain compares the short way to read a time stamp with the patterns.
func FuzzPlain(f *testing.F) {
	for _, text := range []string{"2026-11-29T19:00:03Z", "2026-11-29 20:00+01:00",
		"2026-11-29T13:30:03-05:30", "2026-02-31T24:00", "2026-11-29 19:00:03", "1026-11-29T19:00:0",
		"2026-11-29T19:00:03+0100", "2026-11-29T19:00:03.5Z", "2026-11-29T19:00:99Z",
		"0026-11-29 20:00+01:02"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		seconds, hasZone, ok := parsePlain(text)
		if !ok {
			return
		}
		want, zone, known := parseAny(text, false)
		if seconds != want || hasZone != zone || !known {
			t.Errorf("%q: %v, zone %v, want %v, zone %v, known %v", text, seconds, hasZone, want, zone,
				known)
		}
	})
}
