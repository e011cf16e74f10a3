package field

import (
	"bytes"
	"testing"
	"unicode"

	"budget/model"
	"budget/sweep/sessionlog"
)

const plainHeader = "session,planned_min,actual_min,end,start_level,end_level\n"

// rows writes a log with all columns that the tests of rows use.
const fullHeader = "session,planned_min,actual_min,end,start_level,end_level,thermal,serious_min,critical_min,device,start\n"

// FuzzRead reads arbitrary text: it never panics, and every row is a session or has a remark.
func FuzzRead(f *testing.F) {
	f.Add([]byte(plainHeader +
		"mindfulness,30,12,stopped,0.5,0.4\nmindfulness,30,12,\"stopped,0.5,0.4\n"))
	f.Add([]byte(fullHeader + "workout,30,12,suppressedBySystem,50 %,4e-1,critical,NaN,1,x,y\r\n"))
	f.Add([]byte("session;planned_min"))
	f.Add([]byte("Session\tplanned_s\tRan\tstartDate\tendDate\tactual\tend\tlpm\nalarm\tPT1H\t\t" +
		"2026-03-01 07:00:03 +0100\t2026-03-01T06:20Z\t\t.none\tyes\n"))
	f.Add([]byte("\xff\xfes\x00e\x00"))
	f.Add([]byte("session;actual;end;start_level;end_level\nmindfulness;1:02:03,5;-1;-1;81\n"))
	f.Add([]byte(`<?xml version="1.0"?><HealthData><Record type="HKCategoryTypeIdentifierMindfulSession" ` +
		`startDate="2026-03-01 07:00:03 +0100" endDate="2026-03-01 07:20:04 +0100"/>` + "\n" +
		`<Workout startDate="" endDate="2026-03-01 07:20:04 +0100"/></HealthData>`))
	s := model.Default()
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := Read("log.csv", data, s, sessionlog.Options{Slack: sessionlog.DefaultSlack, Keep: true})
		if err != nil {
			return
		}
		if inXML(data) { // of an export, one line may have several
			Observe(l, s, 0.95)
			Fit(l, s, RangePrior, 0.95)
			return
		}
		lines := map[int]bool{}
		for _, r := range l.Remarks {
			if r.LeftOut() {
				lines[r.Line] = true
			}
		}
		for _, x := range l.Sessions {
			if lines[x.Line] {
				t.Errorf("line %d is left out and used", x.Line)
			}
			lines[x.Line] = true
		}
		if len(lines) != l.Rows {
			t.Errorf("%d rows, of which %d are accounted for", l.Rows, len(lines))
		}
		Observe(l, s, 0.95)
		Fit(l, s, RangePrior, 0.95)
	})
}

// inXML reports whether a log may be an export: a bracket stands before all letters and digits.
func inXML(data []byte) bool {
	before, _, found := bytes.Cut(data, []byte{'<'})
	return found && !bytes.ContainsFunc(before,
		func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}
