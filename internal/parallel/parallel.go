// Package parallel calls functions on goroutines. It is the only place where the program starts
// any: a panic in one of them is raised again in the caller, which can recover from it, and does
// not end the process.
package parallel

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Workers returns the number of goroutines to start for a requested number. 0 means one per
// processor. The result is at most the number of processors or 16, whichever is larger.
func Workers(n int) int {
	if n == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return min(n, max(16, runtime.GOMAXPROCS(0)))
}

// For calls do(worker, i) for i from 0 to n−1 on at most the given number of goroutines, which
// are numbered from 0. With fewer than two it uses the caller's goroutine. If do panics on one
// of several goroutines, For starts no further call and panics with a *Panic.
func For(workers, n int, do func(worker, i int)) {
	if workers = min(workers, n); workers <= 1 {
		for i := range n {
			do(0, i)
		}
		return
	}
	var next atomic.Int64
	var failed atomic.Pointer[Panic]
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			p := Catch(func() {
				for i := next.Add(1) - 1; i < int64(n) && failed.Load() == nil; i = next.Add(1) - 1 {
					do(worker, int(i))
				}
			})
			if p != nil {
				failed.CompareAndSwap(nil, p)
			}
		})
	}
	group.Wait()
	if p := failed.Load(); p != nil {
		panic(p)
	}
}

// Go calls do on a goroutine of its own. wait returns when do has, and panics with a *Panic if
// do has panicked. The caller must call wait, or a panic is lost.
func Go(do func()) (wait func()) {
	ended := make(chan struct{})
	var p *Panic
	go func() {
		defer close(ended)
		p = Catch(do)
	}()
	return func() {
		if <-ended; p != nil {
			panic(p)
		}
	}
}

// Map calls do for each item of a list and returns the results in the same order, or the error
// of the first item that failed.
func Map[A, B any](workers int, list []A, do func(A) (B, error)) ([]B, error) {
	out, errs := make([]B, len(list)), make([]error, len(list))
	For(workers, len(list), func(_, i int) { out[i], errs[i] = do(list[i]) })
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Panic is the value of a panic and the stack of its goroutine.
type Panic struct {
	Value any
	Stack []byte
}

// Catch calls do and returns its panic, or nil. It is for goroutines that pass a panic on to
// their caller.
func Catch(do func()) (p *Panic) {
	defer func() {
		if r := recover(); r != nil {
			var ok bool
			if p, ok = r.(*Panic); !ok { // else do passes on the panic of a goroutine it started
				p = &Panic{r, debug.Stack()}
			}
		}
	}()
	do()
	return nil
}

// Error returns the value and the stack of the goroutine.
func (p *Panic) Error() string { return fmt.Sprintf("%v\n\non a goroutine:\n%s", p.Value, p.Stack) }

// Unwrap returns the value if it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}
