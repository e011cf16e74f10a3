package page

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"budget/internal/notation"
)

// web has the sources of the script and the style.
const web = "../web"

var npm = flag.Bool("npm", false, "build the script and the style anew with npm, and compare")

// TestBundleIsBuiltFromWeb: the script and the style that the program embeds are what npm
// makes of their sources.
func TestBundleIsBuiltFromWeb(t *testing.T) {
	t.Parallel()
	if !*npm {
		t.Skip("needs Node.js and npm: -npm asks for it")
	}
	built := t.TempDir()
	for _, args := range [][]string{{"ci", "--ignore-scripts"}, {"run", "build", "--", built}} {
		cmd := exec.Command("npm", args...)
		cmd.Dir = web
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("npm %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	for _, name := range []string{"report/page/assets/report.js",
		"report/page/assets/report.css",
		"live/assets/live.js", "live/assets/live.css"} {
		got, err := os.ReadFile(filepath.Join(built, name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("plots/%s is not what npm makes of web: run npm ci && npm run build there", name)
		}
	}
}

// TestScriptWritesNumbersAsTheProgram: the page's own rounding gives the digits of package
// notation, halfway between two as well.
func TestScriptWritesNumbersAsTheProgram(t *testing.T) {
	t.Parallel()
	if !*npm {
		t.Skip("needs Node.js and npm: -npm asks for it")
	}
	chances := []float64{0, 1, 1e-9, 9.9e-6, 0.00001, 0.000125, 0.00125, 0.00375, 0.0005, 0.01125,
		0.12345, 0.125, 0.9895, 0.99, 0.9995, 0.99995}
	for p := 1e-6; p < 1; p *= 1.0937 {
		chances = append(chances, p)
	}
	lengths := []float64{0, 5, 52.25, 59.9, 60, 1767.5, 3600, 7199.5, 7200, 14395}
	input, err := json.Marshal([][]float64{chances, lengths})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "--input-type=module", "-e", `
		import { chance, length, percent } from "./src/words.js";
		const [chances, lengths] = `+string(input)+`;
		console.log(JSON.stringify([chances.map(chance), lengths.map(length), chances.slice(4).map(percent)]));`)
	cmd.Dir = web
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	var said [3][]string
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	same := func(got string, want string, x float64) {
		if got != want {
			t.Errorf("%v: the page writes %q, the program %q", x, got, want)
		}
	}
	for i, p := range chances {
		same(said[0][i], notation.Chance(p), p)
	}
	for i, d := range lengths {
		same(said[1][i], notation.Length(d), d)
	}
	for i, p := range chances[4:] {
		same(said[2][i], notation.Percent(p), p)
	}
}

// TestBundleKeepsItsLicences: what others wrote comes with its licence, and the script
// cannot end its element in the page.
func TestBundleKeepsItsLicences(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"uPlot", "The MIT License (MIT)", "Leon Sorokin",
		"The above copyright notice and this permission notice"} {
		if !strings.Contains(script[:2000], text) || !strings.Contains(style[:2000], text) {
			t.Errorf("the head of the script or of the style does not say %q", text)
		}
	}
	if strings.Contains(strings.ToLower(script), "</script") ||
		strings.Contains(strings.ToLower(style), "</style") {
		t.Error("the script or the style ends its own element")
	}
}
