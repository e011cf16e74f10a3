package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"
)

// helpWidth is the width that the help is written for.
const helpWidth = 110

// writeHelp writes the help of one command.
func writeHelp(w io.Writer, c Command) error {
	usage := strings.TrimSpace("budget " + c.Name + " [flags] " + c.Args)
	fmt.Fprintf(w, "budget %s: %s\n\nUsage:\n  %s\n\n%s\n", c.Name, c.Summary, usage,
		strings.TrimSpace(c.Help))
	fs, _ := c.newFlagSet()
	fmt.Fprintf(w, "\nFlags:\n%s", fs.FlagUsagesWrapped(helpWidth))
	if len(c.Examples) > 0 {
		fmt.Fprintf(w, "\nExamples:\n")
		for _, example := range c.Examples {
			fmt.Fprintf(w, "  %s\n", example)
		}
	}
	return nil
}

// overviewWidth is the width of commands and their arguments in the overview.
const overviewWidth = 40

// purpose is what the program is for.
const purpose = "budget computes how long a watch-app session may be, so that it almost surely " +
	"reaches its end."

// writeOverview writes what the program is for and its commands.
func (t Commands) writeOverview(w io.Writer) {
	fmt.Fprintf(w, "%s\n\nCommands:\n", purpose)
	for _, c := range t {
		usage := strings.TrimSpace(c.Name + " " + c.Args)
		if len(usage) > overviewWidth {
			usage += "\n" + strings.Repeat(" ", len("  budget ")+overviewWidth)
		}
		fmt.Fprintf(w, "  budget %-*s  %s\n", overviewWidth, usage, c.Summary)
	}
	fmt.Fprint(w, "\nStart with 'budget caps'. 'budget help COMMAND' explains its flags and shows "+
		"examples.\n")
}

// environmentMeanings is what "budget help" says about environment variables.
const environmentMeanings = `Environment:
  COLUMNS   width of tables where there is no terminal, from 40 to 1000 (else 116)
  NO_COLOR  if set, no colours: red is bad, yellow doubtful
  BUDGET_TOLERANCE and the like are defaults of flags, such as BUDGET_CAPS_MAX_PATHS for one command;
            so is a file, budget/config.toml in $XDG_CONFIG_HOME or ~/.config, or BUDGET_CONFIG
`

// helpCommand is budget help.
func helpCommand(all *Commands) Command {
	return Command{
		Name: "help", Args: "[COMMAND]",
		Summary: "the commands and exit codes, or one command's flags",
		Help: "Without a command: what the program is for, its commands, exit codes and environment " +
			"variables.",
		Examples: []string{"budget help", "budget help caps"},
		Words:    First(func() []string { return all.names() }),
		Define:   func(*pflag.FlagSet) Action { return all.help },
	}
}

func (t Commands) help(_ context.Context, sys *System, args []string) error {
	switch len(args) {
	case 0:
		t.writeOverview(sys.Stdout)
		fmt.Fprintf(sys.Stdout, "\n%s\n%s", exitMeanings, environmentMeanings)
		return nil
	case 1:
		c, err := t.find(args[0])
		if err != nil {
			return err
		}
		return writeHelp(sys.Stdout, c)
	}
	return Usagef("help takes one command, not %d", len(args))
}
