package repo

import (
	"bytes"
	"go/format"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/valyala/quicktemplate/parser"
)

// TestTemplatesAreCompiled checks that the Go file beside a template is what qtc makes of it.
func TestTemplatesAreCompiled(t *testing.T) {
	t.Parallel()
	compiled := map[string]bool{}
	for _, file := range files(t) {
		switch {
		case filepath.Ext(file) == ".qtpl":
			var b bytes.Buffer
			dir, name := path.Split(filepath.ToSlash(file))
			err := parser.ParseNoLineComments(&b, strings.NewReader(read(t, file)), name, path.Base(dir))
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			want, err := format.Source(b.Bytes())
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			compiled[file+".go"] = true
			if read(t, file+".go") != string(want) {
				t.Errorf("%s.go is not what qtc makes of the template: run go generate ./%s", file, dir)
			}
		case strings.HasSuffix(file, ".qtpl.go") && !compiled[file]:
			t.Errorf("%s has no template", file)
		}
	}
	if len(compiled) == 0 {
		t.Error("there are no templates")
	}
}
