// Package batch reads registries: files of payouts, one a row.
//
// The library's own format is CSV with a header, in UTF-8, with commas. Columns may
// stand in any order, and those that no row needs may be missing:
//
//	reference    the platform's own unique id of the payout
//	amount       major units with a dot, such as 1500.00
//	currency     three letters
//	destination  the kind: card, sbp, bank_account, ...
//	KIND.FIELD   the destination's fields, such as card.number, sbp.phone
//	recipient.FIELD   the person: recipient.name, recipient.phone, ...
//	source       the bank's id of a card to pay from
//	description, language, return_url, fail_url, callback_url
//	metadata.NAME
//
// Kinds and fields are not listed here: they are what the kinds declare
// ([payout.Kind]), so a stranger's rail has columns as soon as it has a kind.
//
// Nothing in a row is trimmed, rounded or guessed. A row that breaks a rule is
// returned with what is wrong in which column, and the next one is read. Empty
// lines, and lines of nothing but commas, are no rows. References that differ in
// case alone count as the same, since banks may take them for one.
//
// # A row is one line
//
// A field can't hold a line break, though CSV allows it in quotes. So a quoted field
// that has no end on its line is an error, and it ends the registry: the lines after
// it may be rows, or they may be a text that somebody else wrote and that looks like
// rows. The error says which lines were not read; nothing in them may be paid.
//
// For the same reason the last line has to end in a line break: of a file that was
// cut off, the last row may hold a shorter amount or another reference than was
// meant.
//
// # Secrets
//
// No error holds anything from a row: an error may be logged, and a row holds card
// numbers and names.
package batch
