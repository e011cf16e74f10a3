package capsfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// root is the directory of the program's module.
var root = filepath.Join("..", "..", "..")

// TestSchema: what is written fits the schema, and what it forbids does not.
func TestSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(
		filepath.Join(root, "docs", "session-caps.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	// It has been compared with what the program writes.
	file, err := os.ReadFile(filepath.Join(root, "cmd", "budget", "internal", "sessioncaps",
		"testdata", "session-caps.json"))
	if err != nil {
		t.Fatal(err)
	}
	good := string(file)
	valid := func(text string) error {
		t.Helper()
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(v)
	}
	if err := valid(good); err != nil {
		t.Errorf("%v", err)
	}
	for _, change := range [][2]string{
		{`"schema": 1`, `"schema": 2`}, {`"seed": 18446744073709551615`, `"seed": -1`},
		{`"cap_s":[1,`, `"cap_s":[-1,`}, {`"cap_s":[1,`, `"cap_s":[1.5,`},
		{`"basis":["own"`, `"basis":["guess"`}, {`"from":[""`, `"from":["warm 1-2"`},
		{`"quota": 256,`, ``}, {`"limit_s": 600`, `"limit_s": null`},
		{`"to": 100`, `"to": 101`}, {`"tolerance": 0.01`, `"tolerance": 0`}, {`"critical"`, `"hot"`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("%s is not in the file", change[0])
		}
		if valid(bad) == nil {
			t.Errorf("with %s the schema is content", change[1])
		}
	}
}
