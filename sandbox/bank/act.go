package bank

import "slices"

// State is how far an order has come, as the bank says it.
type State uint8

// The states of an order.
const (
	Registered State = iota + 1 // known to the bank, nothing begun
	Pending                     // under way
	Paid                        // done
	Declined                    // final, not paid
	Returned                    // paid, and the money came back
)

// Turn is one stage of an order.
type Turn struct {
	State State
	// Code is the bank's own code for it, such as the reason of a decline.
	Code string
	// Word is a status word that the bank uses instead of the one it has for State.
	Word string
	// Moves: the money moves here, if it has not yet. It always does at Paid.
	Moves bool
}

// Act is what a bank does with an order: its turns. The first stands from the start
// and is what the answer to Create tells; each status call goes one further and then
// tells; the last one stays. The zero Act is what the bank does by itself.
type Act struct {
	Turns []Turn
	// Ignore: nothing happens. The order is not even registered.
	Ignore bool
}

// Pay moves the money and says so.
func Pay() Act { return Act{Turns: []Turn{{State: Paid}}} }

// Decline moves nothing and says so, with the bank's own code; "" is the bank's
// general one.
func Decline(code string) Act { return Act{Turns: []Turn{{State: Declined, Code: code}}} }

// Pend says "under way" to Create and to the next n status calls. Go on with
// [Act.Then]; without, it stays so.
func Pend(n int) Act {
	return Act{Turns: slices.Repeat([]Turn{{State: Pending}}, max(n, 0)+1)}
}

// PendPaid is Pend, but the money moves at once: the bank is slow to say so.
func PendPaid(n int) Act {
	a := Pend(n)
	a.Turns[0].Moves = true
	return a
}

// Return is money that came back.
func Return() Act { return Act{Turns: []Turn{{State: Returned}}} }

// Say is one turn with a status word of your choice, in the given state.
func Say(state State, word string) Act { return Act{Turns: []Turn{{State: state, Word: word}}} }

// Nothing is a bank that does nothing at all. Unless the Script has a Reply, the
// connection is cut without an answer.
func Nothing() Act { return Act{Ignore: true} }

// Then returns the turns of a followed by those of next.
func (a Act) Then(next Act) Act {
	return Act{Turns: slices.Concat(a.Turns, next.Turns), Ignore: a.Ignore}
}

func (a Act) isZero() bool { return len(a.Turns) == 0 && !a.Ignore }
