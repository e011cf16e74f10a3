package sessionlog

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"budget/model"
)

// TestStampsGiveTheLength reads sessions by two time stamps: the same instant in another zone is
// the same session.
func TestStampsGiveTheLength(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 6, 0, 3, 0, time.UTC)
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05 -0700",
		"2006-01-02T15:04:05.000-0700", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04Z07:00",
		"2006-01-02 15:04 -0700", "2006-01-02 15:04:05 MST"} {
		for _, zone := range []*time.Location{time.UTC, time.FixedZone("", 3600),
			time.FixedZone("", -34200)} {
			if strings.HasSuffix(layout, "MST") && zone != time.UTC {
				continue
			}
			begin := at
			if !strings.Contains(layout, "05") {
				begin = at.Truncate(time.Minute)
			}
			l := readWith(t, fmt.Sprintf("session,planned,start,finish\nalarm,30 min,%s,%s\n",
				begin.In(zone).Format(layout), begin.Add(20*time.Minute).In(zone).Format(layout)),
				plainOptions())
			if len(l.Sessions) != 1 || l.Sessions[0].Actual != 1200 ||
				l.Sessions[0].instant != float64(begin.Unix()) ||
				l.Sessions[0].Type != "smart-alarm" || l.Sessions[0].Cause != model.Stopped {
				t.Errorf("%s: %+v, %v", layout, l.Sessions, l.Remarks)
			}
		}
	}
	l := readWith(t, "session,planned_min,actual_min,end,start\n"+
		"mindfulness,20,20,none,2026-03-01T07:00:03+01:00\n"+
		"mindfulness,20.0,20:00,0,2026-03-01 06:00:03Z\n", plainOptions())
	if len(l.Sessions) != 1 || l.LeftOut() != 1 || l.Remarks[len(l.Remarks)-1].Kind != Duplicate {
		t.Errorf("two zones: %+v, %v", l.Sessions, l.Remarks)
	}
	l = readWith(t, "session,start,finish\n"+
		"mindfulness,2026-03-01T07:00:03+01:00,2026-03-01T07:00:03\n"+
		"mindfulness,noon,2026-03-01T07:00:03\nmindfulness,2026-03-01T07:00:03,later\n"+
		"mindfulness,2026-03-01T07:00:03,2026-03-01T07:00:02\n", plainOptions())
	if len(l.Sessions) != 0 || l.LeftOut() != 4 {
		t.Errorf("stamps that give no length: %+v", l.Sessions)
	}
}

// TestEndsOfOtherInterfaces reads reasons of workouts, errors, and what apps write themselves.
func TestEndsOfOtherInterfaces(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]model.Cause{
		"errorAnotherWorkoutSessionStarted":                        model.Resigned,
		"HKError.anotherWorkoutSessionStarted":                     model.Resigned,
		"HKErrorUserExitedWorkoutSession":                          model.Stopped,
		".errorUserExitedWorkoutSession":                           model.Stopped,
		"state ended":                                              model.Stopped,
		"HKWorkoutSessionState.ended":                              model.Stopped,
		"exceededResourceLimits":                                   model.Errored,
		"Crash":                                                    model.Errored,
		"POWEROFF":                                                 model.PowerOff,
		"WKExtendedRuntimeSessionInvalidationReasonNone":           model.Stopped,
		"WKExtendedRuntimeSessionInvalidationReason.error":         model.Errored,
		"WKExtendedRuntimeSessionErrorCode.exceededResourceLimits": model.Errored,
		"−1": model.Errored,
		"WKExtendedRuntimeSessionInvalidationReason(rawValue: -1)":          model.Errored,
		"Optional(WKExtendedRuntimeSessionInvalidationReason(rawValue: 3))": model.Resigned,
		"HKWorkoutSessionState(rawValue: 3)":                                model.Stopped,
	} {
		l := readWith(t, "session,planned_min,actual_min,end\nworkout-processing,30,12,"+word+"\n",
			plainOptions())
		if len(l.Sessions) != 1 || l.Sessions[0].Cause != want || l.Sessions[0].Type != "workout" {
			t.Errorf("%s: %+v, %v", word, l.Sessions, l.Remarks)
		}
	}
}

// TestSlack takes a session as completed that ends a little before its plan.
func TestSlack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		row   string
		slack string
		want  model.Cause
		out   int
	}{
		{"20,19.99,none", "5 s or 1 %", model.Completed, 0},
		{"20,19.8,none", "5 s or 1 %", model.Completed, 0},
		{"20,19.79,none", "5 s or 1 %", model.Stopped, 0},
		{"5,4.92,none", "5 s or 1 %", model.Completed, 0},
		{"5,4.91,none", "5 s or 1 %", model.Stopped, 0},
		{"20,19,none", "1 min", model.Completed, 0},
		{"20,19,none", "5 %", model.Completed, 0},
		{"20,19.79,completed", "5 s or 1 %", model.Completed, 0},
		{"20,18,completed", "1 s", model.Completed, 0},
		{"20,5,completed", "5 s or 1 %", model.Stopped, 0},
		{"20,21.5,none", "5 s or 1 %", model.Completed, 0},
		{"20,21.5,completed", "5 s or 1 %", model.Completed, 0},
		{"20,40,stopped", "5 s or 1 %", model.Completed, 0},
		{"20,21.5,suppressed-other", "5 s or 1 %", model.SuppressedOther, 0},
		{"20,300,power-off", "5 s or 1 %", model.PowerOff, 0},
		{"20,42,none", "5 s or 1 %", 0, 1},
		{"1200,1206,none", "5 s or 1 %", 0, 1},
		{"20,19,completed", "1 min", model.Completed, 0},
		{",19,none", "1 min", model.Stopped, 0},
		{",19,completed", "1 min", model.Completed, 0},
	} {
		slack, err := ParseSlack(c.slack)
		if err != nil {
			t.Fatal(err)
		}
		l := readWith(t, "session,planned_min,actual_min,end\nmindfulness,"+c.row+"\n",
			Options{Slack: slack, Keep: true})
		if l.LeftOut() != c.out || c.out == 0 && l.Sessions[0].Cause != c.want {
			t.Errorf("%s with %s: %+v, %v", c.row, c.slack, l.Sessions, l.Remarks)
		}
	}
	if got := DefaultSlack.String(); got != "5 s or 1 %" {
		t.Errorf("the default is %s", got)
	}
	for _, text := range []string{"", "much", "-1 s", "1 % or 2 %", "100 %", "5 s or 6 s"} {
		if slack, err := ParseSlack(text); err == nil {
			t.Errorf("%q is %v", text, slack)
		}
	}
}

// TestUnknownLevels keeps rows whose levels are unknown, and says so once.
func TestUnknownLevels(t *testing.T) {
	t.Parallel()
	l := readWith(t, plainHeader+"workout,30,26,power-off,0.14,\nworkout,30,26,power-off,0.14,0.93\n"+
		"workout,30,26,power-off,0.14,0.10\nworkout,30,26,error,-1,-1\nworkout,30,26,none,-1,0.5\n"+
		"workout,30,26,none,0.5,0.9\n", plainOptions())
	if len(l.Sessions) != 5 || l.LeftOut() != 1 {
		t.Fatalf("%+v, %v", l.Sessions, l.Remarks)
	}
	for i, known := range []bool{false, false, true, false, true} {
		if x := l.Sessions[i]; math.IsNaN(x.End) == known {
			t.Errorf("line %d: level %g at the end", x.Line, x.End)
		}
	}
	var notes []string
	for _, r := range l.Remarks {
		if r.Kind == Note && !strings.Contains(r.Message, "the same as") {
			notes = append(notes, fmt.Sprintf("%d %s %s", r.Line, r.Key, r.Message))
		}
	}
	want := []string{"3 end_level after a power-off the level is above that at the start: taken as " +
		"that of the next launch", "5 start_level -1: the level is unknown (2 rows)",
		"5 end_level -1: the level is unknown"}
	if !reflect.DeepEqual(notes, want) {
		t.Errorf("noted %q, want %q", notes, want)
	}
}

// TestExport reads lengths and ends from HealthKit's export.xml.
func TestExport(t *testing.T) {
	t.Parallel()
	text := `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [ <!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)> ]>
<HealthData locale="en_GB">
 <ExportDate value="2026-03-03 10:00:00 +0100"/>
 <Record type="HKQuantityTypeIdentifierHeartRate" startDate="2026-03-01 07:00:03 +0100" endDate="2026-03-01 07:00:03 +0100" value="61"/>
 <Record type="HKCategoryTypeIdentifierMindfulSession" sourceName="Sit" device="&lt;&lt;HKDevice: 0x1&gt;, name:Apple Watch, hardware:Watch6,1, software:10.2&gt;" startDate="2026-03-01 07:00:03 +0100" endDate="2026-03-01 07:20:04 +0100" value="HKCategoryValueNotApplicable"/>
 <Record type="HKCategoryTypeIdentifierMindfulSession" sourceName="Sit" device="&lt;&lt;HKDevice: 0x2&gt;, name:Apple Watch, hardware:Watch6,1, software:10.2&gt;" startDate="2026-03-01 06:00:03 +0000" endDate="2026-03-01 06:20:04 +0000" value="HKCategoryValueNotApplicable"/>
 <Workout workoutActivityType="HKWorkoutActivityTypeYoga" duration="30" durationUnit="min" startDate="2026-03-02 07:00:00 +0100" endDate="2026-03-02 07:30:00 +0100"><MetadataEntry key="a" value="b"/></Workout>
</HealthData>
`
	l := readWith(t, text, plainOptions())
	if l.Rows != 3 || len(l.Sessions) != 2 || l.LeftOut() != 1 {
		t.Fatalf("%d rows, %+v, %v", l.Rows, l.Sessions, l.Remarks)
	}
	sit, yoga := l.Sessions[0], l.Sessions[1]
	if sit.Type != "mindfulness" || sit.Actual != 1201 || sit.Device != "Watch6,1" || sit.Line != 6 ||
		sit.Cause != model.Stopped || yoga.Type != "workout" || yoga.Actual != 1800 {
		t.Errorf("%+v", l.Sessions)
	}
	for _, x := range l.Sessions {
		if !math.IsNaN(x.Planned) || !math.IsNaN(x.Start) || !math.IsNaN(x.End) {
			t.Errorf("%+v", x)
		}
	}
	if _, err := read(text[:900], plainOptions()); err == nil ||
		!strings.Contains(err.Error(), "export of HealthKit cannot be read") {
		t.Errorf("a broken export: %v", err)
	}
}

func TestMaps(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"planned":                     "does not map a column",
		"planned=":                    "does not map a column",
		"plan=length":                 `"plan" is not a column of a log`,
		"planned=a,planned_s=b":       "column planned_min is mapped twice",
		"planned=length,actual=real_": "",
	} {
		err := AddMap(map[string]string{}, text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	o := plainOptions()
	lines := []byte("planned = \"length_h\"\nactual_s = \"ran\"\n")
	if err := AddMapFile(o.Map, "map.toml", lines); err != nil {
		t.Fatal(err)
	}
	text := "session,length_h,ran,end,planned_min\nmindfulness,0.5,1800,none,7\n"
	l := readWith(t, text, o)
	if len(l.Sessions) != 1 || l.Sessions[0].Planned != 1800 || l.Sessions[0].Actual != 1800 {
		t.Errorf("%+v, %v", l.Sessions, l.Remarks)
	}
	o.Map["end"] = "stopped"
	if _, err := read(text, o); err == nil || !strings.Contains(
		err.Error(), `column end is mapped to "stopped", but the file has no such column`) {
		t.Errorf("a column that is not there: %v", err)
	}
	err := AddMapFile(map[string]string{}, "map.toml", []byte("planned = 3\nplan = \"x\"\n"))
	if err == nil || !strings.Contains(err.Error(), "map.toml:1:1: planned: expected the name") ||
		!strings.Contains(err.Error(), "map.toml:2:1: plan:") {
		t.Errorf("a map that will not do: %v", err)
	}
}

// TestSituations reads the logs that people have: no row is lost.
func TestSituations(t *testing.T) {
	t.Parallel()
	for name, used := range map[string]int{"raw.csv": 6, "healthkit.csv": 2, "poweroff.csv": 4,
		"lpm.csv": 3, "slack.csv": 10} {
		data, err := os.ReadFile(filepath.Join("..", "..", "docs", "situations", "logs", name))
		if err != nil {
			t.Fatal(err)
		}
		l, err := read(string(data), plainOptions())
		if err != nil || len(l.Sessions) != used || l.Rows != used {
			t.Errorf("%s: %d sessions, want %d; %v, %v", name, len(l.Sessions), used, l.Remarks, err)
		}
	}
}

// TestLinesAndNames reads one session from tables as spreadsheets and apps leave them.
func TestLinesAndNames(t *testing.T) {
	t.Parallel()
	const row = "mindfulness,20,20.1,completed,0.81,0.79"
	header := strings.TrimSuffix(plainHeader, "\n")
	for name, text := range map[string]string{
		"a delimiter at the end of the names": header + ",\n" + row + "\n",
		"delimiters at the end of a row":      header + "\n" + row + ",,\n",
		"old line ends":                       header + "\r" + row + "\r",
		"comments":                            "# of watch 3\n" + plainHeader + row + "\n# the end\n",
		"the delimiter for spreadsheets":      "sep=,\n" + plainHeader + row + "\n",
		"two logs, one after the other":       plainHeader + row + "\n" + plainHeader,
		"quotes in quotes":                    header + ",notes\n" + row + ",\"so \"good\" it was\"\n",
		"names in camel case": "sessionType,plannedMinutes,duration (s),endReason,batteryStart,batteryEnd," +
			"isLowPowerModeEnabled\nmeditation,20m,1206,.none,81%,79%,no\n",
		"names with units": "Session type,Planned length (s),Elapsed [min],Outcome,Start level (%),End level (%)\n" +
			"MindfulSession,1200,20m 6s,finished,81,79\n",
		"stamps of a spreadsheet": "type;planned;started_at;ended_at;reason;start_level;end_level\n" +
			"mindfulness;20 Minutes;29.11.2026 07:00:00;29.11.2026 07:20:06;0;0,81;0,79\n",
		"stamps of twelve hours": "type;planned;start_time;end_time;reason;start_level;end_level\n" +
			"mindfulness;20';11/29/26 11:50:00 AM;11/29/26 12:10:06 PM;0;81;79\n",
		"stamps with the day first": "type;planned;start_time;end_time;reason;start_level;end_level\n" +
			"mindfulness;20;31/10/26 23:50:00;01/11/26 00:10:06;0;81;79\n",
		"a column and another name of it": "session,planned_min,actual_min,duration,end,start_level,end_level\n" +
			"mindfulness,20,20.1,7,completed,0.81,0.79\n",
	} {
		l := readWith(t, text, plainOptions())
		if len(l.Sessions) != 1 || l.Rows != 1 {
			t.Errorf("%s: %d rows, %+v, %v", name, l.Rows, l.Sessions, l.Remarks)
			continue
		}
		x := l.Sessions[0]
		if x.Type != "mindfulness" || x.Planned != 1200 || x.Actual != 1206 || x.Start != 0.81 ||
			x.End != 0.79 || x.Cause != model.Completed || x.LPM {
			t.Errorf("%s: %+v, %v", name, x, l.Remarks)
		}
	}
	l := readWith(t, plainHeader+"mindfulness,Optional(20),Optional(20.1),Optional(\".none\"),"+
		"Optional(0.81),Optional(0.79)\n", plainOptions())
	if len(l.Sessions) != 1 || l.Sessions[0].Cause != model.Completed || l.Sessions[0].End != 0.79 {
		t.Errorf("optional values: %+v, %v", l.Sessions, l.Remarks)
	}
	l = readWith(t, plainHeader+"mindfulness,20,20.1,completed\nmindfulness,20,20.1\n", plainOptions())
	if len(l.Sessions) != 1 || l.LeftOut() != 1 || !math.IsNaN(l.Sessions[0].End) {
		t.Errorf("rows that end early: %+v, %v", l.Sessions, l.Remarks)
	}
	l = readWith(t, `<Record type="HKCategoryTypeIdentifierMindfulSession" `+
		`startDate="2026-03-01 07:00:03 +0100" endDate="2026-03-01 07:20:04 +0100"/>`+"\n"+
		`<Workout startDate="2026-03-01 07:00:03 +0100" endDate="2026-03-01 07:30:03 +0100"/>`,
		plainOptions())
	if len(l.Sessions) != 2 {
		t.Errorf("lines of an export: %+v, %v", l.Sessions, l.Remarks)
	}
	json := []byte("[{\"session\":\"mindfulness\"}]\n")
	_, err := read(string(json), plainOptions())
	if err == nil || !strings.Contains(err.Error(), "the log is JSON: expected a table") {
		t.Errorf("JSON: %v", err)
	}
}

// TestColumnsAreNamed finds every column by its name.
func TestColumnsAreNamed(t *testing.T) {
	t.Parallel()
	for c := columnSession; c < columns; c++ {
		if got, _, other := columnNamed(c.String()); got != c || other {
			t.Errorf("column %d has the name %q, which stands for %q", c, c, got)
		}
	}
}
