package texttab

import "slices"

// fold spreads the columns over as few blocks as it can. Of layouts with as many blocks it
// takes one that wraps no cell, of these one with the most in the first block, and of these
// the one with the lowest titles.
func (l *layout) fold() []block {
	var best []block
	for _, wrap := range []bool{false, true} {
		few := len(best)
		for lines := 1; lines <= maxTitleLines; lines++ {
			widths := l.widths(lines)
			least := widths
			if wrap {
				least = l.least(widths, false)
			}
			blocks := l.pack(widths, least)
			fewer := best == nil || len(blocks) < len(best)
			fuller := len(blocks) == len(best) && len(best) != few && count(blocks[0]) > count(best[0])
			if fewer || fuller {
				best = blocks
			}
		}
	}
	for _, b := range best { // of a block of one column all may be wrapped
		b.narrow(l.width, l.least(b.widths, true))
	}
	return best
}

// block is a part of the table's columns with the widths of all.
type block struct {
	shown  []bool
	widths []int
}

// between returns the width of the block's columns from first up to but not including end,
// with the gaps between them.
func (b *block) between(first, end int) int {
	var widths []int
	for i := first; i < end; i++ {
		if b.shown[i] {
			widths = append(widths, b.widths[i])
		}
	}
	return max(total(widths), 0)
}

func (b *block) total() int { return b.between(0, len(b.shown)) }

// narrow takes width from the widest of the columns that are wider than least, until the
// block fits or there is none left.
func (b *block) narrow(width int, least []int) {
	for over := b.total() - width; over > 0; over-- {
		widest := -1
		for i, shown := range b.shown {
			if shown && b.widths[i] > least[i] && (widest < 0 || b.widths[i] >= b.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		b.widths[widest]--
	}
}

// count returns the number of columns in a block.
func count(b block) (n int) {
	for _, shown := range b.shown {
		if shown {
			n++
		}
	}
	return n
}

// pack fills blocks with columns in their order, as many as fit with the least widths, and
// gives them the widths that there is room for.
func (l *layout) pack(widths, least []int) []block {
	groups := l.groups()
	keys, others := groups[0], groups[1:]
	begin := func(widths []int) block {
		b := block{make([]bool, len(widths)), slices.Clone(widths)}
		b.show(keys)
		return b
	}
	var blocks []block
	for len(others) > 0 || blocks == nil {
		narrowest, n := begin(least), 0
		for ; n < len(others); n++ {
			narrowest.show(others[n])
			if n > 0 && narrowest.total() > l.width {
				break
			}
		}
		b := begin(widths)
		for _, g := range others[:n] {
			b.show(g)
		}
		b.narrow(l.width, least)
		blocks, others = append(blocks, b), others[n:]
	}
	return blocks
}

// group is a range of columns, [first, end).
type group struct{ first, end int }

func (b *block) show(g group) {
	for i := g.first; i < g.end; i++ {
		b.shown[i] = true
	}
}

// groups divides the columns into those that stay together: the keys, which are the first
// group, and those that a title or a cell spans.
func (l *layout) groups() []group {
	joined := make([]bool, len(l.table.Columns)) // to the column before
	join := func(first, end int, _ Cell) {
		for i := first + 1; i < end; i++ {
			joined[i] = true
		}
	}
	join(0, min(max(l.table.Keys, 1), len(joined)), Cell{})
	l.each(l.titles(), join)
	for _, r := range l.table.rows {
		l.each(r.cells, join)
	}
	groups := []group{{0, 1}}
	for i := 1; i < len(joined); i++ {
		if joined[i] {
			groups[len(groups)-1].end = i + 1
		} else {
			groups = append(groups, group{i, i + 1})
		}
	}
	return groups
}
