package dispatch

import (
	"cmp"
	"container/heap"
	"slices"
	"time"
)

// dueHeap holds when entries become due. An item of an entry that has moved on
// stays until it comes up, and is dropped then.
type dueHeap struct{ items dueItems }

type dueItem struct {
	at        time.Time
	reference string
	version   int64
}

func (h *dueHeap) push(e Entry) {
	if !e.Due.IsZero() {
		heap.Push(&h.items, dueItem{e.Due, e.Reference, e.Version})
	}
}

// until returns what is due at a time. It stays in the heap until its entry moves on.
func (h *dueHeap) until(now time.Time, limit int, entries map[string]Entry) []Due {
	var popped []dueItem
	var out []Due
	for len(h.items) > 0 && len(out) < limit && !h.items[0].at.After(now) {
		item, ok := heap.Pop(&h.items).(dueItem)
		if e := entries[item.reference]; ok && e.Version == item.version {
			popped = append(popped, item)
			out = append(out, Due{Reference: item.reference, At: item.at})
		}
	}
	for _, item := range popped {
		heap.Push(&h.items, item)
	}
	slices.SortStableFunc(out, func(a, b Due) int {
		return cmp.Compare(unknownFirst(entries[a.Reference]), unknownFirst(entries[b.Reference]))
	})
	return out
}

func unknownFirst(e Entry) int {
	if e.State == StateUnknown || e.State == StateSending {
		return 0
	}
	return 1
}

type dueItems []dueItem

func (d dueItems) Len() int           { return len(d) }
func (d dueItems) Less(i, j int) bool { return d[i].at.Before(d[j].at) }
func (d dueItems) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }
func (d *dueItems) Push(x any) {
	if item, ok := x.(dueItem); ok {
		*d = append(*d, item)
	}
}

func (d *dueItems) Pop() any {
	all := *d
	last := all[len(all)-1]
	*d = all[:len(all)-1]
	return last
}
