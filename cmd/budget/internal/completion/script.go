package completion

//go:generate go run github.com/valyala/quicktemplate/qtc -skipLineComments

// scripts make the script of each shell. That for bash works without the bash-completion package;
// its lists with commas complete their last entry.
var scripts = map[string]func([]Command) string{
	"bash": bash, "zsh": zsh, "fish": fish, "powershell": powershell,
}

// Shells lists the shells that there are scripts for.
func Shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

// Script returns the script that completes commands in one of the [Shells].
func Script(shell string, commands []Command) string { return scripts[shell](commands) }
