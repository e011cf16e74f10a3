package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBounds: lists of a plan that are too long are refused, with the bound.
func TestBounds(t *testing.T) {
	t.Parallel()
	list := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	dir := t.TempDir()
	records := filepath.Join(dir, "r.csv")
	if err := os.WriteFile(records, []byte("t,v\n"+list(maxLevels+1, "%d,1\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	const low = `"policy.suppress_low"`
	axis := "[[axis]]\nkey = " + low + "\n"
	ends := "from = \"0 /h\"\nto = \"1 /h\"\n"
	values := "values = [" + list(maxLevels+1, `"%d e-9 /h", `) + "]\n"
	design := "[[axis]]\nname = \"d\"\ndesign = \"latin-hypercube\"\npoints = 1000000\n" +
		"over = [{ key = " + low + ", from = \"0 /h\", to = \"1 /h\" }]\n"
	cases := "[[axis]]\nname = \"c\"\n" + list(maxLevels+1, "[[axis.case]]\nname = \"c%d\"\n")
	recorded := "[[axis]]\nname = \"r\"\nrecords = \"r.csv\"\n" +
		"set = { " + low + " = { column = \"v\" } }"
	axes := list(maxAxes+1, "[[axis]]\nname = \"a%d\"\nkey = "+low+"\nvalues = [\"1 /h\"]\n")
	exclusions := axis + "values = [\"1 /h\", \"2 /h\"]\n" +
		list(maxExclusions+1, "[[exclude]]\n"+low+" = \"1 /h\" # %d\n")
	for text, want := range map[string]string{
		axis + values:                        "axis: makes 20001 levels: expected at most 20000",
		axis + ends + "count = 1000000\n":    "expected 1 to 20000",
		axis + ends + "step = \"1e-9 /h\"\n": "expected at most 20000",
		design:                               "axis.points: 1000000 is out of range: expected 1 to 20000",
		cases:                                "makes 20001 levels",
		recorded:                             "makes more than 20000 levels",
		axes:                                 "there are 101 axes",
		exclusions:                           "there are 101 exclusions",
		"tolerances = [" + list(1001, "0.1%04d, ") + "]\n":   "tolerances: lists 1001 values: expected at most 1000",
		"durations = [" + list(1001, "\"%d min\", ") + "]\n": "durations: lists 1001 values: expected at most 1000",
		list(500, "k%d = 1\n"):                               "and 480 more problems",
	} {
		_, err := Parse(filepath.Join(dir, "plan.toml"), []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q…: got %.300v, want %q", text, err, want)
		}
	}
}
