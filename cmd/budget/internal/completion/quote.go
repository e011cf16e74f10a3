package completion

import "strings"

// sh quotes a text for bash and zsh.
func sh(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// fishQuote quotes a text for fish.
func fishQuote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}

// ps quotes a text for PowerShell.
func ps(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
