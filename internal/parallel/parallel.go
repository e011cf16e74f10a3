// Package parallel calls functions on several goroutines. A panic in one of them is the
// caller's, who may answer for it.
package parallel

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Workers returns how many goroutines to start where a number of them is asked for; 0
// means as many as there are processors. No more are started than that, or 16.
func Workers(n int) int {
	if n == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return min(n, max(16, runtime.GOMAXPROCS(0)))
}

// For calls do for 0 to n−1 on up to so many goroutines, and says to each call on which,
// numbered from 0. With fewer than two it calls from its own. A panic on one of several is
// a *Panic in the caller; no further call is begun then.
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

// Map calls do for each of a list, and returns what it returns in the same order, or the
// error of the first that has one.
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

// Panic is what a goroutine has panicked with, and where.
type Panic struct {
	Value any
	Stack []byte
}

// Catch calls do and returns what it panics with, nil for nothing: for a goroutine whose
// panic is to be the caller's.
func Catch(do func()) (p *Panic) {
	defer func() {
		if r := recover(); r != nil {
			var ok bool
			if p, ok = r.(*Panic); !ok { // else of a goroutine that do has started
				p = &Panic{r, debug.Stack()}
			}
		}
	}()
	do()
	return nil
}

// Error returns the value and the stack of the goroutine.
func (p *Panic) Error() string { return fmt.Sprintf("%v\n\non a goroutine:\n%s", p.Value, p.Stack) }

// Unwrap returns the value where it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}
