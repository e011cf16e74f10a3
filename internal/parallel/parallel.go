// Package parallel calls functions on several goroutines. A panic in one of them is the
// caller's, who may answer for it.
package parallel

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// For calls do for 0 to n−1 on up to so many goroutines, and says to each call on which,
// numbered from 0. With fewer than two it calls from its own.
func For(workers, n int, do func(worker, i int)) {
	if workers = min(workers, n); workers <= 1 {
		for i := range n {
			do(0, i)
		}
		return
	}
	var next atomic.Int64
	var failed atomic.Value
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					failed.Store(fmt.Sprint(r))
				}
			}()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(worker, int(i))
			}
		})
	}
	group.Wait()
	if r := failed.Load(); r != nil {
		panic(r)
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
