package document

import (
	"regexp"
	"strconv"
)

// Join appends a key to a path. It quotes the key where TOML needs quotes, so that a message
// stays on one line.
func Join(path, key string) string {
	if !bare.MatchString(key) {
		key = Quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

var bare = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`)

// maxQuoted is the maximum length of text from a file in a message [bytes].
const maxQuoted = 60

// Quote quotes text from a file for a message, shortened and on one line.
func Quote(text string) string { return strconv.Quote(Shorten(text)) }

// Shorten cuts text from a file to maxQuoted.
func Shorten(text string) string {
	if len(text) <= maxQuoted {
		return text
	}
	cut := 0
	for i := range text {
		if i > maxQuoted {
			break
		}
		cut = i
	}
	return text[:cut] + "…"
}
