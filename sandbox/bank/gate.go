package bank

import "sync"

// Gate holds a call until it is opened. A gate stays open. Use one for one or for
// many calls; its methods are safe for concurrent use.
type Gate struct {
	once sync.Once
	open chan struct{}
}

// NewGate returns a closed gate.
func NewGate() *Gate { return &Gate{open: make(chan struct{})} }

// Open lets everything through, now and later.
func (g *Gate) Open() { g.once.Do(func() { close(g.open) }) }

// hold returns true once the gate is open, false if one of ends came first. A missing
// gate is open.
func (g *Gate) hold(ends ...<-chan struct{}) bool {
	if g == nil {
		return true
	}
	var end [2]<-chan struct{}
	copy(end[:], ends)
	select {
	case <-g.open:
		return true
	case <-end[0]:
	case <-end[1]:
	}
	return false
}
