package document

import (
	"fmt"
	"strings"
	"testing"
)

// TestLargeTables: a table with too many keys is refused with its place, wherever it stands, and
// before anything looks at each pair of its keys.
func TestLargeTables(t *testing.T) {
	t.Parallel()
	keys := func(format string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for text, want := range map[string]string{
		keys("k%d = 1\n", 200_000):                       "x:10001:1: a table has 200000 keys: expected at most 10000",
		"[a.b]\n" + keys("k%d = 1\n", 10_001):            "x:10002:1: a table has 10001 keys",
		keys("[t%d]\n", 10_001):                          "x:10001:2: a table has 10001 keys",
		keys("a.b%d = 1\n", 10_001):                      "x:10001:3: a table has 10001 keys",
		"a = { " + keys("k%d=1, ", 10_001) + "z = 1 }\n": "a table has 10002 keys",
		keys("k%d = 1\n", 20_000) + "= broken\n":         "a table has 20000 keys",
		"a = " + strings.Repeat("[", 1_000_000):          "nested more than the maximum",
		"k = 1\nk = 2\n":                                 "x:2:1: k: ",
	} {
		if _, err := Parse("x", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q…: got %.100v, want %q", text, err, want)
		}
	}
	if _, err := Parse("x", []byte(keys("k%d = 1\n", 2000))); err != nil {
		t.Error(err)
	}
}

// TestIndex: an index finds the entries that Lookup finds.
func TestIndex(t *testing.T) {
	t.Parallel()
	e, in := &Element{Kind: Table}, index{}
	for i := range 3 * manyEntries {
		in.child(e, fmt.Sprint(i), Position{i + 1, 1})
		for k := range 3 * manyEntries {
			key := fmt.Sprint(k)
			if in.lookup(e, key) != e.Lookup(key) || (k <= i) != (e.Lookup(key) != nil) {
				t.Fatalf("%d entries: key %s is another", i+1, key)
			}
		}
	}
}

// TestListed: a list names the first problems, each once, and counts all.
func TestListed(t *testing.T) {
	t.Parallel()
	var ps Problems
	for i := range 30 {
		ps = append(ps, Problem{File: "f", Line: 30 - i, Message: "m"}, Problem{File: "f", Line: 30 - i,
			Message: "m"})
	}
	got := ps.Listed(MostListed, 5)
	if len(got) != MostListed+1 || got[0].Line != 1 ||
		got[MostListed].Error() != "f: and 15 more problems" {
		t.Errorf("got %v", got)
	}
	again := append(got, Problem{File: "g", Message: "x"}).Listed(MostListed, 0)
	if again[0].File != "g" || again[MostListed].more != 16 {
		t.Errorf("a list of lists is %v", again)
	}
	if got := ps[:2].Listed(MostListed, 0); len(got) != 1 {
		t.Errorf("got %v, want one problem", got)
	}
}
