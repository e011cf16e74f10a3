package model

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestContributedAdditions reads what CONTRIBUTING.md adds to the catalog as if it stood
// there. What programs print with it is compared by the tests of internal/repo -long.
func TestContributedAdditions(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	added := map[string]string{}
	block := regexp.MustCompile("(?s)```toml\n# model/(catalog/\\S+), at the end:\n(.*?)```")
	for _, match := range block.FindAllStringSubmatch(string(page), -1) {
		added[match[1]] += "\n" + match[2]
	}
	before, after := Default(), &Scenario{Name: "Defaults and additions"}
	for _, name := range catalogFiles {
		file := path.Join("catalog", name+".toml")
		data, err := catalog.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data) + added[file]
		if err := after.lay(decoder{file: file, catalog: true}, []byte(text)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		delete(added, file)
	}
	for file := range added {
		t.Errorf("CONTRIBUTING.md adds to %s, which is not of the catalog", file)
	}
	for _, c := range []struct {
		what        string
		ids, longer []string
	}{
		{"device", IDs(before.Devices), IDs(after.Devices)},
		{"session type", IDs(before.Sessions), IDs(after.Sessions)},
	} {
		if got := len(c.longer) - len(c.ids); got != 1 {
			t.Errorf("CONTRIBUTING.md adds %d of: %s (%s)", got, c.what, strings.Join(c.longer, ", "))
		}
	}
}
