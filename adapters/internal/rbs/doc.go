// Package rbs speaks the protocol of the Payout Module (RBS/BPC), API v2, which
// all2pay and Bereke Bank both run: same paths, same JSON, same errors. What
// differs between banks is data, in [Dialect].
//
// The parameters, statuses and errors are tables, in params.go, status.go and
// errors.go; the lines of the banks' documents are in the adapters' dialects. An outcome is
// classed by the pair (HTTP status, errorCode), never by a text: texts are
// localised, echo user names (all2pay:910) and hold Cyrillic look-alikes
// (bereke:577, 584).
package rbs
