package model

// Nearest returns the known word that most resembles a mistyped one, or "" where
// none does.
func Nearest(word string, known []string) string { return nearest(word, known) }
