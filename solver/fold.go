package solver

import (
	"budget/model"
	"budget/solver/estimate"
)

// folding turns a ledger into the mean weights of its nets: at every time it adds the
// thresholds' ends, then what the hazards of the step take up to the next. The nets go
// side by side, with the same operations whether they are numbers or a vector.
type folding struct {
	ledger *ledger
	means  []laneMeans // by series and duration
	times  int         // durations of a series
	offset int         // index of the time of the first duration
	first  int         // duration that is booked first
	last   int         // index of the last time at which anything happens
	series []int       // the causes that may take anything

	phi                   []float64
	classes               []foldedClass
	base, errorBase, stop float64
	counted               [slotSum]bool // causes that the sum counts

	scale   [lanes]float64 // one over the weight of a net; 0 for a net without paths
	refused [lanes]float64
}

// foldedClass is a hazard class that paths are in, from a step on.
type foldedClass struct {
	entered          []amounts
	from             int
	exposed, resign  []float64
	keep             float64 // what a step leaves
	thermal, battery float64
	held             [lanes]float64 // Σ E of the paths that are in it
}

// laneMeans gather the means of nets side by side as estimate.BlockMeans do: each lane
// is one.
type laneMeans struct{ sum, high, low [lanes]float64 }

// prepare readies the folding of ledgers under some endings in a view up to the time
// with index last, from the first-th duration on.
func (f *folding) prepare(e *endings, table *survivalTable, v View, first, last int) {
	times := e.steps - e.first + 1
	if len(f.means) != slots*times {
		f.means = make([]laneMeans, slots*times)
	} else {
		clear(f.means)
	}
	f.times, f.offset, f.first, f.last = times, e.first, first, last
	f.phi = table.phi
	f.base, f.errorBase, f.stop = float64(e.policy.SuppressBase), float64(e.policy.ErrorBase), table.stop
	f.counted = e.counted(v)
	f.series = f.series[:0]
	for cause := range slotSum {
		if model.Cause(cause) != model.Stopped || f.stop > 0 {
			f.series = append(f.series, cause)
		}
	}
}

// open takes a ledger for folding.
func (f *folding) open(l *ledger, e *endings, table *survivalTable) {
	f.ledger = l
	for n, weight := range l.weight {
		f.scale[n] = 0
		if weight > 0 {
			f.scale[n] = 1 / float64(weight)
		}
		f.refused[n] = float64(l.refused[n]) * f.scale[n]
	}
	f.classes = f.classes[:0]
	for c, entered := range l.entered {
		if entered.from < entered.to {
			f.classes = append(f.classes, foldedClass{entered.at, entered.from, table.exposed[c], table.resign[c], e.keep[c][1],
				e.classes[c].thermal, e.classes[c].battery, [lanes]float64{}})
		}
	}
}

// foldPortable folds a ledger number by number.
func foldPortable(f *folding) {
	var cum [slotSum][lanes]float64
	cum[model.Refused] = f.refused
	for k := 0; ; k++ {
		for i, cause := range thresholds {
			if ended := &f.ledger.ended[i]; k >= ended.from && k < ended.to {
				for n := range lanes {
					cum[cause][n] += float64(float64(float64(ended.at[k][n])*f.scale[n]) * f.phi[k])
				}
			}
		}
		if i := k - f.offset; i >= f.first {
			var sum [lanes]float64
			for _, slot := range f.series {
				m := &f.means[slot*f.times+i]
				for n, x := range cum[slot] {
					m.add(n, x)
					if f.counted[slot] {
						sum[n] += x
					}
				}
			}
			m := &f.means[slotSum*f.times+i]
			for n, x := range sum {
				m.add(n, x)
			}
		}
		if k == f.last {
			return
		}
		var exposed, resigned, thermal, battery [lanes]float64
		for c := range f.classes {
			class := &f.classes[c]
			if k < class.from {
				continue
			}
			entered, j, r := &class.entered[k], class.exposed[k], class.resign[k]
			for n := range lanes {
				held := float64(class.held[n]*class.keep) + float64(float64(entered[n])*f.scale[n])
				class.held[n] = held
				x := float64(held * j)
				exposed[n] += x
				thermal[n] += float64(class.thermal * x)
				battery[n] += float64(class.battery * x)
				resigned[n] += float64(held * r)
			}
		}
		for n := range lanes {
			cum[model.Resigned][n] += resigned[n]
			cum[model.SuppressedThermal][n] += thermal[n]
			cum[model.SuppressedBattery][n] += battery[n]
			cum[model.SuppressedOther][n] += float64(f.base * exposed[n])
			cum[model.Errored][n] += float64(f.errorBase * exposed[n])
			cum[model.Stopped][n] += float64(f.stop * exposed[n])
		}
	}
}

// add adds a mean to a lane.
func (m *laneMeans) add(n int, x float64) {
	b := estimate.BlockMeans{Sum: m.sum[n], High: m.high[n], Low: m.low[n]}
	b.Add(min(max(x, 0), 1))
	m.sum[n], m.high[n], m.low[n] = b.Sum, b.High, b.Low
}

// into adds all lanes to a tally, up to the duration that ends at the time with index
// end. After the last time at which anything happens, all stays as it is.
func (f *folding) into(t *Tally, end int) {
	last := max(f.last-f.offset, f.first)
	for slot := range slots {
		var all estimate.BlockMeans
		for i := f.first; i <= end-f.offset; i++ {
			if i <= last {
				m := &f.means[slot*f.times+i]
				all = estimate.BlockMeans{}
				for n := range lanes {
					all.Sum += m.sum[n]
					all.High += m.high[n]
					all.Low += m.low[n]
				}
			}
			t.means[t.at(slot, i)].Merge(all)
		}
	}
}
