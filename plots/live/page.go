package live

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"sync"

	"budget/internal/escape"
	"budget/model"
)

//go:embed templates/page.html
var pageText string

//go:embed assets/live.js
var script []byte

//go:embed assets/live.css
var style []byte

// pageTemplate returns the parsed template of the page.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Parse(pageText))
})

// Board is the page as it is first sent.
type Board struct {
	Scenario string   // its name
	File     string   // it was read from, "" for the catalog
	Keys     []string // of all quantities, to search
}

// NewBoard returns the page of a scenario.
func NewBoard(s *model.Scenario, file string) *Board {
	b := &Board{Scenario: s.Name, File: file}
	for _, p := range s.Parameters() {
		b.Keys = append(b.Keys, p.Key)
	}
	return b
}

// HTML writes the page.
func (b *Board) HTML(w io.Writer) error {
	var text bytes.Buffer
	if err := pageTemplate().Execute(&text, b); err != nil {
		return err
	}
	_, err := io.WriteString(w, escape.Document(text.String()))
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
