package sweep

import (
	"runtime"
	"sync"
)

// inParallel calls do for 0 to n−1 on so many goroutines.
func InParallel(workers, n int, do func(i int)) {
	var all sync.WaitGroup
	next := make(chan int)
	for range max(1, min(workers, n, max(16, runtime.GOMAXPROCS(0)))) {
		all.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
}
