package sessionlog

import (
	"fmt"
	"strings"
	"testing"

	"budget/model"
)

const plainHeader = "session,planned_min,actual_min,end,start_level,end_level\n"

// rows writes a log with all columns that the tests of rows use.
const fullHeader = "session,planned_min,actual_min,end,start_level,end_level,thermal,serious_min,critical_min,device,start\n"

// TestEveryRowIsAccountedFor reads a log with every mistake. Each bad row is reported with its
// place and a reason; every other row is read.
func TestEveryRowIsAccountedFor(t *testing.T) {
	t.Parallel()
	text := "\ufeff" + strings.Replace(fullHeader, ",start\n", ",start,colour\r\n", 1) + strings.ReplaceAll(`mindfulness,30,30.083,completed,0.8,0.76,nominal,0,0,w1,a,
mindfoolness,30,30,completed,0.8,0.76,,,,w1,b,
mindfulness,thirty,-3,ceased,80,1.2 %x,warm,1e9,,w1,c,

mindfulness,30,12,completed,0.8,0.76,,,,w1,d,
mindfulness,30,90,stopped,0.8,0.76,,,,w1,e,
mindfulness,30,12,stopped,0.5,0.76,,,,w1,f,
mindfulness,30,12,stopped,50 %,50%,,,,w1,g,
mindfulness,30,12
mindfulness,30,12,stopped,50 %,"50%,,,,w1,g,
mindfulness,30,12,stopped,50 %,50%,,,,w1,g,
mindfulness,30,13,stopped,50 %,50%,,,,w1,a,
mindfulness,30,13,stopped,50 %,50%,,,,w2,a,
location,30,13,expired,50 %,50%,,,,,,
mindfulness,59,8,expired,50 %,50%,,,,,,
mindfulness,59,20,sessionInProgress,50 %,50%,,,,,,
mindfulness,59,20,suppressed-thermal,50 %,50%,fair,,,,,
mindfulness,59,20,stopped,50 %,50%,fair,3,,,,
mindfulness,59,20,stopped,50 %,50%,critical,13,12,,,
mindfulness,59,20,refused,50 %,50%,,,,,,
mindfulness,0,0,refused,50 %,50%,,,,,,
mindfulness,59,20,stopped,50 %,49%,,,,,,
mindfulness,59,20,stopped,50 %,49%,,,,,,
`, "\n", "\r\n")
	l, err := read(text, Options{Slack: DefaultSlack, Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	out := map[int]bool{}
	for _, r := range l.Remarks {
		got = append(got, fmt.Sprintf("%s %v", r.Kind, r.Problem))
		if r.LeftOut() {
			out[r.Line] = true
		}
	}
	types := "self-care, mindfulness, physical-therapy, smart-alarm, workout, audio, location, " +
		"underwater-depth"
	endWords := "refused, resigned, suppressed-thermal, suppressed-battery, suppressed-other, " +
		"error, expired, power-off, stopped, completed, resignedFrontmost, suppressedBySystem, none"
	want := []string{
		`note log.csv:1:104: column "colour" is unknown and not used`,
		`contradictory log.csv:2:1: another row with the same device and start "a" differs`,
		`malformed log.csv:3:1: session: unknown session type "mindfoolness": expected one of ` + types,
		`malformed log.csv:4:13: planned_min: "thirty" is not a duration: expected minutes, such as 45 or 12.5, ` +
			`or one such as "90 s", 10:00 or PT10M`,
		`malformed log.csv:4:20: actual_min: -3 is out of range: expected 0 to 2880 minutes`,
		`malformed log.csv:4:23: end: "ceased" is not an end of a session (expected one of ` +
			endWords + `)`,
		`note log.csv:4:30: start_level: 80 is out of range: expected 0 to 1, or did you mean "80 %"? Left empty`,
		`note log.csv:4:33: end_level: "1.2 %x" is not a level: expected one such as 0.85 or "85 %"; left empty`,
		`note log.csv:4:40: thermal: unknown thermal state "warm": expected one of nominal, fair, serious, critical; left empty`,
		`note log.csv:4:45: serious_min: 1e9 is out of range: expected 0 to 2880 minutes; left empty`,
		`note log.csv:6:19: end: completed after 12 min of 30 min planned: counted as stopped`,
		`contradictory log.csv:7:16: actual_min: ran 90 min of 30 min planned: is the unit right?`,
		`contradictory log.csv:8:31: end_level: the level rose from 0.5 to 0.76: sessions on a charger are not modelled`,
		`malformed log.csv:10:16: the row has 3 fields: expected 12, as many as there are columns`,
		`malformed log.csv:11:45: the row cannot be read: extraneous or missing " in quoted-field`,
		`duplicate log.csv:12:1: the same as line 9`,
		`contradictory log.csv:13:1: has the device and start of line 2 but differs`,
		`contradictory log.csv:15:16: end: expired, but location sessions have no limit`,
		`contradictory log.csv:16:18: end: expired after 8 min, before the limit of 60 min could be used up`,
		`note log.csv:17:19: end: sessionInProgress: a start while another session runs, counted as refused`,
		`contradictory log.csv:17:19: end: refused at the start, but ran 20 min`,
		`note log.csv:18:47: thermal: suppressed for heat at thermal state fair: ` +
			`heat and times at low levels are left empty (2 rows)`,
		`note log.csv:20:1: the same as line 19; without a start they may be two sessions, and both are used`,
		`note log.csv:20:45: serious_min: more time at serious and critical than the session ran: ` +
			`heat and times at low levels are left empty`,
		`contradictory log.csv:21:19: end: refused at the start, but ran 20 min`,
		`malformed log.csv:22:13: planned_min: the planned length is 0: expected minutes, such as 45, or nothing`,
		`note log.csv:24:1: the same as line 23; without a start they may be two sessions, and both are used`,
	}
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("remark %d:\n got %s\nwant %s", i, g, w)
		}
	}
	if l.Rows != 22 || len(l.Sessions)+len(out) != l.Rows || l.LeftOut() != len(out) {
		t.Errorf("%d rows, %d sessions, %d lines left out: a row has vanished",
			l.Rows, len(l.Sessions), len(out))
	}
}

func TestHeadersThatWillNotDo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "log.csv: the log is empty: expected a line of column names, " +
			"session,planned_min,actual_min,end,start_level,end_level",
		"\n \r\n":       "log.csv: the log is empty",
		"session,end\n": "log.csv:1:1: column actual_min is missing",
		"session,session,planned_min,actual_min,end,start_level,end_level\n": `log.csv:1:9: column "session" is given twice`,
		"session,\"planned_min\n": "log.csv:1:",
		strings.Replace(plainHeader, "planned_min", "plan_min",
			1): `column planned_min is missing: did you mean column "plan_min"? Then add --map planned=plan_min`,
		strings.Replace(plainHeader, "actual_min", "actual_min,actual_min",
			1): `"actual_min" is given twice`,
	} {
		_, err := read(text, Options{Slack: DefaultSlack, Keep: true})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	l, err := read(plainHeader, plainOptions())
	if err != nil || l.Rows != 0 || len(l.Sessions) != 0 {
		t.Errorf("a log without sessions: %+v, %v", l, err)
	}
}

// TestReasonsStandForCauses checks which cause each of an app's reasons stands for.
func TestReasonsStandForCauses(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]model.Cause{
		"30,12,resignedFrontmost,0.5,0.4,,,,,":          model.Resigned,
		"59,58,expired,0.5,0.4,,,,,":                    model.Expired,
		"30,12,error,0.5,0.4,,,,,":                      model.Errored,
		"30,12,none,0.5,0.4,,,,,":                       model.Stopped,
		"30,30,none,0.5,0.4,,,,,":                       model.Completed,
		"30,12,suppressedBySystem,0.5,0.4,,,,,":         model.SuppressedOther,
		"30,12,suppressedBySystem,0.5,0.4,fair,,,,":     model.SuppressedOther,
		"30,12,suppressedBySystem,0.5,0.4,critical,,,,": model.SuppressedThermal,
		"30,12,suppressedBySystem,0.12,0.1,nominal,,,,": model.SuppressedBattery,
		"30,12,suppressedBySystem,0.12,0.11,fair,,,,":   model.SuppressedOther,
		"30,0,suppressedBySystem,0.5,0.5,,,,,":          model.Refused,
		"30,12,power-off,0.05,0.01,,,,,":                model.PowerOff,
	} {
		l, err := read(fullHeader+"mindfulness,"+row+"\n", Options{Slack: DefaultSlack, Keep: true})
		if err != nil || len(l.Sessions) != 1 {
			t.Errorf("%s: %v %v", row, l, err)
			continue
		}
		if x := l.Sessions[0]; x.Cause != want || x.Bare != strings.Contains(row, "suppressedBySystem") {
			t.Errorf("%s: got %v, bare %v, want %v", row, x.Cause, x.Bare, want)
		}
	}
}
