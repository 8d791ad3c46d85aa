// Package batch reads registries: files of payouts, one a row.
//
//	report, err := batch.Check(ctx, file, size, batch.Checking{Options: options}) // nothing is sent
//	// Show the report: wrong rows, totals by currency, rows that overlap earlier batches.
//	reader, err := report.Reader()
//	for row, err := reader.Next(); ...  // what may be sent
//
// [Check] reads a whole file before anything is done with it, and holds a few bytes of
// each row. [Open] and [NewReader] read a file row by row. Nothing in a row is
// trimmed, rounded or guessed. A row that breaks a rule is returned with what is wrong
// in which column, and the next one is read. Rows that hold nothing are no rows.
//
// # Formats
//
// A file is CSV, separated by commas or semicolons (its header tells), in UTF-8 with
// or without a mark, or in Windows-1251 if that is said; or it is XLSX. Columns may
// stand in any order, and those that no row needs may be missing. The library's own
// columns are
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
// ([payout.Kind]), so a stranger's rail has columns as soon as it has a kind. The other
// columns that are known are those of the template of the banks' portal
// (all2pay:93-94), creditPan,currency,amount,name: cards, amounts in minor units, and
// a name that becomes the description.
//
// # References
//
// They are in a column, in which two that differ in case alone count as the same,
// since banks may take them for one. Where there is no such column, they are derived:
// an HMAC under [Options.Key] over the batch's id ([Options.Batch]), everything that
// the row says, and how many rows before it say the same. They do not depend on where
// the row stands, on the order of columns, on the format of the file or on how an
// amount is written; so a file that was sorted, saved again or made longer asks for
// the same payouts under the same references, and pays nobody twice.
//
// Another content is another payout: a row that was corrected gets another reference,
// and the other rows keep theirs. That is what is meant where the row had not been
// paid. Where it had, it would be paid twice. So rows are held against what earlier
// runs have taken, this batch's included ([Earlier], [Overlap]): a row that pays the
// same amount to the same destination as a payout that the file does not have is shown
// to a person first; and so is a new row to a destination for which the same batch has
// taken a payout that the file does not have any more, whatever the amount was. What the
// library can't see is a correction of the destination itself after the payout.
//
// A row whose own reference stands for another payout is wrong ([Standing]): nothing can
// be sent under it. What stands as the row says is counted ([Report].UnderWay), so that
// whoever confirms a file sees what is new.
//
// Two rows that say the same are two payouts, whether their references are derived or not;
// [Report].Repeating names them.
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
// # Spreadsheets
//
// They round numbers to 15 digits, drop zeros before them, and show long ones as
// 4.11111E+15. So in XLSX only the amount may be a number; a formula, a date and a row
// that is hidden are refused. In CSV the harm is done before: a number in scientific
// notation is refused anywhere, and a card number that ends in 0 where a spreadsheet
// rounds is refused if the check digit shows that any number of the file was rounded.
//
// An XLSX file is read as a stream, and nothing of it is written to disk. Only its
// table of shared strings is held in memory, up to 64 MB.
//
// # Secrets
//
// The text of no error holds anything from a row: an error may be logged, and a row
// holds card numbers and names. [Problem].Masked is what may be shown of a value.
// A card number that stands in another column than its own is refused.
package batch
