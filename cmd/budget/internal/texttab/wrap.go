package texttab

import (
	"strings"
	"unicode/utf8"
)

// words splits text at spaces, but leaves a per cent sign with its number.
func words(text string) []string {
	var out []string
	for word := range strings.FieldsSeq(text) {
		if strings.HasPrefix(word, "%") && len(out) > 0 {
			out[len(out)-1] += " " + word
			continue
		}
		out = append(out, word)
	}
	return out
}

// Wrap breaks text at spaces into lines of at most the given width. A word that
// is longer is broken where the line ends.
func Wrap(text string, width int) []string {
	width = max(width, 1)
	var lines []string
	line := ""
	for _, word := range words(text) {
		if line != "" && textWidth(line)+1+textWidth(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
		for textWidth(line) > width {
			cut := 0
			for i := range line {
				if utf8.RuneCountInString(line[:i]) == width {
					cut = i
					break
				}
			}
			lines = append(lines, line[:cut])
			line = line[cut:]
		}
	}
	if line != "" || lines == nil {
		lines = append(lines, line)
	}
	return lines
}

func textWidth(text string) int { return utf8.RuneCountInString(text) }
