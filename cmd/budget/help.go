package main

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"
)

func helpCommand() command {
	return command{
		name: "help", args: "[COMMAND]",
		summary:  "the commands and exit codes, or one command's flags",
		help:     "Without a command: what the program is for, its commands and its exit codes.",
		examples: []string{"budget help", "budget help caps"},
		words: func(n int) []string {
			if n == 0 {
				return commandNames()
			}
			return nil
		},
		define: func(*pflag.FlagSet) action { return help },
	}
}

func help(_ context.Context, sys *system, args []string) error {
	switch len(args) {
	case 0:
		writeOverview(sys.stdout)
		fmt.Fprintf(sys.stdout, "\n%s", exitMeanings)
		return nil
	case 1:
		c, err := findCommand(args[0])
		if err != nil {
			return err
		}
		return writeHelp(sys.stdout, c)
	}
	return usagef("help takes one command, not %d", len(args))
}
