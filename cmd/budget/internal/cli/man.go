package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/pflag"
)

// manCommand is budget man.
func manCommand(all *Commands) Command {
	return Command{
		Name: "man", Args: "DIR",
		Summary: "write the help as manual pages",
		Help: `
Writes a manual page for every command, budget-caps.1 and so on, and budget.1 for all of them, to a
directory. They say what budget help says.`,
		Examples: []string{
			`budget man ~/.local/share/man/man1 && man budget-caps`,
		},
		Define: func(*pflag.FlagSet) Action { return all.writeManual },
	}
}

func (t Commands) writeManual(_ context.Context, sys *System, args []string) error {
	if len(args) != 1 {
		return Usagef("expected one directory, such as: budget man ~/.local/share/man/man1")
	}
	dir, err := Directory(args[0])
	if err != nil {
		return Usagef("%v", err)
	}
	page := func(name string, write func(*manual)) File {
		return File{Name: name + ".1", Write: func(w io.Writer) error {
			m := &manual{}
			fmt.Fprintf(&m.text, ".TH %s 1 \"\" budget \"User Commands\"\n", roff(strings.ToUpper(name)))
			write(m)
			_, err := w.Write(m.text.Bytes())
			return err
		}}
	}
	files := []File{page("budget", t.overviewPage)}
	for _, c := range t {
		files = append(files, page("budget-"+c.Name, c.manualPage))
	}
	out, err := OpenOutput(sys, dir, files)
	if err != nil {
		return err
	}
	out.Beside()
	return out.Write(files)
}

// manual is a manual page as it is written.
type manual struct{ text bytes.Buffer }

// roff escapes text for a manual page: hyphens stay those that are typed, and no line is a request.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	return regexp.MustCompile(`(?m)^([.'])`).ReplaceAllString(text, `\&$1`)
}

func (m *manual) section(title string) { fmt.Fprintf(&m.text, ".SH %s\n", roff(title)) }

func (m *manual) line(text string) { fmt.Fprintf(&m.text, "%s\n", roff(text)) }

// literal writes lines as they are.
func (m *manual) literal(text string) {
	fmt.Fprintf(&m.text, ".PP\n.nf\n%s\n.fi\n", roff(strings.Trim(text, "\n")))
}

// paragraphs writes the paragraphs of a help; one that is indented stays as it is.
func (m *manual) paragraphs(text string) {
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if strings.HasPrefix(paragraph, "  ") {
			m.literal(paragraph)
			continue
		}
		m.text.WriteString(".PP\n")
		m.line(paragraph)
	}
}

func (m *manual) name(name, summary string) {
	m.section("NAME")
	fmt.Fprintf(&m.text, "%s \\- %s\n", roff(name), roff(summary))
}

// overviewPage writes the page of all commands.
func (t Commands) overviewPage(m *manual) {
	m.name("budget", "how long a watch-app session may be")
	m.section("SYNOPSIS")
	fmt.Fprintf(&m.text, ".B budget\n.I COMMAND\n[\\fIflags\\fR] [\\fIarguments\\fR]\n")
	m.section("DESCRIPTION")
	m.line(purpose)
	m.section("COMMANDS")
	for _, c := range t {
		fmt.Fprintf(&m.text, ".TP\n\\fBbudget %s\\fR %s\n%s\n", roff(c.Name), roff(c.Args),
			roff(c.Summary))
	}
	m.section("EXIT STATUS")
	m.literal(afterFirstLine(exitMeanings))
	m.section("ENVIRONMENT")
	m.literal(afterFirstLine(environmentMeanings))
	m.section("SEE ALSO")
	for i, c := range t {
		end := ","
		if i == len(t)-1 {
			end = ""
		}
		fmt.Fprintf(&m.text, ".BR %s (1)%s\n", roff("budget-"+c.Name), end)
	}
}

func afterFirstLine(text string) string {
	_, rest, _ := strings.Cut(text, "\n")
	return rest
}

// manualPage writes the page of a command.
func (c Command) manualPage(m *manual) {
	m.name("budget-"+c.Name, c.Summary)
	m.section("SYNOPSIS")
	fmt.Fprintf(&m.text, "\\fBbudget %s\\fR [\\fIflags\\fR] %s\n", roff(c.Name), roff(c.Args))
	m.section("DESCRIPTION")
	m.paragraphs(c.Help)
	m.section("OPTIONS")
	fs, _ := c.newFlagSet()
	fs.VisitAll(func(f *pflag.Flag) {
		value, usage := pflag.UnquoteUsage(f)
		m.text.WriteString(".TP\n")
		if f.Shorthand != "" {
			fmt.Fprintf(&m.text, "\\fB\\-%s\\fR, ", f.Shorthand)
		}
		fmt.Fprintf(&m.text, "\\fB%s\\fR", roff("--"+f.Name))
		if takesValue(f) {
			fmt.Fprintf(&m.text, " \\fI%s\\fR", roff(value))
			if f.DefValue != "" && f.DefValue != "0" && f.DefValue != "[]" {
				usage += " (default " + f.DefValue + ")"
			}
		}
		fmt.Fprintf(&m.text, "\n%s\n", roff(usage))
	})
	if len(c.Examples) > 0 {
		m.section("EXAMPLES")
		m.literal(strings.Join(c.Examples, "\n"))
	}
	m.section("SEE ALSO")
	m.text.WriteString(".BR budget (1)\n")
}
