package markdown

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"budget/internal/escape"
)

// hostile are texts that do something where they are not escaped.
var hostile = []string{"\x1b[31m", "\u202e", "a\u200bb", "a\nb", "](javascript:x)",
	"![x](http://example.com/x.png)", "<script>alert(1)</script>", `"><img onerror=x>`,
	`=HYPERLINK("http://example.com")`, "$(rm)", "`rm`", strings.Repeat("x", 10_000), "🙂", "\xff",
	"# a", "a #", "a ## ", "a # b #", "#",
	"- a", "-", "---", "1. a", "> a", "    code", "a|b", "https://example.com",
	"www.example.com", "WWW.example.com", "me@example.com", "@team", "mailto:me@example.com",
	"<http://example.com>", "[a]: http://example.com", "*a* _a_ __a__ ~~a~~", "&lt;", `\`, `\[a](b)`,
	"ftp://example.com", "a ``b` c", "|", "[^1]", "===", "+", "a_b_c", "--- | ---", "``", "`",
	"-:", ":-", ":--:", "$x$", "[ ] a", "a  ", "'=1"}

// TestHostileTexts: a text in Markdown is a text, and only that, wherever it stands.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for _, text := range hostile {
		checkMarkdown(t, text)
	}
}

// FuzzMarkdown is TestHostileTexts for any text.
func FuzzMarkdown(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(checkMarkdown)
}

// checkMarkdown holds an escaped text to what it promises wherever it stands in a document.
func checkMarkdown(t *testing.T, s string) {
	t.Helper()
	if strings.TrimSpace(s) == "" {
		return // ** around nothing is a rule, with no fault of the nothing
	}
	for _, place := range []string{"%", "Some words\n%\n", "- %\n", "## %\n", "**%**\n",
		"| a |\n| --- |\n| % |\n"} {
		for _, escaped := range []string{escape.Markdown(s), escape.MarkdownCode(s)} {
			source := []byte(strings.ReplaceAll(place, "%", escaped))
			document := goldmark.New(goldmark.WithExtensions(extension.GFM,
				extension.Footnote)).Parser().Parse(text.NewReader(source))
			shown := ""
			err := ast.Walk(document, func(n ast.Node, in bool) (ast.WalkStatus, error) {
				switch n := n.(type) {
				case *ast.Link, *ast.Image, *ast.AutoLink, *ast.HTMLBlock, *ast.List, *ast.Heading,
					*ast.CodeBlock, *ast.FencedCodeBlock, *ast.Blockquote, *ast.ThematicBreak:
					if _, list := n.(*ast.List); list && place[0] == '-' && n.Parent() == document {
						break
					}
					if h, ok := n.(*ast.Heading); ok && place[0] == '#' && h.Level == 2 {
						break
					}
					t.Fatalf("%q in %q is a %s:\n%s", s, place, n.Kind(), source)
				case *ast.RawHTML:
					if html := string(n.Segments.Value(source)); html != "<!-- -->" {
						t.Fatalf("%q in %q is HTML: %s", s, place, html)
					}
				case *ast.Text:
					if in {
						shown += string(n.Value(source))
					}
				}
				return ast.WalkContinue, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if strings.ContainsFunc(s, func(r rune) bool { return strings.ContainsRune("&<>\\", r) }) {
				continue // Text nodes have these as they are written
			}
			plain := func(s string) string { return strings.Join(strings.Fields(escape.Line(s)), "") }
			whole := strings.Join(strings.Fields(unescaped.Replace(shown)), "")
			if !strings.Contains(whole, plain(s)) && !strings.ContainsAny(escape.Line(s), `\`) {
				t.Fatalf("%q in %q shows %q", s, place, whole)
			}
		}
	}
}

// unescaped undoes escapes in the text nodes of a document, which have them as they are written.
var unescaped = strings.NewReplacer(`\`, "", "&amp;", "&", "&lt;", "<")
