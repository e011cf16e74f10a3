package sweeps

import (
	"fmt"
	"strings"
	"time"

	"budget/cmd/budget/internal/cli"
	"budget/internal/finite"
	"budget/internal/notation"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// progressForm is the form of a sweep's progress: on a terminal a line that is
// rewritten, for programs a line of JSON every second and at the end.
type progressForm string

const (
	progressLine progressForm = "line"
	progressJSON progressForm = "json"
	progressNone progressForm = "none"
)

// progress is the progress of a sweep, up to its tables.
type progress struct {
	now     func() time.Time
	begun   time.Time
	counter store.Progress
	paths   int64     // to simulate
	blocks  int       // to compute
	tables  int       // blocks whose rows are to write
	writing time.Time // when that began
	workers int
}

// newProgress returns the progress of computing the missing blocks of units and of writing the rows
// of some blocks, with a number of processors.
func newProgress(sys *cli.System, p *plan.Plan, units []plan.Unit, missing, tables,
	workers int) *progress {
	return &progress{now: sys.Now, begun: sys.Now(), paths: int64(store.Runs(p, units)) * p.Paths,
		blocks: missing, tables: tables, workers: workers}
}

// show starts showing the progress on standard error.
func (p *progress) show(sys *cli.System, form progressForm) (stop func()) {
	if form != progressJSON {
		return sys.ShowLine(form == progressNone, p.line)
	}
	write := func() {
		if text, err := finite.Marshal(p.state()); err == nil {
			fmt.Fprintf(sys.Stderr, "%s\n", text)
		}
	}
	end := cli.Every(time.Second, write)
	return func() {
		end()
		write()
	}
}

// state is a state of the progress.
type state struct {
	Blocks  int64   `json:"blocks"` // finished
	Of      int     `json:"of"`
	Paths   int64   `json:"paths"`
	Rate    float64 `json:"paths_per_s"`
	Tables  int64   `json:"tables"` // blocks whose rows are written
	Elapsed float64 `json:"elapsed_s"`
	Left    float64 `json:"left_s"`
}

// What a path and a block usually take one processor [s], until the sweep's own are known, and the
// rows of a block as a part of that.
const (
	usualPath  = 4e-6
	usualBlock = 5e-4
	rowsShare  = 0.3
	// guess is the time [s] for which work of the usual speed is taken as seen already, so that the
	// first seconds do not count for too much.
	guess = 1
)

func (p *progress) state() state {
	s := state{Blocks: p.counter.Blocks.Load(), Of: p.blocks, Paths: p.counter.Paths.Load(),
		Tables: p.counter.Tables.Load(), Elapsed: p.now().Sub(p.begun).Seconds()}
	if s.Elapsed > 0 {
		s.Rate = float64(s.Paths) / s.Elapsed
	}
	if s.Tables > 0 {
		each := p.now().Sub(p.writing).Seconds() / float64(s.Tables)
		s.Left = each * float64(int64(p.tables)-s.Tables)
		return s
	}
	path, block := p.counter.PathTime.Each(usualPath), p.counter.BlockTime.Each(usualBlock)
	done := path*float64(s.Paths) + block*float64(s.Blocks)
	left := path*float64(max(p.paths-s.Paths, 0)) + block*float64(int64(p.blocks)-s.Blocks) +
		rowsShare*block*float64(p.tables)
	s.Left = left * (s.Elapsed + guess) / (done + guess*float64(p.workers))
	return s
}

func (p *progress) line() string {
	s := p.state()
	var parts []string
	if s.Tables > 0 {
		parts = append(parts, fmt.Sprintf("tables of %s of %s", notation.Count(s.Tables),
			notation.Plural(p.tables, "block")))
	} else {
		parts = append(parts, fmt.Sprintf("%s of %s", notation.Count(s.Blocks),
			notation.Plural(s.Of, "block")), notation.Count(s.Paths)+" paths",
			notation.Count(int64(s.Rate))+" paths/s")
	}
	parts = append(parts, "about "+cli.Roughly(s.Left)+" left")
	return strings.Join(parts, " · ")
}
