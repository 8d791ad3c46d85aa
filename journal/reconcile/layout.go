package reconcile

import (
	"time"
	"unicode/utf8"

	"github.com/payoutkit/payout"
)

// Layout says how a bank writes its statement: CSV by RFC 4180, with a header. Fields
// may have spaces around them; otherwise nothing is tolerated that is not said here.
// Lines that are empty, or hold delimiters only, are passed over.
type Layout struct {
	Columns Columns
	// Skip is how many lines stand before the header.
	Skip int
	// Delimiter stands between fields. 0: a comma.
	Delimiter rune
	// Unquoted: the bank quotes no field, and a quote is a letter like any other.
	Unquoted bool
	Charset  Charset

	// Currency is that of all rows, if there is no column for it.
	Currency payout.Currency
	// Currencies are the bank's own words for currencies, such as "RUR", besides the codes
	// and numbers of ISO 4217.
	Currencies map[string]payout.Currency
	// Minor: amounts are whole numbers of minor units. Otherwise they are in major units,
	// with a dot, or a comma if DecimalComma.
	Minor, DecimalComma bool
	// Group stands between groups of three digits before the decimals, as in "1 500,00".
	// 0: nothing does.
	Group rune
	// Debits is how debits are told from credits. It is required with Columns.Amount.
	Debits Sign

	// TimeLayout is how times are written, as [time.Parse] has it, such as
	// "02.01.2006 15:04:05". Empty: [time.RFC3339].
	TimeLayout string
	// Zone is where the bank's clocks are, if its times do not say. Nil: UTC.
	Zone *time.Location
}

// Columns are the names of columns, as they stand in the header. Reference or ProviderID
// is required, and so are Time, and either Amount or Debit.
type Columns struct {
	// Reference is the reference at the bank: the orderNumber, the client_orderid.
	Reference string
	// ProviderID is the bank's own id. If there are references too, it is only compared.
	ProviderID string
	// Amount is of debits and credits both, told apart by Layout.Debits. Debit and Credit
	// are columns of their own, without signs, of which a row has one.
	Amount, Debit, Credit string
	Currency              string
	Time                  string
}

// Sign is how a column of amounts tells debits from credits.
type Sign uint8

const (
	_              Sign = iota
	DebitsNegative      // "-1500.00" has left the account
	DebitsPositive      // "1500.00" has left the account
)

// Charset is what the letters of a file are.
type Charset uint8

const (
	UTF8        Charset = iota // with a byte order mark or without
	Windows1251                // Cyrillic of Windows
)

// Check returns [payout.ErrInvalid] for a layout that can't be meant.
func (l Layout) Check() error {
	c := l.Columns
	var broken []payout.Violation
	must := func(ok bool, field, rule string) {
		if !ok {
			broken = append(broken, payout.Violation{Field: "layout." + field, Rule: rule})
		}
	}
	must(c.Reference != "" || c.ProviderID != "", "columns.reference", "is required, or provider_id")
	must(c.Time != "", "columns.time", "is required")
	must((c.Amount == "") != (c.Debit == ""), "columns.amount", "is required, or debit, and not both")
	must(c.Credit == "" || c.Debit != "", "columns.credit", "needs debit")
	must(c.Amount == "" || l.Debits == DebitsNegative || l.Debits == DebitsPositive, "debits", "is required: whether debits have a minus")
	must(c.Debit == "" || l.Debits == 0, "debits", "says nothing of columns of their own")
	must((c.Currency != "") != (l.Currency != 0), "columns.currency", "is required, or currency, and not both")
	must(l.Currency == 0 || l.Currency.Exponent() >= 0, "currency", "can't hold money")
	for _, currency := range l.Currencies {
		must(currency.Exponent() >= 0, "currencies", "can't hold money")
	}
	must(l.Skip >= 0, "skip", "must not be negative")
	must(l.Delimiter == 0 || l.Delimiter != '"' && l.Delimiter != '\r' && l.Delimiter != '\n' &&
		utf8.ValidRune(l.Delimiter) && l.Delimiter != utf8.RuneError, "delimiter", "can't be that")
	must(l.Charset <= Windows1251, "charset", "is not known")
	must(!l.Minor || !l.DecimalComma, "minor", "has no decimals")
	must(l.Group == 0 || (l.Minor || l.Group != l.decimal()) && l.Group != '-' && (l.Group < '0' || l.Group > '9'), "group", "can't be that")
	if broken != nil {
		return &payout.Error{Kind: payout.ErrInvalid, Violations: broken}
	}
	return nil
}

// decimal stands before decimals.
func (l Layout) decimal() rune {
	if l.DecimalComma {
		return ','
	}
	return '.'
}
