// Package markdown parses what internal/escape makes of texts for Markdown, as GitHub does.
package markdown
