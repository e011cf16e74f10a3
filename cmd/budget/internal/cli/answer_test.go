package cli_test

import (
	"context"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
)

// answering is a program with the command "answer", which prints a.
func answering(a cli.Answer) cli.Commands {
	return cli.Commands{{Name: "answer", Define: func(fs *pflag.FlagSet) cli.Action {
		form, quiet := cli.FormatTable, false
		cli.AddFormat(fs, &form)
		cli.AddQuiet(fs, &quiet, "no notes")
		return func(_ context.Context, sys *cli.System, _ []string) error {
			return sys.Print(a, form, quiet)
		}
	}}}
}

// printed returns what the program writes to standard output, on a terminal of a width; 0 is
// no terminal.
func printed(a cli.Answer, width int, env map[string]string, args ...string) string {
	var out, err strings.Builder
	cli.Execute(&cli.System{Args: append([]string{"answer"}, args...), Stdout: &out, Stderr: &err,
		OutWidth: width, Getenv: func(key string) string { return env[key] }}, answering(a))
	return out.String() + err.String()
}

func TestExplain(t *testing.T) {
	t.Parallel()
	page := func(p *cli.Page) { p.Printf("page\n") }
	for _, test := range []struct {
		notes, explain []string
		args           string
		want           string
	}{
		{[]string{"one.", "two."}, nil, "", "page\n\none.\ntwo.\n"},
		{[]string{"one.", "two."}, nil, "--explain", "page\n\none.\ntwo.\n"},
		{[]string{"one.", "two."}, []string{"three."}, "",
			"page\n\none.\ntwo. --explain says more.\n"},
		{[]string{"one.", "two."}, []string{"three."}, "--explain", "page\n\none.\ntwo.\nthree.\n"},
		{nil, []string{"three."}, "", "page\n\n--explain says more.\n"},
		{nil, []string{"three."}, "--explain", "page\n\nthree.\n"},
		{[]string{"one."}, []string{"three."}, "--quiet", "page\n"},
		{nil, nil, "", "page\n"},
	} {
		a := cli.Answer{Page: page, Notes: test.notes, Explain: test.explain}
		if got := printed(a, 0, nil, strings.Fields(test.args)...); got != test.want {
			t.Errorf("notes %q and %q, flags %q: got %q, want %q", test.notes, test.explain, test.args,
				got, test.want)
		}
	}
}

// TestWidth: a terminal says how wide it is; without one COLUMNS does.
func TestWidth(t *testing.T) {
	t.Parallel()
	words := cli.Answer{Page: func(p *cli.Page) { p.Wrap(strings.Repeat("a ", 2000)) }}
	for _, test := range []struct {
		terminal int
		columns  string
		want     int
	}{
		{0, "", 116}, {0, "80", 80}, {0, "40", 40}, {0, "1000", 1000}, {100, "80", 100},
		{0, "39", 116}, {0, "1001", 116}, {0, "-80", 116}, {0, "wide", 116}, {0, "80.5", 116},
	} {
		env := map[string]string{"COLUMNS": test.columns}
		line, _, _ := strings.Cut(printed(words, test.terminal, env), "\n")
		if got := (len(line) + 1) / 2 * 2; got != test.want { // words have an even width with their space
			t.Errorf("terminal %d, COLUMNS=%q: line of %d, want %d", test.terminal, test.columns, got,
				test.want)
		}
	}
}

// TestPaint: colour is for terminals that have not been told to do without.
func TestPaint(t *testing.T) {
	t.Parallel()
	a := cli.Answer{Page: func(p *cli.Page) {
		p.Printf("%s %s\n", p.Paint(texttab.Bad, "bad"), p.Paint(texttab.Doubtful, "doubtful"))
	}}
	plain, painted := "bad doubtful\n", "\x1b[31mbad\x1b[0m \x1b[33mdoubtful\x1b[0m\n"
	for _, test := range []struct {
		terminal int
		env      map[string]string
		want     string
	}{
		{80, nil, painted}, {0, nil, plain}, {0, map[string]string{"COLUMNS": "80"}, plain},
		{80, map[string]string{"NO_COLOR": "1"}, plain},
	} {
		if got := printed(a, test.terminal, test.env); got != test.want {
			t.Errorf("terminal %d, environment %v: got %q, want %q", test.terminal, test.env, got,
				test.want)
		}
	}
}
