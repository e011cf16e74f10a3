package document

import (
	"strings"
	"testing"
)

// TestUnseen: keys and texts that cannot be seen whole are refused where they stand; a source is
// free text.
func TestUnseen(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a = 1\nname = \"x\\u202ey\"":           "f:2:8: name: has U+202E, which changes the direction",
		"[[d]]\nid = \"a\\u001b[2J\"":           "f:2:6: d.id: has the control character U+001B",
		"a = [\"b\", \"c\\nd\"]":                "f:1:11: a: has an end of line",
		"a = \"\"\"b\nc\"\"\"":                  "f:1:5: a: has an end of line",
		"[w.\"a\\u200b\"]\nb = 1":               `f:1:4: w."a\u200b": the key has U+200B, which cannot be`,
		"a = { b = \"\u2066\", source = \"\" }": "f:1:11: a.b: has U+2066",
		"\"\\u0007\" = 1":                       `f:1:1: "\a": the key has the control character U+0007`,
		"source = { a = \"\\t\" }":              "f:1:16: source.a: has the control character U+0009",
	} {
		_, err := Parse("f", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) ||
			!strings.HasSuffix(err.Error(), ": expected visible text on one line") {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	free := "name = \"Größe 5 °C 🙂\"\nsource = \"a\\nb\\u202e\"\n# \u202e\nv = { source = \"\"\"x\ny\"\"\" }"
	if _, err := Parse("f", []byte(free)); err != nil {
		t.Error(err)
	}
}
