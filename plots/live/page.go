package live

import (
	_ "embed"
	"io"

	"budget/internal/escape"
)

//go:generate go run github.com/valyala/quicktemplate/qtc -skipLineComments

//go:embed assets/live.js
var script []byte

//go:embed assets/live.css
var style []byte

// HTML writes the page.
func (b *Board) HTML(w io.Writer) error {
	_, err := io.WriteString(w, escape.Document(page(b)))
	return err
}

// Asset is a part of the page that it loads by its name.
type Asset struct {
	Type string // of its content
	Text []byte
}

// Assets are the parts of the page by their names.
func Assets() map[string]Asset {
	return map[string]Asset{"live.js": {"text/javascript; charset=utf-8", script},
		"live.css": {"text/css; charset=utf-8", style}}
}
