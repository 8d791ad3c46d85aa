// Package provider is the kit that adapters are made with: HTTP that knows what a
// failure proves about money, wire types that take what banks really send, and
// private keys that can't be printed.
//
// An adapter keeps to this order: check the request and return [Invalid] with every
// broken rule; build the body; [HTTP.Open] once, [Link.Do] once for each call;
// class what came back by the bank's tables; and for whatever is in no table,
// [Answer.Unknown].
package provider
