package field

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"budget/internal/escape"
	"budget/model"
	"budget/sweep/sessionlog"
)

// rowsOf writes sessions as rows of a log, each with a start of its own.
func rowsOf(t testing.TB, all []sessionlog.Session) []string {
	t.Helper()
	var rows []string
	for i := range all {
		x := all[i]
		x.Key = strconv.Itoa(i)
		var b bytes.Buffer
		w := escape.NewCSVWriter(&b)
		if err := x.Write(w, x.Bare); err != nil {
			t.Fatal(err)
		}
		w.Flush()
		rows = append(rows, b.String())
	}
	return rows
}

// sourceOf makes a log of rows.
func sourceOf(name string, rows []string) sessionlog.Source {
	return sessionlog.Text(name,
		[]byte(strings.Join(sessionlog.Columns(), ",")+"\n"+strings.Join(rows, "")))
}

func reduce(t testing.TB, l *Log) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := l.Reduce(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readAll(t testing.TB, o sessionlog.Options, sources ...sessionlog.Source) *Log {
	t.Helper()
	l, err := ReadAll(context.Background(), sources, model.Default(), o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestPartsSayWhatTheWholeSays reduces ten parts of a log and merges them in some order, one of
// them as rows and one empty: every result is that of the whole log, and so is its reduction.
func TestPartsSayWhatTheWholeSays(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t, simulated(t, model.Default(), 200))
	rows = append(rows, rows[7], "mindfulness,20,20,finis,0.5,0.4,,,,,,,\n")
	whole := readAll(t, plainOptions(), sourceOf("log.csv", rows))
	if whole.Duplicate != 1 || whole.Malformed != 1 || whole.Used() < 390 {
		t.Fatalf("%+v, %v", whole.RowCounts, whole.Remarks)
	}
	random := rand.New(rand.NewPCG(3, 4))
	var parts []sessionlog.Source
	for i := range 10 {
		part := rows[i*40 : (i+1)*40]
		if i == 0 {
			part = append(slices.Clone(part), rows[400:]...)
		}
		source := sourceOf(fmt.Sprintf("part%d.csv", i), part)
		if i != 3 {
			source = sessionlog.Text(fmt.Sprintf("part%d.reduced", i),
				reduce(t, readAll(t, plainOptions(), source)))
		}
		parts = append(parts, source)
	}
	parts = append(parts, sessionlog.Text("none.reduced", reduce(t, readAll(t, plainOptions(),
		sourceOf("none.csv", nil)))))
	random.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	merged := readAll(t, plainOptions(), parts...)
	if got, want := conclusions(merged), conclusions(whole); got != want {
		t.Errorf("the parts say\n%s\nwant\n%s", got, want)
	}
	if got, want := reduce(t, merged), reduce(t, whole); !bytes.Equal(got, want) {
		t.Errorf("the parts are reduced to\n%s\nwant\n%s", got, want)
	}
	if merged.Digest != whole.Digest || merged.RowCounts != whole.RowCounts {
		t.Errorf("%s, %+v, want %s, %+v", merged.Digest, merged.RowCounts, whole.Digest,
			whole.RowCounts)
	}
}

// TestPartsThatShareSessions refuses to count sessions twice.
func TestPartsThatShareSessions(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t, simulated(t, model.Default(), 30))
	first, second := sourceOf("a.csv", rows[:40]), sourceOf("b.csv", rows[30:])
	reduced := func(s sessionlog.Source) sessionlog.Source {
		return sessionlog.Text(strings.TrimSuffix(s.Name, ".csv")+".reduced",
			reduce(t, readAll(t, plainOptions(), s)))
	}
	for _, c := range []struct {
		sources []sessionlog.Source
		want    string
	}{
		{[]sessionlog.Source{reduced(first), reduced(second)},
			"b.reduced: shares sessions with a.reduced, about 17 %"},
		{[]sessionlog.Source{reduced(first), second},
			"a.reduced: shares sessions with the rows of the other logs"},
		{[]sessionlog.Source{reduced(first), reduced(first)}, "a.reduced: the same file as a.reduced"},
		{[]sessionlog.Source{first, first}, "a.csv: the same file as a.csv"},
	} {
		_, err := ReadAll(context.Background(), c.sources, model.Default(), plainOptions())
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	l := readAll(t, plainOptions(), first, second)
	if l.Duplicate != 10 || !slices.ContainsFunc(l.Remarks, func(r sessionlog.Remark) bool {
		return r.File == "b.csv" && r.Line == 2 && r.Message == "the same as line 32 of a.csv"
	}) {
		t.Errorf("%+v, %v", l.RowCounts, l.Remarks)
	}
}

// sources is a reduced log as the only source.
func sources(text string) []sessionlog.Source {
	return []sessionlog.Source{sessionlog.Text("log.reduced", []byte(text))}
}

// TestReducedLogsAreChecked changes a reduced log and the assumptions it is read with.
func TestReducedLogsAreChecked(t *testing.T) {
	t.Parallel()
	l := readAll(t, plainOptions(), sessionlog.Text("log.csv", []byte(plainHeader+
		"mindfulness,60,30,stopped,0.9,0.85\nmindfulness,50,50,completed,0.9,0.85\n")))
	good := string(reduce(t, l))
	_, content, _ := strings.Cut(good, "\n")
	sealed := func(old, new string) string {
		if !strings.Contains(content, old) {
			t.Fatalf("%s is not in %s", old, content)
		}
		changed := strings.Replace(content, old, new, 1)
		return fmt.Sprintf("%s%s %x\n%s", reducedName, reducedVersion,
			sha256.Sum256([]byte(changed)), changed)
	}
	for text, want := range map[string]string{
		strings.Replace(good, "log 1 ", "log 9 ", 1): `version "9": this program reads version 1`,
		good[:len(good)-9]:                           "damaged or was changed",
		strings.Replace(good, "18000", "18001", 1):   "damaged or was changed",
		sealed(`"rows":2`, `"rows":3`):               "impossible: 2 sessions of 3 rows",
		sealed(`18000,1`, `18000,-1`):                "ascending values with positive counts",
		sealed(`:4800000,"sh`, `:4900000,"sh`):       "the runtimes do not add up",
		sealed(`"rows":{`, `"rows": {`):              "reduce the log again",
		sealed(`"ends":{`, `"beginnings":{`):         "reduce the log again",
		sealed(`ss":{"by`, `":{"by`):                 `type "mindfulne" is not in the scenario`,
		sealed(`"error always"`, `"luck always"`):    `"luck always" is not a kind of hazard`,
		sealed(`"shortest_ms":3`, `"shortest_ms":9`): "impossible planned lengths",
	} {
		_, err := ReadAll(context.Background(), sources(text),
			model.Default(), plainOptions())
		if err == nil || !strings.HasPrefix(err.Error(), "log.reduced: ") ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for text, want := range map[string]string{
		"[policy]\nlow_battery = 0.15\n": "policy.low_battery was 0.1, and is 0.15 now",
		"[[session]]\nid = \"mindfulness\"\nlimit = \"50 min\"\n": "the limit of mindfulness was 3600 s, " +
			"and is 3000 s now",
	} {
		_, err := ReadAll(context.Background(), sources(good),
			parse(t, text), plainOptions())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := ReadAll(context.Background(), sources(good),
		model.Default(), sessionlog.Options{Slack: sessionlog.Slack{Time: 60}}); err == nil ||
		!strings.Contains(err.Error(), "--slack was 5 s or 1 %, and is 1 min") {
		t.Errorf("another slack: %v", err)
	}
}
