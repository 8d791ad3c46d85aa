package payout

// Destination is where a payout goes: a card, an account, a phone number. It is a
// [Record], and the set is open: a package that adds a bank may bring destinations
// of its own, and everything that works from the declaration works for them.
//
// A provider lists the kinds that it pays to in [Info.Destinations]. Destinations
// are values, comparable with ==.
type Destination interface{ Record }

// Card is a payment card, by its number.
type Card struct {
	Number Secret // 12 to 19 digits, no spaces
	Holder Secret // as printed on the card; optional
	Expiry Secret // "2034-12"; optional
}

var cardKind = NewKind("card", "a payment card, by its number",
	Hidden(Field{Name: "number", Doc: "card number: 12 to 19 digits", Required: true, Check: checkCardNumber, Mask: MaskCardNumber},
		func(c *Card) *Secret { return &c.Number }),
	Hidden(Field{Name: "holder", Doc: "name printed on the card", Max: 128},
		func(c *Card) *Secret { return &c.Holder }),
	Hidden(Field{Name: "expiry", Doc: "last month of validity, YYYY-MM", Check: checkMonth},
		func(c *Card) *Secret { return &c.Expiry }),
)

// Kind implements [Record].
func (Card) Kind() Kind { return cardKind }

// SavedCard is a recipient's card that the bank keeps, by the bank's identifier: a
// binding (all2pay:336), a recurring payment id (connpay:178).
type SavedCard struct {
	ID string
}

var savedCardKind = NewKind("saved_card", "a card that the bank keeps, by the bank's identifier",
	Text(Field{Name: "id", Doc: "the bank's identifier", Required: true, Mask: maskID},
		func(c *SavedCard) *string { return &c.ID }),
)

// Kind implements [Record].
func (SavedCard) Kind() Kind { return savedCardKind }

// EncryptedCard is a card number that only the bank can read: a seToken
// (all2pay:340). It is bound to one reference and to a time.
type EncryptedCard struct {
	Token Secret
}

var encryptedCardKind = NewKind("encrypted_card", "a card encrypted for the bank, bound to one reference",
	Hidden(Field{Name: "token", Doc: "the encrypted card data", Required: true, Max: 4096},
		func(c *EncryptedCard) *Secret { return &c.Token }),
)

// Kind implements [Record].
func (EncryptedCard) Kind() Kind { return encryptedCardKind }

// SBP is a recipient in Russia's System of Fast Payments: a phone number and the
// bank that keeps the account, with the name that the bank compares
// (all2pay:343-353).
type SBP struct {
	Phone      Secret // a Russian mobile number, in any usual way of writing
	BankID     string // the bank's number in SBP: 12 digits that begin with 1
	LastName   Secret // in Cyrillic letters
	FirstName  Secret // in Cyrillic letters
	MiddleName Secret // in Cyrillic letters; only if the person has one
}

var sbpKind = NewKind("sbp", "a phone number in Russia's System of Fast Payments",
	Hidden(Field{Name: "phone", Doc: "Russian mobile number", Required: true, Max: 32, Mask: maskPhone},
		func(s *SBP) *Secret { return &s.Phone }),
	Text(Field{Name: "bank_id", Doc: "bank's number in SBP: 12 digits that begin with 1", Required: true, Check: checkSBPBank},
		func(s *SBP) *string { return &s.BankID }),
	Hidden(Field{Name: "last_name", Doc: "last name, Cyrillic", Required: true},
		func(s *SBP) *Secret { return &s.LastName }),
	Hidden(Field{Name: "first_name", Doc: "first name, Cyrillic", Required: true},
		func(s *SBP) *Secret { return &s.FirstName }),
	Hidden(Field{Name: "middle_name", Doc: "middle name, Cyrillic, if the person has one"},
		func(s *SBP) *Secret { return &s.MiddleName }),
)

// Kind implements [Record].
func (SBP) Kind() Kind { return sbpKind }

// BankAccount is an account at a bank. Which of the fields beside the number are
// needed depends on the country and the provider.
type BankAccount struct {
	Number        Secret // account number or IBAN
	Name          Secret // the account's name
	BankName      string
	BankBranch    string
	BankCode      string
	BIC           string
	RoutingNumber string
	BankCity      string
	BankAddress   string
	BankZIP       string
	BankProvince  string
	BankArea      string
}

var bankAccountKind = NewKind("bank_account", "an account at a bank",
	Hidden(Field{Name: "number", Doc: "account number or IBAN", Required: true, Mask: maskAccount},
		func(a *BankAccount) *Secret { return &a.Number }),
	Hidden(Field{Name: "name", Doc: "name of the account"},
		func(a *BankAccount) *Secret { return &a.Name }),
	Text(Field{Name: "bank_name", Doc: "name of the bank"},
		func(a *BankAccount) *string { return &a.BankName }),
	Text(Field{Name: "bank_branch", Doc: "name of the branch"},
		func(a *BankAccount) *string { return &a.BankBranch }),
	Text(Field{Name: "bank_code", Doc: "national code of the bank"},
		func(a *BankAccount) *string { return &a.BankCode }),
	Text(Field{Name: "bic", Doc: "BIC (SWIFT code) of the bank"},
		func(a *BankAccount) *string { return &a.BIC }),
	Text(Field{Name: "routing_number", Doc: "routing number of the branch"},
		func(a *BankAccount) *string { return &a.RoutingNumber }),
	Text(Field{Name: "bank_city", Doc: "city of the bank"},
		func(a *BankAccount) *string { return &a.BankCity }),
	Text(Field{Name: "bank_address", Doc: "address of the bank"},
		func(a *BankAccount) *string { return &a.BankAddress }),
	Text(Field{Name: "bank_zip", Doc: "postal code of the bank"},
		func(a *BankAccount) *string { return &a.BankZIP }),
	Text(Field{Name: "bank_province", Doc: "province of the bank"},
		func(a *BankAccount) *string { return &a.BankProvince }),
	Text(Field{Name: "bank_area", Doc: "area of the bank"},
		func(a *BankAccount) *string { return &a.BankArea }),
)

// Kind implements [Record].
func (BankAccount) Kind() Kind { return bankAccountKind }

// Wallet is an electronic wallet (connpay:82-87).
type Wallet struct {
	System string // the wallet's type, in the provider's words
	ID     Secret
}

var walletKind = NewKind("wallet", "an electronic wallet",
	Text(Field{Name: "system", Doc: "type of the wallet, in the provider's words", Required: true, Mask: CleanCode},
		func(w *Wallet) *string { return &w.System }),
	Hidden(Field{Name: "id", Doc: "the wallet's identifier", Required: true, Mask: maskAccount},
		func(w *Wallet) *Secret { return &w.ID }),
)

// Kind implements [Record].
func (Wallet) Kind() Kind { return walletKind }

// CryptoWallet is a wallet for crypto-assets, by its address (connpay:88).
type CryptoWallet struct {
	Address Secret
}

var cryptoWalletKind = NewKind("crypto_wallet", "a wallet for crypto-assets",
	Hidden(Field{Name: "address", Doc: "the wallet's address", Required: true, Mask: maskAccount},
		func(w *CryptoWallet) *Secret { return &w.Address }),
)

// Kind implements [Record].
func (CryptoWallet) Kind() Kind { return cryptoWalletKind }

// HostedPage has the recipient enter the details on the bank's own page: the
// platform never sees a card number. Create then answers ActionRequired with the
// page's address in [Payout.Action].
type HostedPage struct{}

var hostedPageKind = NewKind[HostedPage]("hosted_page", "the recipient enters the details on the bank's page")

// Kind implements [Record].
func (HostedPage) Kind() Kind { return hostedPageKind }

// Kinds returns the declarations of the destinations of this package.
func Kinds() []Kind {
	return []Kind{cardKind, savedCardKind, encryptedCardKind, sbpKind, bankAccountKind, walletKind, cryptoWalletKind, hostedPageKind}
}
