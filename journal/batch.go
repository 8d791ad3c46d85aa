package journal

// BatchRow is a row of a registry that was taken: so that the same amount to the same
// destination in another batch is noticed.
type BatchRow struct {
	// Key is the row's overlap key: a keyed hash of destination and amount.
	Key [32]byte
	// Reference is the payout's.
	Reference string
}
