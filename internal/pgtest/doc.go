// Package pgtest starts PostgreSQL for tests: Debian's binaries, in a temporary folder,
// reached through a socket in that folder and nothing else. Durability is on, as a
// journal wants it.
//
// The tests of a package share one server, and each takes a database of its own from it:
//
//	func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main(m)) }
//
//	func TestJournal(t *testing.T) {
//		url := pgtest.Database(t, execute)
//		...
//	}
//
// A test that stops its server has one of its own, see [Start]. Where there are no
// binaries, the environment variable PAYOUT_TEST_POSTGRES may name a server, as a URL
// of a database and of a role that may create others; without either the tests skip.
package pgtest
