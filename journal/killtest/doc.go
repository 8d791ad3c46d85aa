// Package killtest is a proof, and has no code of its own: a process that pays out
// through the simulated banks is killed with SIGKILL again and again, wherever it is, and
// started again on the same journal and the same list of payouts. Nothing that it has
// acknowledged may be lost, and no payout may be paid twice by the banks' own ledgers.
//
//	go test ./journal/killtest                # 50 kills for each journal
//	go test ./journal/killtest -kills 1000 -timeout 2h
//	go test ./journal/killtest -seed 7        # other faults, and other moments
package killtest
