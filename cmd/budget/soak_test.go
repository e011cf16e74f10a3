//go:build unix

package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"budget/cmd/budget/internal/texttab"
)

var soakFor = flag.Duration("soak", 0, "time to attack all commands and all files; without it, some "+
	"are attacked once")

var soakFrom = flag.Uint64("soak-from", 0, "number of the first round of attacks: others than from 0")

// attack is a way to harm a program or its files, with what it may be tried on.
type attack struct {
	name  string
	often int // tries in a round of each target
	on    []target
}

// target is what an attack is tried on. try returns how it ended; an error says what was lost or
// believed.
type target struct {
	name string
	few  bool // it is attacked without -soak, too
	try  func(r *rand.Rand) (ending, error)
}

// ending is how a try ended, where nothing was lost or believed that should not be.
type ending int

const (
	idle     ending = iota // it came too late or changed nothing
	refused                // the damage was found and told
	survived               // the result is right
)

// figures count the tries of an attack.
type figures struct {
	by   [3]int // by ending
	lost int
}

// TestSoak attacks the program and its files in every way that it must survive: it is killed, has
// no room, runs twice at once; its files are damaged, by accident and on purpose. Nothing finished
// may be lost, nothing damaged believed, nothing left behind. It prints how often each was tried.
func TestSoak(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	attacks := []attack{b.kills(t), b.killedSweeps(t), b.fullDisks(t), b.flips(t), b.crafted(t),
		b.inputs(t), b.pairs(t), b.names(t)}
	counts := make([]figures, len(attacks))
	var mu sync.Mutex
	try := func(a int, x *target, i uint64) {
		how, err := x.try(rand.New(rand.NewPCG(uint64(a), i)))
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			counts[a].lost++
			t.Errorf("%s, %s, try %d: %v", attacks[a].name, x.name, i, err)
			return
		}
		counts[a].by[how]++
	}
	if *soakFor == 0 {
		for a := range attacks {
			for i := range attacks[a].on {
				if x := &attacks[a].on[i]; x.few {
					try(a, x, uint64(i))
				}
			}
		}
	} else {
		soak(attacks, try)
	}
	writeFigures(t.Output(), attacks, counts)
}

// soak tries all attacks on all targets in turn, until the time is over.
func soak(attacks []attack, try func(a int, x *target, i uint64)) {
	type turn struct {
		attack int
		on     *target
		i      uint64
	}
	turns := make(chan turn)
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for x := range turns {
				try(x.attack, x.on, x.i)
			}
		})
	}
	end := time.Now().Add(*soakFor)
	for round := *soakFrom; time.Now().Before(end); round++ {
		for a := range attacks {
			targets := attacks[a].on
			for j := range attacks[a].often * len(targets) {
				if time.Now().Before(end) {
					turns <- turn{a, &targets[j%len(targets)], round<<16 | uint64(j)}
				}
			}
		}
	}
	close(turns)
	group.Wait()
}

// writeFigures writes a table of the tries.
func writeFigures(w io.Writer, attacks []attack, counts []figures) {
	table := texttab.New("Attack", ">Tried", ">No effect", ">Detected", ">Survived",
		">Lost or believed")
	for a, c := range counts {
		table.Texts(attacks[a].name, fmt.Sprint(c.by[idle]+c.by[refused]+c.by[survived]+c.lost),
			fmt.Sprint(c.by[idle]), fmt.Sprint(c.by[refused]), fmt.Sprint(c.by[survived]),
			fmt.Sprint(c.lost))
	}
	table.Write(w, 120, false)
}
