package optimize

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"budget/internal/notation"
	"budget/solver"
	"budget/sweep/plan"
)

// writeBest writes the scenario of the chosen design.
func (a *answer) writeBest(w io.Writer) error {
	d := a.Design
	cell := d.Candidates[a.Chosen].Cells[0]
	s, err := d.Chosen(cell, d.Knobs)
	if err != nil {
		return errors.New("the chosen values do not go together: " + err.Error())
	}
	if _, err := fmt.Fprintf(w, "# The design that budget optimize %s chose: %s.\n# %s: %s\n",
		d.File, a.chosen(), a.subject(), a.command(cell)); err != nil {
		return err
	}
	return s.Write(w)
}

// subject says what the command in best.toml prints.
func (a *answer) subject() string {
	if a.Design.Goal.Maximize.Capped() {
		return "Its cap"
	}
	return "How its sessions end"
}

// command returns the command that prints the cap of the chosen design, or how its sessions end.
func (a *answer) command(cell plan.Cell) string {
	s, on, _ := a.Design.Scenario(cell)
	words := []string{"budget caps best.toml --session", a.session().ID,
		fmt.Sprintf("--tolerance %q", a.tolerance())}
	var asked []string
	if r := a.Design.Readings[0]; r != solver.Cautious {
		asked = append(asked, "--reading", string(r))
	}
	if a.Design.CountRefused {
		asked = append(asked, "--count-refused")
	}
	if !a.Design.Goal.Maximize.Capped() {
		words = []string{"budget run", a.session().ID,
			fmt.Sprintf("%q best.toml", notation.Length(a.Design.Goal.Length))}
		if _, timer := s.TimerSequence(); timer {
			words = []string{"budget timer best.toml --session", a.session().ID}
			asked = nil // it has both readings, and no refused starts
			if on.Restart {
				words = append(words, "--restart")
			}
		}
	} else if on.Gate > 0 {
		words = append(words, fmt.Sprintf("--gate %d%%", on.Gate))
	}
	if len(a.Design.Circumstances) == 0 {
		if on.Device != solver.Fleet {
			words = append(words, "--device", on.Device)
		}
		if on.Environment != solver.Mix {
			words = append(words, "--environment", on.Environment)
		}
		if on.StartLevel != nil {
			words = append(words, "--start-level", fmt.Sprintf("%g", *on.StartLevel))
		}
	}
	return strings.Join(append(words, asked...), " ")
}
