package connpay

import (
	"net/url"
	"slices"
	"strings"
	"time"

	querystring "github.com/google/go-querystring/query"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// form is the body of a payout, by the names of connpay:18-183.
type form struct {
	ClientOrderID      string `url:"client_orderid"`
	Amount             string `url:"amount"`
	Currency           string `url:"currency"`
	OrderDesc          string `url:"order_desc,omitempty"`
	IPAddress          string `url:"ipaddress,omitempty"`
	Purpose            string `url:"purpose,omitempty"`
	ServerCallbackURL  string `url:"server_callback_url,omitempty"`
	RedirectURL        string `url:"redirect_url,omitempty"`
	RedirectSuccessURL string `url:"redirect_success_url,omitempty"`
	RedirectFailURL    string `url:"redirect_fail_url,omitempty"`

	CreditCardNumber       string `url:"credit_card_number,omitempty"`
	CardPrintedName        string `url:"card_printed_name,omitempty"`
	ExpireMonth            string `url:"expire_month,omitempty"`
	ExpireYear             string `url:"expire_year,omitempty"`
	CVV2                   string `url:"cvv2,omitempty"`
	CardRecurringPaymentID string `url:"card_recurring_payment_id,omitempty"`
	RecurringPaymentID     string `url:"recurring-payment-id,omitempty"`

	AccountNumber string `url:"account_number,omitempty"`
	AccountName   string `url:"account_name,omitempty"`
	BankName      string `url:"bank_name,omitempty"`
	BankBranch    string `url:"bank_branch,omitempty"`
	BankCode      string `url:"bank_code,omitempty"`
	BankCity      string `url:"bank_city,omitempty"`
	BankAddress1  string `url:"bank_address1,omitempty"`
	BankZIPCode   string `url:"bank_zip_code,omitempty"`
	BankProvince  string `url:"bank_province,omitempty"`
	BankArea      string `url:"bank_area,omitempty"`
	BankBIC       string `url:"bank_bic,omitempty"`
	RoutingNumber string `url:"routing_number,omitempty"`

	EWalletType         string `url:"ewallet_type,omitempty"`
	EWalletWallet       string `url:"ewallet_wallet,omitempty"`
	CryptoWalletAddress string `url:"crypto_wallet_address,omitempty"`

	LegalPersonName                string `url:"legal_person_name,omitempty"`
	LegalPersonDocumentNumber      string `url:"legal_person_document_number,omitempty"`
	ReceiverFirstName              string `url:"receiver_first_name,omitempty"`
	ReceiverLastName               string `url:"receiver_last_name,omitempty"`
	ReceiverBirthday               string `url:"receiver_birthday,omitempty"`
	ReceiverCountryCode            string `url:"receiver_country_code,omitempty"`
	ReceiverState                  string `url:"receiver_state,omitempty"`
	ReceiverCity                   string `url:"receiver_city,omitempty"`
	ReceiverZIPCode                string `url:"receiver_zip_code,omitempty"`
	ReceiverAddress1               string `url:"receiver_address1,omitempty"`
	ReceiverPhone                  string `url:"receiver_phone,omitempty"`
	ReceiverEmail                  string `url:"receiver_email,omitempty"`
	ReceiverIdentityDocumentID     string `url:"receiver_identity_document_id,omitempty"`
	ReceiverIdentityDocumentNumber string `url:"receiver_identity_document_number,omitempty"`
	ReceiverINN                    string `url:"receiver_inn,omitempty"`

	MerchantData               string `url:"merchant_data,omitempty"`
	CustomerLevel              string `url:"customer_level,omitempty"`
	CustomerID                 string `url:"customer_id,omitempty"`
	MerchantCustomerIdentifier string `url:"merchant_customer_identifier,omitempty"`
}

// form translates a request, or names every rule of the document that it breaks.
func (p *Provider) form(req payout.Request) (url.Values, error) {
	if to := req.Destination; to == nil || !slices.ContainsFunc(p.info.Destinations, to.Kind().Is) {
		return nil, unsupported()
	}
	order, _ := payout.OptionOf[Order](req)
	var bad []payout.Violation
	if _, pays := p.info.Range(req.Amount.Currency()); !pays {
		bad = append(bad, parameters["currency"].broken("currency", "must be in a currency of this endpoint"))
	}
	f := form{
		ClientOrderID: req.Reference,
		Amount:        major(req.Amount),
		Currency:      req.Amount.Currency().Code(),
		OrderDesc:     req.Description, ServerCallbackURL: req.CallbackURL,
	}
	f.order(order)
	bad = slices.Concat(bad, f.merchantData(req, order), f.redirects(req),
		f.destination(req.Destination, p.endpoint), f.recipient(req.Recipient, p.birthdays))
	values, err := querystring.Values(f)
	if err != nil {
		return nil, provider.Invalid(payout.Violation{Field: "request", Rule: "can't be written as a form"})
	}
	bad = append(bad, p.endpoint.check(values, req.Destination.Kind())...)
	if p.aliases {
		for name, other := range aliases {
			if v, ok := values[name]; ok {
				values[other] = v
				delete(values, name)
			}
		}
	}
	return values, provider.Invalid(bad...)
}

func unsupported() error {
	return &payout.Error{Kind: payout.ErrUnsupported, Violations: []payout.Violation{{
		Field: "destination", Rule: "is of a kind that this endpoint does not pay to",
	}}}
}

// redirects: either one address, or one for each outcome (connpay:44).
func (f *form) redirects(req payout.Request) []payout.Violation {
	switch {
	case req.FailURL == "":
		f.RedirectURL = req.ReturnURL
	case req.ReturnURL == "":
		return []payout.Violation{{Field: "fail_url", Rule: "needs return_url beside it", Doc: "connpay:44"}}
	default:
		f.RedirectSuccessURL, f.RedirectFailURL = req.ReturnURL, req.FailURL
	}
	return nil
}

// destination: a token or a card's own fields, never both (connpay:179), since a
// payout has one destination.
func (f *form) destination(d payout.Destination, e Endpoint) []payout.Violation {
	switch to := d.(type) {
	case payout.BankAccount:
		f.AccountNumber, f.AccountName = to.Number.Reveal(), to.Name.Reveal()
		f.BankName, f.BankBranch, f.BankCode, f.BankBIC = to.BankName, to.BankBranch, to.BankCode, to.BIC
		f.BankCity, f.BankAddress1, f.BankZIPCode = to.BankCity, to.BankAddress, to.BankZIP
		f.BankProvince, f.BankArea, f.RoutingNumber = to.BankProvince, to.BankArea, to.RoutingNumber
	case payout.Card:
		f.CreditCardNumber, f.CardPrintedName = to.Number.Reveal(), to.Holder.Reveal()
		if !to.Expiry.IsZero() {
			at, err := time.Parse("2006-01", to.Expiry.Reveal())
			if err != nil {
				return []payout.Violation{{Field: "destination.expiry", Rule: "must be a month as YYYY-MM (expire_month and expire_year)", Doc: "connpay:67-72"}}
			}
			f.ExpireMonth, f.ExpireYear = at.Format("01"), at.Format("2006")
		}
	case payout.SavedCard:
		if e.RecurringPaymentID {
			f.RecurringPaymentID = to.ID
		} else {
			f.CardRecurringPaymentID = to.ID
		}
	case payout.Wallet:
		f.EWalletType, f.EWalletWallet = to.System, to.ID.Reveal()
	case payout.CryptoWallet:
		f.CryptoWalletAddress = to.Address.Reveal()
	}
	return nil
}

// recipient: phone numbers are Numeric (connpay:150), so the plus before the
// country's code is left out.
func (f *form) recipient(r payout.Recipient, birthdays string) []payout.Violation {
	f.ReceiverFirstName, f.ReceiverLastName = r.FirstName.Reveal(), r.LastName.Reveal()
	f.ReceiverCountryCode, f.ReceiverState = r.Address.Country, r.Address.State
	f.ReceiverCity, f.ReceiverZIPCode, f.ReceiverAddress1 = r.Address.City.Reveal(), r.Address.ZIP.Reveal(), r.Address.Street.Reveal()
	f.ReceiverPhone, f.ReceiverEmail = strings.TrimPrefix(r.Phone.Reveal(), "+"), r.Email.Reveal()
	if r.BirthDate.IsZero() {
		return nil
	}
	born, err := time.Parse(time.DateOnly, r.BirthDate.Reveal())
	if err != nil {
		return []payout.Violation{parameters["receiver_birthday"].broken("receiver_birthday", "must be a date as YYYY-MM-DD")}
	}
	f.ReceiverBirthday = born.Format(birthdays)
	return nil
}

func (f *form) order(o Order) {
	f.Purpose, f.IPAddress, f.CVV2 = o.Purpose, o.IPAddress.Reveal(), o.CVV2.Reveal()
	f.LegalPersonName, f.LegalPersonDocumentNumber = o.LegalPersonName.Reveal(), o.LegalPersonDocumentNumber.Reveal()
	f.ReceiverIdentityDocumentID, f.ReceiverIdentityDocumentNumber = o.IdentityDocumentID.Reveal(), o.IdentityDocumentNumber.Reveal()
	f.ReceiverINN = o.INN.Reveal()
	f.CustomerLevel, f.CustomerID, f.MerchantCustomerIdentifier = o.CustomerLevel, o.CustomerID, o.MerchantCustomerID
}

// major is the one place where an amount becomes ConnPay's: major units with a dot
// (connpay:22).
func major(m payout.Money) string { return m.Major() }

// money is the one place where ConnPay's amount becomes one of ours. False: there
// is one, and it can't be read.
func money(amount, currency string) (payout.Money, bool) {
	if amount == "" || currency == "" {
		return payout.Money{}, true
	}
	c, err := payout.ParseCurrency(currency)
	if err != nil {
		return payout.Money{}, false
	}
	m, err := payout.ParseMajor(amount, c)
	return m, err == nil
}
