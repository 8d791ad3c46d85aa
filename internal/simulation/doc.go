// Package simulation lives through histories of a dispatcher: banks, workers that crash,
// a platform that submits, an operator that interferes, and a journal, all of it decided
// by a string of choices. The same choices, the same history. The banks' ledgers are the
// judge of it.
//
// The journal is given: a test of each runs the same histories on it.
package simulation
