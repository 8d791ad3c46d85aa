// Package bank is the kit of a simulated bank: a server on a free loopback port
// over TLS, a ledger of the money that it moved, and scripts that make it
// misbehave in every way that costs money in real life.
//
// A bank on this kit says which requests it takes ([Route]), checks them strictly
// ([Schema]), and hands what it understood to [Call.Create], [Call.Find] or, from a
// page that somebody opens or sends in, [Call.Change], with a function that writes a
// [Statement] in the bank's own words. The kit does the rest: it keeps the orders, moves
// the money, records the requests and spoils the answers.
//
// # Misbehaviour
//
// A [Script] has two halves that know nothing of each other: what the bank does
// ([Act]) and what its client gets to see of it ([Reply]).
//
//	s.Script(bank.Script{Reference: "p-1", Operation: bank.Create, Reply: bank.Lost()})
//
// pays p-1 and then cuts the connection without a byte of answer. With Act:
// bank.Nothing() the same would lose the request instead.
//
// A bank simulated here is stricter than the real one: unknown fields, fields given
// twice and bytes after the end are refused. Card numbers are kept masked only;
// what was sent as a password is kept nowhere.
//
// Time and randomness come in by [Config]. The pauses of [Drip] and of whoever waits
// pass by package time, which testing/synctest replaces; there give [Config.Listener]
// a listener in memory.
package bank
