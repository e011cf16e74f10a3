package report

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

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
		cmd.Dir = "web"
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("npm %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	for _, name := range []string{"report.js", "report.css"} {
		got, err := os.ReadFile(filepath.Join(built, name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join("assets", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("assets/%s is not what npm makes of web: run npm ci && npm run build there", name)
		}
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
