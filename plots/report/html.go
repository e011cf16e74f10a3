package report

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"sync"

	"budget/internal/escape"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets/report.js
var script string

//go:embed assets/report.css
var style string

// pages returns the parsed templates. Most commands write no page, so the first page parses them.
var pages = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").ParseFS(templateFiles, "templates/*.html"))
})

// Style and Script are the page's own: nothing of the results is in them.
func (r *Report) Style() template.CSS { return template.CSS(style) }
func (r *Report) Script() template.JS { return template.JS(script) }

// HTML writes the page. The same report gives the same bytes.
func (r *Report) HTML(w io.Writer) error {
	var b bytes.Buffer
	if err := pages().ExecuteTemplate(&b, "page", r); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	_, err := io.WriteString(w, escape.Document(b.String()))
	return err
}
