package document

import "strconv"

// Join appends a key to a path. It quotes the key where TOML needs quotes, so that a message
// stays on one line.
func Join(path, key string) string {
	if !bare(key) {
		key = Quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// bare reports whether TOML and a message need no quotes about a key.
func bare(key string) bool {
	for i := range len(key) {
		c := key[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && c != '_' && c != '-' {
			return false
		}
	}
	return len(key) > 0 && len(key) <= 60
}

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
