package solver

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// parallel calls do for every i below n, by as many workers at most, and tells it by
// which, numbered from 0. A panic in one of them is the caller's, who may answer for
// it.
func parallel(workers, n int, do func(worker, i int)) {
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
