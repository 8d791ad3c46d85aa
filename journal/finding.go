package journal

// Finding is something wrong with a journal, see the method Verify of journals.
type Finding struct {
	// Check says what was looked at, in a word or two that don't change.
	Check string `json:"check"`
	// About is a payout's reference, or that of something else; "": the whole journal.
	About string `json:"about,omitempty"`
	// Says is what is wrong, for people. Nothing personal is in it.
	Says string `json:"says"`
}
