// Package drivertest is what every driver of payouts has to prove. A driver decides when
// [dispatch.Dispatcher.Step] is called, and nothing else: that no payout is paid twice is
// the journal's to see to. A driver's part is that none is forgotten, that each is come
// back to in time, that it can be stopped, and that several of them share the work.
//
// The test of a driver is a few lines. That of the embedded loop, on a journal in memory:
//
//	func TestDriver(t *testing.T) {
//		drivertest.Run(t, func(*testing.T) drivertest.Place { return drivertest.OnJournal(dispatch.NewMemory()) })
//	}
//
// Each case has a place of its own, with banks in memory that pay twice if they are asked
// twice, and whose books are the judge. Time is real, so that drivers with databases and
// sockets can take the suite; the cases run beside each other, and mostly wait.
//
// Calling Step too early, too often, or for what is done is no mistake: it does no harm,
// and the suite passes a driver that does nothing but that.
package drivertest
