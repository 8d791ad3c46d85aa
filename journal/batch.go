package journal

// BatchRow is a row of a registry that was taken: so that the same amount to the same
// destination in another batch is noticed, and another one to the same destination in the
// same batch.
type BatchRow struct {
	// Key is one of the row's keys: a keyed hash of destination and amount, of destination
	// and batch, or of the batch alone.
	Key [32]byte
	// Reference is the payout's.
	Reference string
}
