package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/parallel"
	"budget/model"
	"budget/sweep"
	answers "budget/sweep/live"
)

// settledPaths is the default number of paths of a settled answer: an hour's session is then
// answered within a second of two cores, and its cap known to some minutes or better.
const settledPaths = 65_536

// serveFlags are the flags of budget serve.
type serveFlags struct {
	*inputs.Options
	inputs.Reading
	typed func(flag string) bool
	port  int
	open  bool
}

// Command is budget serve.
func Command() cli.Command {
	return cli.Command{
		Name: "serve", Args: "[scenario.toml | DIR]",
		Summary: "a page in your browser, on which moving an assumption moves the caps",
		Help: `
Serves a page to the browser of this machine, and prints its address. On the left stands what can be
moved: the session type or timer, how many may fail, the battery, the place, the watch, the app, and
the rates of watchOS that nobody outside Apple knows. On the right follows how long a session may be,
what ends longer ones, whether your plan holds, and the curve of failure.

A number that is still being refined says so. All answers are of the same simulated sessions, so a
difference is due to what was moved. The command that prints the same numbers can be copied, and what
was moved can be saved as a scenario file. Given the directory of budget caps -o, the page starts with
what was asked there.

Nothing leaves this machine: the page is served on the loopback address alone, to who has the token in
its address, and asks nothing of any other server. Ctrl-C ends it.`,
		Examples: []string{
			`budget serve`,
			`budget serve --open`,
			`budget serve winter.toml --port 8080`,
			`budget caps --start-level "30 %" -o out && budget serve out`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &serveFlags{Options: inputs.NewOptions(settledPaths), typed: fs.Changed}
			fs.BoolVar(&f.open, "open", false, "open the page in the browser")
			cli.AddValue(fs, &f.port, "port", cli.Whole(1, 65535, "not a port", "1 to 65535"),
				"`port` of the loopback address (default: a free one)")
			f.AddPaths(fs, " for each settled answer")
			f.AddSeed(fs)
			f.AddMachine(fs)
			f.AddUnchecked(fs)
			return f.run
		},
	}
}

func (f *serveFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	var start url.Values
	if dir, ok := inputs.Directory(args); ok {
		results, err := f.Results(sys, dir)
		if err != nil {
			return err
		}
		defer results.Close()
		if start, err = startQuery(dir, results); err != nil {
			return err
		}
		if !f.typed("seed") {
			f.Seed = results.Provenance.Seed
		}
		args = nil
	} else if f.typed(inputs.UncheckedFlag) {
		return cli.Usagef("--%s is for a directory of results", inputs.UncheckedFlag)
	}
	base, err := inputs.LoadScenario(sys, args)
	if err != nil {
		return err
	}
	p := &page{base: base, session: startSession(base), Seed: f.Seed,
		engine: answers.NewEngine(f.Paths, sweep.Control{Workers: f.Processors(),
			Kernel: f.Kernel.Name()})}
	if len(args) > 0 {
		p.file = args[0]
	}
	token, err := newToken()
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp4",
		net.JoinHostPort("127.0.0.1", strconv.Itoa(f.port)))
	if err != nil {
		return cli.Filef(err, "cannot serve on port %d: choose another --port, or none", f.port)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return err
	}
	address := "http://" + net.JoinHostPort("127.0.0.1", port) + "/" + token + "/"
	if len(start) > 0 {
		address += "?" + start.Encode()
	}
	sys.Warn(base.Warnings())
	sys.Printf("%s\nCtrl-C ends it.\n", address)
	sys.Flush()
	if f.open {
		if err := openPage(address); err != nil {
			sys.Warn([]string{"no browser was found; open the address above"})
		}
	}
	to := newGuard(port, token, p.handler())
	return sys.EndsItself(func() error { return serve(ctx, listener, to) })
}

// startSession is the session type that the page starts with.
func startSession(s *model.Scenario) string {
	if s.Session(defaultSession) != nil {
		return defaultSession
	}
	return s.Sessions[0].ID
}

// serve answers requests until ctx ends.
func serve(ctx context.Context, listener net.Listener, to http.Handler) error {
	server := &http.Server{Handler: to, ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	var ended error
	wait := parallel.Go(func() { ended = server.Serve(listener) })
	<-ctx.Done()
	// Requests in progress end with ctx, too.
	leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := server.Shutdown(leaving); err != nil {
		_ = server.Close()
	}
	wait()
	if !errors.Is(ended, http.ErrServerClosed) {
		return fmt.Errorf("serving the page: %w", ended)
	}
	return nil
}
