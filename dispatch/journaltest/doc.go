// Package journaltest is what every [dispatch.Journal] has to prove. The test of a
// journal is a few lines:
//
//	func TestJournal(t *testing.T) {
//		journaltest.Run(t, func(t *testing.T) dispatch.Journal { return dispatch.NewMemory() })
//	}
//
// Each case has a journal of its own. A case is a function that returns an error, so
// that it can run outside of go test too: see [Cases].
package journaltest
