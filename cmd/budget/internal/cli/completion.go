package cli

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/pflag"
)

func completionCommand(all *Commands) Command {
	return Command{
		Name: "completion", Args: "bash|zsh|fish",
		Summary: "a script that completes commands, flags and ids in a shell",
		Help:    "Prints a script for a shell to read when it starts.",
		Examples: []string{
			`source <(budget completion bash)`,
			`budget completion zsh > "${fpath[1]}/_budget"`,
			`budget completion fish > ~/.config/fish/completions/budget.fish`,
		},
		Words: func(n int) []string {
			if n == 0 {
				return shells()
			}
			return nil
		},
		Define: func(*pflag.FlagSet) Action { return all.writeCompletion },
	}
}

func shells() []string { return []string{"bash", "zsh", "fish"} }

func (t Commands) writeCompletion(_ context.Context, sys *System, args []string) error {
	if len(args) != 1 {
		return Usagef("expected one shell: %s", strings.Join(shells(), ", "))
	}
	switch args[0] {
	case "bash":
		return t.bashCompletion(sys.Stdout)
	case "zsh":
		return t.zshCompletion(sys.Stdout)
	case "fish":
		return t.fishCompletion(sys.Stdout)
	}
	return Usagef("unknown shell %q%s", args[0], Suggest(args[0], shells()))
}

// names lists how a flag may be written.
func names(f *pflag.Flag) []string {
	if f.Shorthand == "" {
		return []string{"--" + f.Name}
	}
	return []string{"--" + f.Name, "-" + f.Shorthand}
}

// argumentWords lists the words of a command's first arguments.
func argumentWords(c Command) [][]string {
	if c.Words == nil {
		return nil
	}
	var out [][]string
	for n := range 2 {
		out = append(out, c.Words(n))
	}
	return out
}

// bashCompletion works without the bash-completion package. Lists with commas
// complete their last entry.
func (t Commands) bashCompletion(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`# bash completion for budget
_budget() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local command=${COMP_WORDS[1]} words= files= n=0 i
    # --flag=value comes as three words.
    if [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi
    if [[ $current == = ]]; then current=; fi
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
`)
	fmt.Fprintf(&b, "        words=%s\n", shellQuote(strings.Join(t.names(), " ")))
	b.WriteString(`    else
        for ((i = 2; i < COMP_CWORD; i++)); do
            case "$command ${COMP_WORDS[i]}" in
`)
	var withValue []string
	for _, c := range t {
		for _, f := range flagsOf(c) {
			if takesValue(f) {
				for _, name := range names(f) {
					withValue = append(withValue, shellQuote(c.Name+" "+name))
				}
			}
		}
	}
	fmt.Fprintf(&b, "            %s)\n", strings.Join(withValue, "|"))
	b.WriteString(`                if [[ ${COMP_WORDS[i+1]} == = ]]; then ((i++)); fi
                ((i++)) ;;
            *' '-*) ;;
            *) ((n++)) ;;
            esac
        done
        case "$command $previous" in
`)
	for _, c := range t {
		for _, f := range flagsOf(c) {
			if !takesValue(f) {
				continue
			}
			var patterns []string
			for _, name := range names(f) {
				patterns = append(patterns, shellQuote(c.Name+" "+name))
			}
			fmt.Fprintf(&b, "        %s) ", strings.Join(patterns, "|"))
			switch words := f.Annotations[completions]; {
			case words != nil:
				fmt.Fprintf(&b, "words=%s", shellQuote(strings.Join(words, " ")))
			case f.Name == "output":
				b.WriteString("files=-d")
			case f.Name == "scenario":
				b.WriteString("files=-f")
			default:
				b.WriteString("return")
			}
			b.WriteString(" ;;\n")
		}
	}
	b.WriteString(`        *)
            case "$command" in
`)
	for _, c := range t {
		var flags []string
		for _, f := range flagsOf(c) {
			flags = append(flags, "--"+f.Name)
		}
		fmt.Fprintf(&b, "            %s)\n                if [[ $current == -* ]]; then words=%s\n",
			c.Name, shellQuote(strings.Join(flags, " ")))
		for n, words := range argumentWords(c) {
			if len(words) > 0 {
				fmt.Fprintf(&b, "                elif ((n == %d)); then words=%s\n", n,
					shellQuote(strings.Join(words, " ")))
			}
		}
		b.WriteString("                else files=-f; fi ;;\n")
	}
	b.WriteString(`            esac ;;
        esac
    fi
    if [[ -n $files ]]; then
        COMPREPLY=($(compgen $files -- "$current"))
        return
    fi
    local before=
    if [[ $current == *,* ]]; then before=${current%,*},; fi
    COMPREPLY=($(compgen -P "$before" -W "$words" -- "${current##*,}"))
}
complete -o filenames -F _budget budget
`)
	_, err := io.WriteString(w, b.String())
	return err
}

func (t Commands) zshCompletion(w io.Writer) error {
	var b strings.Builder
	b.WriteString("#compdef budget\n\n_budget() {\n    local -a commands\n    commands=(\n")
	for _, c := range t {
		fmt.Fprintf(&b, "        %s\n", shellQuote(c.Name+":"+c.Summary))
	}
	b.WriteString(`    )
    if ((CURRENT == 2)); then
        _describe command commands
        return
    fi
    local command=$words[2]
    shift words
    ((CURRENT--))
    case $command in
`)
	for _, c := range t {
		fmt.Fprintf(&b, "    %s)\n        _arguments \\\n", c.Name)
		for _, f := range flagsOf(c) {
			b.WriteString("            " + zshFlag(f) + " \\\n")
		}
		for n, words := range argumentWords(c) {
			if len(words) > 0 {
				argument := fmt.Sprintf("%d:argument:(%s)", n+1, strings.Join(words, " "))
				fmt.Fprintf(&b, "            %s \\\n", shellQuote(argument))
			}
		}
		b.WriteString("            '*:file:_files' ;;\n")
	}
	b.WriteString(`    esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _budget "$@"
else
    compdef _budget budget
fi
`)
	_, err := io.WriteString(w, b.String())
	return err
}

// zshFlag writes a flag as _arguments takes it.
func zshFlag(f *pflag.Flag) string {
	argument, usage := pflag.UnquoteUsage(f)
	usage = strings.NewReplacer("[", "(", "]", ")", ":", "\\:").Replace(usage)
	value := ""
	if takesValue(f) {
		action := ""
		switch words := f.Annotations[completions]; {
		case words != nil && f.Value.Type() == listType:
			action = "_values -s , " + argument + " " + strings.Join(words, " ")
		case words != nil:
			action = "(" + strings.Join(words, " ") + ")"
		case f.Name == "output":
			action = "_files -/"
		case f.Name == "scenario":
			action = "_files"
		}
		value = ":" + argument + ":" + action
	}
	text := "--" + f.Name
	if takesValue(f) {
		text += "="
	}
	text += "[" + usage + "]" + value
	if f.Value.Type() == listType {
		text = "*" + text
	}
	return shellQuote(text)
}

func (t Commands) fishCompletion(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# fish completion for budget\ncomplete -c budget -f\n")
	for _, c := range t {
		fmt.Fprintf(&b, "complete -c budget -n __fish_use_subcommand -a %s -d %s\n", c.Name,
			fishQuote(c.Summary))
	}
	for _, c := range t {
		when := fishQuote("__fish_seen_subcommand_from " + c.Name)
		for _, f := range flagsOf(c) {
			_, usage := pflag.UnquoteUsage(f)
			fmt.Fprintf(&b, "complete -c budget -n %s -l %s", when, f.Name)
			if f.Shorthand != "" {
				fmt.Fprintf(&b, " -s %s", f.Shorthand)
			}
			if takesValue(f) {
				words := f.Annotations[completions]
				switch {
				case words != nil:
					fmt.Fprintf(&b, " -x -a %s", fishQuote(strings.Join(words, " ")))
				case f.Name == "output" || f.Name == "scenario":
					b.WriteString(" -r -F")
				default:
					b.WriteString(" -x")
				}
			}
			fmt.Fprintf(&b, " -d %s\n", fishQuote(usage))
		}
		for n, words := range argumentWords(c) {
			if len(words) > 0 {
				// Words so far: the program, the command and n arguments.
				here := fmt.Sprintf("__fish_seen_subcommand_from %s; "+
					"and test (count (commandline -opc)) -eq %d", c.Name, n+2)
				fmt.Fprintf(&b, "complete -c budget -n %s -a %s\n", fishQuote(here),
					fishQuote(strings.Join(words, " ")))
			}
		}
		if regexp.MustCompile("toml|FILE|DIR").MatchString(c.Args) {
			fmt.Fprintf(&b, "complete -c budget -n %s -F\n", when)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// shellQuote quotes a word for bash and zsh.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// fishQuote quotes a word for fish.
func fishQuote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
}
