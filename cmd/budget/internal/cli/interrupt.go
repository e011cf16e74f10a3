package cli

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"budget/internal/parallel"
)

const (
	// grace is the time that a program has left after an interrupt, unless it is in a section
	// that ends by itself.
	grace = 500 * time.Millisecond
	// watching is the time between two looks at a program that was interrupted.
	watching = 20 * time.Millisecond
)

// interrupt is what is known about a run for the case that it is interrupted.
type interrupt struct {
	ctx      context.Context // ends with the first interrupt
	mu       sync.Mutex
	sections int  // in progress that end by themselves
	partial  bool // whether such a section was interrupted: its answer is being written
	began    bool // whether standard output has had some of the answer
	writing  map[*time.Time]bool
}

func (i *interrupt) enter() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.sections++
}

func (i *interrupt) leave() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.sections--
	i.partial = i.partial || i.ctx.Err() != nil
}

// cut reports whether the answer is that of a command that was interrupted.
func (i *interrupt) cut() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.partial
}

// ending reports whether the program is about to end by itself: not where a write waits for a
// reader that takes nothing.
func (i *interrupt) ending(now time.Time) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	for begun := range i.writing {
		if now.Sub(*begun) >= grace {
			return false
		}
	}
	return i.sections > 0 || i.partial
}

// watched is standard output or standard error, whose reader may stop to read.
type watched struct {
	*interrupt
	to     io.Writer
	answer bool
}

func (w *watched) Write(p []byte) (int, error) {
	begun := time.Now()
	w.mu.Lock()
	w.writing[&begun] = true
	w.began = w.began || w.answer
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.writing, &begun)
	}()
	return w.to.Write(p)
}

// noResult is what is known before a command has an answer.
const noResult = "no result yet"

// interrupted returns the error of an interrupt for one of a context that has ended.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		if _, said := errors.AsType[*Failure](err); !said {
			return Interruptedf(noResult)
		}
	}
	return err
}

// input is standard input until an interrupt, also where no data comes.
type input struct {
	ctx  context.Context
	from io.Reader
	data []byte // read and not yet taken
	err  error
	next chan chunk // of a read in progress
	wait func()     // for that read
}

// chunk is what one read returned.
type chunk struct {
	data []byte
	err  error
}

func (r *input) Read(p []byte) (int, error) {
	if len(r.data) == 0 && r.err == nil {
		if r.next == nil {
			next := make(chan chunk, 1)
			r.next, r.wait = next, parallel.Go(func() {
				defer close(next)
				data := make([]byte, 1<<16)
				n, err := r.from.Read(data)
				next <- chunk{data[:n], err}
			})
		}
		select {
		case <-r.ctx.Done():
			return 0, r.ctx.Err()
		case c := <-r.next:
			r.wait()
			r.data, r.err, r.next = c.data, c.err, nil
		}
	}
	if len(r.data) == 0 {
		return 0, r.err
	}
	n := copy(p, r.data)
	r.data = r.data[n:]
	return n, nil
}
