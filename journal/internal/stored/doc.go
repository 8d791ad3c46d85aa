// Package stored is how payouts are written down, the same in every database: columns
// for what is searched and compared, and a document in JSON for the rest. Names in
// documents are never given another meaning; a field that is new has a zero value that
// old documents mean.
//
// Times are microseconds since 1970 in UTC, 0 for none.
package stored
