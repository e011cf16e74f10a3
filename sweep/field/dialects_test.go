package field

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"budget/model"
	"budget/solver"
)

// readWith reads a log that has to have column names that will do.
func readWith(t *testing.T, text string, o Options) *Log {
	t.Helper()
	l, err := Read("log.csv", []byte(text), model.Default(), o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func plainOptions() Options {
	return Options{Map: map[string]string{}, Slack: DefaultSlack, Keep: true}
}

// conclusions is what a log says, with every digit.
func conclusions(l *Log) string {
	s := model.Default()
	rates := Fit(l, s, RangePrior, 0.95)
	for i := range rates {
		rates[i].posterior = nil // a pointer, which is printed as an address
	}
	return fmt.Sprintf("%v\n%v", Observe(l, s, 0.95), rates)
}

// dialect is a way to write the table of a log.
type dialect struct {
	name      string
	delimiter rune
	header    func(string) string
	field     func(column, text string) string
	whole     func(string) string
	maps      string
}

// inSeconds rewrites the fields that are minutes, from their seconds.
func inSeconds(write func(seconds float64) string) func(column, text string) string {
	return func(column, text string) string {
		if !strings.HasSuffix(column, "_min") || text == "" {
			return text
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			panic(err)
		}
		return write(math.Round(60*x*1000) / 1000)
	}
}

func plainNumber(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func named(from, to string) func(string) string {
	return func(name string) string {
		if base, ok := strings.CutSuffix(name, from); ok {
			return base + to
		}
		return name
	}
}

func words(change map[string]string) func(column, text string) string {
	return func(column, text string) string {
		if to, ok := change[text]; ok && (column == columnEnd || column == columnThermal ||
			column == columnSession) {
			return to
		}
		return text
	}
}

// TestDialects writes one log in every dialect: what it says has the same bytes.
func TestDialects(t *testing.T) {
	t.Parallel()
	s := model.Default()
	var b bytes.Buffer
	err := WriteLog(context.Background(), &b, s, []solver.Case{{Session: "mindfulness",
		Device: solver.Fleet, Environment: solver.Mix}}, 7, 60, true)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	utf16LE := func(text string) string {
		out := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(text)) {
			out = append(out, byte(u), byte(u>>8))
		}
		return string(out)
	}
	utf16BE := func(text string) string { // without a byte order mark
		var out []byte
		for _, u := range utf16.Encode([]rune(text)) {
			out = append(out, byte(u>>8), byte(u))
		}
		return string(out)
	}
	comma := func(_, text string) string { return strings.Replace(text, ".", ",", 1) }
	perCent := func(column, text string) string {
		if column != columnStart && column != columnFinish {
			return text
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return plainNumber(math.Round(100 * x))
	}
	dialects := []dialect{
		{name: "as it is", delimiter: ','},
		{name: "semicolons and decimal commas", delimiter: ';', field: comma},
		{name: "tabs", delimiter: '\t'},
		{name: "bars", delimiter: '|'},
		{name: "commas in quotes", delimiter: ',', field: comma},
		{name: "UTF-8 with a mark", delimiter: ',',
			whole: func(text string) string { return "\ufeff" + text }},
		{name: "UTF-16, little-endian", delimiter: '\t', whole: utf16LE},
		{name: "UTF-16, big-endian, no mark", delimiter: ';', whole: utf16BE},
		{name: "other line ends", delimiter: ',',
			whole: func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }},
		{name: "levels in per cent", delimiter: ',', field: perCent},
		{name: "seconds", delimiter: ',', header: named("_min", "_s"), field: inSeconds(plainNumber)},
		{name: "seconds by unit", delimiter: ',',
			field: inSeconds(func(x float64) string { return plainNumber(x) + " s" })},
		{name: "clock", delimiter: ',', header: named("_min", ""),
			field: inSeconds(func(x float64) string {
				return fmt.Sprintf("%d:%06.3f", int(x)/60, x-60*float64(int(x)/60))
			})},
		{name: "clock with hours", delimiter: ',',
			field: inSeconds(func(x float64) string {
				return fmt.Sprintf("%d:%02d:%06.3f", int(x)/3600, int(x)/60%60, x-60*float64(int(x)/60))
			})},
		{name: "ISO 8601", delimiter: ',',
			field: inSeconds(func(x float64) string { return "PT" + plainNumber(x) + "S" })},
		{name: "capitals", delimiter: ',', header: strings.ToUpper,
			field: words(map[string]string{"none": "NONE", "nominal": "Nominal", "fair": "FAIR",
				"mindfulness": "Mindfulness", "resignedFrontmost": "RESIGNEDFRONTMOST"})},
		{name: "Swift", delimiter: ',', field: words(map[string]string{"none": ".none",
			"resignedFrontmost":  "WKExtendedRuntimeSessionInvalidationReason.resignedFrontmost",
			"suppressedBySystem": ".suppressedBySystem", "error": ".error", "nominal": ".nominal"})},
		{name: "raw values", delimiter: ',', field: words(map[string]string{"none": "0",
			"resignedFrontmost": "3", "suppressedBySystem": "4", "error": "-1", "expired": "2",
			"nominal": "0", "fair": "1", "serious": "2", "critical": "3"})},
		{name: "names of their own", delimiter: ',',
			header: func(name string) string { return "my " + name },
			maps: "session=my session,planned=my planned_min,actual_min=my actual_min,end=my end," +
				"start_level=my start_level,end_level=my end_level,thermal=my thermal," +
				"serious=my serious_min,critical=my critical_min,low=my low_min," +
				"very_low=my very_low_min,lpm=my lpm,device=my device,start=my start"},
	}
	want := ""
	for _, d := range dialects {
		var b bytes.Buffer
		out := csv.NewWriter(&b)
		out.Comma = d.delimiter
		for i, row := range rows {
			row = slices.Clone(row)
			for j := range row {
				switch {
				case i == 0 && d.header != nil:
					row[j] = d.header(row[j])
				case i > 0 && d.field != nil:
					row[j] = d.field(rows[0][j], row[j])
				}
			}
			if err := out.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		out.Flush()
		text := b.String()
		if d.whole != nil {
			text = d.whole(text)
		}
		o := plainOptions()
		if d.maps != "" {
			if err := AddMap(o.Map, d.maps); err != nil {
				t.Fatal(err)
			}
		}
		l := readWith(t, text, o)
		if l.LeftOut() != 0 || l.Rows != 60 {
			t.Errorf("%s: %d rows, %v", d.name, l.Rows, l.Remarks)
			continue
		}
		got := conclusions(l)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%s says\n%s\nand not\n%s", d.name, got, want)
		}
	}
}

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

// TestLowPowerMode fits the rate of ends under Low Power Mode if a log has a column for it.
func TestLowPowerMode(t *testing.T) {
	t.Parallel()
	l := readWith(t, "session,planned_min,actual_min,end,start_level,end_level,lpm\n"+
		"mindfulness,60,30,suppressed-battery,0.5,0.45,true\nmindfulness,60,60,none,0.5,0.45,yes\n"+
		"mindfulness,60,60,none,0.5,0.45,false\nmindfulness,60,60,none,0.5,0.45,\n", plainOptions())
	for _, r := range Fit(l, model.Default(), JeffreysPrior, 0.95) {
		if r.Key == "policy.suppress_lpm" {
			if r.Events != 1 || r.Exposure != 5400 || r.Sessions != 2 {
				t.Errorf("%+v", r)
			}
			return
		}
	}
	t.Error("no rate of policy.suppress_lpm")
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
	for _, o := range Observe(l, model.Default(), 0.95) {
		if !math.IsNaN(o.Shortest) || !math.IsNaN(o.Longest) || o.Drain.Sessions != 0 {
			t.Errorf("%+v", o)
		}
	}
	if _, err := Read("export.xml", []byte(text[:900]), model.Default(), plainOptions()); err == nil ||
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
	if _, err := Read("log.csv", []byte(text), model.Default(), o); err == nil || !strings.Contains(
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
		l, err := Read(name, data, model.Default(), plainOptions())
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
	_, err := Read("log.json", json, model.Default(), plainOptions())
	if err == nil || !strings.Contains(err.Error(), "the log is JSON: expected a table") {
		t.Errorf("JSON: %v", err)
	}
}

// TestColumnsAreNumbered gives every column a number of its own.
func TestColumnsAreNumbered(t *testing.T) {
	t.Parallel()
	seen := map[int]string{}
	for _, column := range slices.Concat(required, optional) {
		n := columnNumber(column)
		if n == 0 || seen[n] != "" {
			t.Errorf("%s has the number %d, as %q", column, n, seen[n])
		}
		seen[n] = column
	}
}
