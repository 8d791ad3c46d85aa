package dispatch

import (
	"container/heap"
	"time"
)

// agenda holds when entries become due: a heap in which each knows its place.
type agenda struct {
	items []Due
	place map[string]int
}

func (a *agenda) Len() int           { return len(a.items) }
func (a *agenda) Less(i, j int) bool { return a.items[i].before(a.items[j]) }
func (a *agenda) Swap(i, j int) {
	a.items[i], a.items[j] = a.items[j], a.items[i]
	a.place[a.items[i].Reference], a.place[a.items[j].Reference] = i, j
}

func (a *agenda) Push(x any) {
	d, _ := x.(Due)
	a.place[d.Reference] = len(a.items)
	a.items = append(a.items, d)
}

func (a *agenda) Pop() any {
	last := a.items[len(a.items)-1]
	a.items = a.items[:len(a.items)-1]
	delete(a.place, last.Reference)
	return last
}

func (d Due) before(other Due) bool {
	return d.At.Before(other.At) || d.At.Equal(other.At) && d.Reference < other.Reference
}

// set puts an entry where it belongs; a zero time: nowhere.
func (a *agenda) set(reference string, at time.Time) {
	if a.place == nil {
		a.place = map[string]int{}
	}
	n, there := a.place[reference]
	switch {
	case at.IsZero() && there:
		heap.Remove(a, n)
	case at.IsZero():
	case there:
		a.items[n].At = at
		heap.Fix(a, n)
	default:
		heap.Push(a, Due{Reference: reference, At: at})
	}
}

// until appends what is due at a time, the longest due first, until there are limit.
func (a *agenda) until(now time.Time, limit int, out []Due) []Due {
	next := frontier{agenda: a}
	if len(a.items) > 0 {
		next.places = append(next.places, 0)
	}
	for len(next.places) > 0 && len(out) < limit && !a.items[next.places[0]].At.After(now) {
		n := next.places[0]
		out = append(out, a.items[n])
		heap.Pop(&next)
		for child := 2*n + 1; child <= 2*n+2 && child < len(a.items); child++ {
			heap.Push(&next, child)
		}
	}
	return out
}

// frontier are the places in a heap whose parents have been visited.
type frontier struct {
	*agenda
	places []int
}

func (f *frontier) Len() int           { return len(f.places) }
func (f *frontier) Less(i, j int) bool { return f.items[f.places[i]].before(f.items[f.places[j]]) }
func (f *frontier) Swap(i, j int)      { f.places[i], f.places[j] = f.places[j], f.places[i] }
func (f *frontier) Push(x any) {
	n, _ := x.(int)
	f.places = append(f.places, n)
}

func (f *frontier) Pop() any {
	last := f.places[len(f.places)-1]
	f.places = f.places[:len(f.places)-1]
	return last
}
