package field

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"budget/model"
	"budget/solver"
	"budget/sweep/sessionlog"
)

// readWith reads a log that has to have column names that will do.
func readWith(t *testing.T, text string, o sessionlog.Options) *Log {
	t.Helper()
	l, err := Read("log.csv", []byte(text), model.Default(), o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func plainOptions() sessionlog.Options {
	return sessionlog.Options{Map: map[string]string{}, Slack: sessionlog.DefaultSlack, Keep: true}
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
		if to, ok := change[text]; ok && (column == "end" || column == "thermal" ||
			column == "session") {
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
		if column != "start_level" && column != "end_level" {
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
			if err := sessionlog.AddMap(o.Map, d.maps); err != nil {
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

// TestOpenEndedSessions: without planned lengths and levels there is no range of lengths and no
// drain.
func TestOpenEndedSessions(t *testing.T) {
	t.Parallel()
	l := readWith(t, plainHeader+"mindfulness,,20,none,,\nmindfulness,,25,none,,\n", plainOptions())
	observed := Observe(l, model.Default(), 0.95)
	for _, o := range observed {
		if !math.IsNaN(o.Shortest) || !math.IsNaN(o.Longest) || o.Drain.Sessions != 0 ||
			o.Sessions != 2 {
			t.Errorf("%+v", o)
		}
	}
	if len(observed) != 1 {
		t.Errorf("%d session types, want 1", len(observed))
	}
}
