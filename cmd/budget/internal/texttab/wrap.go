package texttab

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// units stay with the number before them.
var units = []string{"%", "min", "s", "h", "°C", "/h", "mW", "mAh"}

// words splits text at spaces, but leaves a unit with its number.
func words(text string) []string {
	var out []string
	for word := range strings.FieldsSeq(text) {
		if n := len(out); n > 0 && isUnit(word) && endsInDigit(out[n-1]) {
			out[n-1] += " " + word
			continue
		}
		out = append(out, word)
	}
	return out
}

func isUnit(word string) bool {
	return slices.Contains(units, strings.TrimRight(word, ".,;:)"))
}

func endsInDigit(word string) bool {
	last := word[len(word)-1]
	return '0' <= last && last <= '9'
}

func longestWord(text string) int {
	longest := 0
	for _, word := range words(text) {
		longest = max(longest, textWidth(word))
	}
	return longest
}

// breakLines breaks text at spaces into lines of at most the given width; a longer word has
// a line of its own. Spaces at the beginning indent every line.
func breakLines(text string, width int) []string {
	if textWidth(text) <= width {
		return []string{text}
	}
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	if longestWord(text)+len(indent) > width {
		indent = ""
	}
	var lines []string
	line := ""
	for _, word := range words(text) {
		switch {
		case line == "":
			line = indent + word
		case textWidth(line)+1+textWidth(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = indent + word
		}
	}
	return append(lines, line)
}

// widthOn returns the width that text needs on so many lines.
func widthOn(text string, lines int) int {
	width := longestWord(text)
	for width < textWidth(text) && len(breakLines(text, width)) > lines {
		width++
	}
	return width
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
