package page

import (
	"bytes"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"budget/plots/report"
)

// filled returns a report with a text wherever there is a text, two of everything that there may be
// several of, and all that may be missing.
func filled(text string) *report.Report {
	r := new(report.Report)
	fill(reflect.ValueOf(r).Elem(), text)
	r.Summary, r.Still, r.Ends, r.Designs = false, false, nil, nil
	return r
}

func fill(v reflect.Value, text string) {
	if v.Type() == reflect.TypeFor[report.Markup]() {
		v.SetString("<!-- markup -->")
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), text)
			}
		}
	}
}

// kinds are reports of every kind: of caps, the first screen of these, how sessions end, and
// designs.
func kinds(text string) map[string]*report.Report {
	all := map[string]*report.Report{"caps": filled(text), "summary": filled(text),
		"ends": filled(text), "designs": filled(text)}
	all["summary"].Summary, all["summary"].Still, all["summary"].Panel = true, true, nil
	fill(reflect.ValueOf(&all["ends"].Ends).Elem(), text)
	fill(reflect.ValueOf(&all["designs"].Designs).Elem(), text)
	return all
}

func html(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostile does something in text, in an attribute, in a style and in a script unless it is escaped.
const hostile = `</title></style></script><script>alert(1)</script>"><img src=x onerror='y'> ` +
	`{{.}} {%s x %} &amp; a+b`

// TestTextsAreData: whatever a text of a report holds, it stands in the page as that text, and
// nothing else of the page differs.
func TestTextsAreData(t *testing.T) {
	t.Parallel()
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;",
		"'", "&#39;").Replace(hostile)
	plain := kinds("harmless")
	for kind, r := range kinds(hostile) {
		got, want := html(t, r), html(t, plain[kind])
		if n := strings.Count(got, escaped); n < 10 {
			t.Errorf("%s: the text stands in %d places", kind, n)
		}
		if strings.ReplaceAll(got, escaped, "harmless") != want {
			t.Errorf("%s: a text makes another page than its words", kind)
		}
	}
}

// TestTextsStandInTextAndQuotes: escaped texts are safe between tags and in quoted attributes. They
// stand nowhere else.
func TestTextsStandInTextAndQuotes(t *testing.T) {
	t.Parallel()
	code := regexp.MustCompile(`(?s)<(script|style)[^>]*>(.*?)</(?:script|style)>`)
	tag, quoted := regexp.MustCompile(`<[^>]*>`), regexp.MustCompile(`="[^"]*"`)
	for kind, r := range kinds("harmless") {
		page := html(t, r)
		for _, c := range code.FindAllStringSubmatch(page, -1) {
			if strings.Contains(c[2], "harmless") {
				t.Errorf("%s: a text stands in a %s", kind, c[1])
			}
		}
		attributes := 0
		for _, tag := range tag.FindAllString(code.ReplaceAllString(page, ""), -1) {
			if strings.Contains(tag, "harmless") {
				attributes++
			}
			if strings.Contains(quoted.ReplaceAllString(tag, ""), "harmless") {
				t.Errorf("%s: a text stands outside quotes: %s", kind, tag)
			}
		}
		if attributes == 0 {
			t.Errorf("%s: no text stands in an attribute", kind)
		}
	}
}
