package rbs

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// answer is what every method returns that is about an order (all2pay:250-262,
// 359-439, 509-579, 649-668, 710-735; bereke:221-228, 304-348, 433-478), in every
// spelling of the tables and examples. Names are read in whatever case: OrderStatus
// (bereke:320) is orderStatus.
type answer struct {
	ErrorCode     provider.Text              `json:"errorCode"`
	OrderNumber   provider.Text              `json:"orderNumber"`
	OrderID       provider.Text              `json:"orderId"`
	OrderStatus   provider.Text              `json:"orderStatus"`
	ActionCode    provider.Text              `json:"actionCode"`
	Amount        provider.Int               `json:"amount"`
	Fee           provider.Int               `json:"fee"`
	Currency      provider.Text              `json:"currency"`
	CreationDate  provider.Millis            `json:"creationDate"`
	OperationList provider.List[operation]   `json:"operationList"`
	OrderParams   map[string]json.RawMessage `json:"orderParams"`
	ACSURL        provider.Text              `json:"acsUrl"`
	ShortURL      provider.Text              `json:"shortUrl"`
	FormURL       provider.Text              `json:"formUrl"`
	Target        details                    `json:"target"`
	Source        details                    `json:"source"`

	// Of a card that was saved.
	MDOrder   provider.Text `json:"mdOrder"`
	OrderType provider.Text `json:"orderType"`
	details
}

// details are those of a card or a phone.
type details struct {
	BindingID   provider.Text `json:"bindingId"`
	ClientID    provider.Text `json:"clientId"`
	MaskedPAN   provider.Text `json:"maskedPan"`
	MaskedPhone provider.Text `json:"maskedPhone"`
}

// success is the errorCode of a call that worked. It is all that says so: an
// errorMessage comes with it too (all2pay:465, 681).
const success = "0"

type operation struct {
	Type        provider.Text   `json:"operationType"`
	Amount      provider.Int    `json:"amount"`
	Currency    provider.Text   `json:"currency"`
	ResultCode  provider.Text   `json:"resultCode"`
	RefNum      provider.Text   `json:"refNum"`
	Date        provider.Millis `json:"operationDate"`
	DateTime    provider.Millis `json:"datetime"` // bereke:504
	PAN         provider.Text   `json:"pan"`      // all2pay:481
	PANMaskedTo provider.Text   `json:"panMaskedTo"`
}

// credit is the operation that pays the recipient (bereke:336). The list of types
// is open, and others, such as P2P_VERIFY, pay nobody.
const credit = "P2P_CREDIT"

// payout reads an order's state.
func (m *Module) payout(w answer) payout.Payout {
	amount, readable := m.money(w.Amount, w.Currency)
	fee, _ := m.money(w.Fee, w.Currency)
	p := payout.Payout{
		Reference:   w.OrderNumber.Value,
		ProviderID:  w.OrderID.Value,
		Amount:      amount,
		Fee:         fee,
		Status:      statuses[w.OrderStatus.Value],
		CreatedAt:   w.CreationDate.Time,
		Destination: w.destination(),
		Metadata:    texts(w.OrderParams),
	}
	for _, o := range w.OperationList {
		p.Operations = append(p.Operations, m.operation(o))
	}
	switch {
	case w.page(): // whatever the status: somebody has to pass 3-D Secure (all2pay:426)
		p.Status = payout.StatusActionRequired
		p.Action.URL = w.pageURL()
	case w.keepsCard(), !readable,
		p.Status == payout.StatusPaid && !w.paid(),
		p.Status == payout.StatusFailed && !w.failed():
		p.Status = payout.StatusUnknown
	case p.Status == payout.StatusFailed:
		p.Failure = failureOf(w.OrderStatus.Value, w.ActionCode.Value)
	}
	return p
}

// page reports whether there is a page on which somebody has to pass 3-D Secure
// (all2pay:426, 438). is3DSVer2 decides nothing: the example has it false beside a
// shortUrl, which comes with 3DS 2 only (all2pay:755, 758).
func (w answer) page() bool { return w.ACSURL.Value != "" || w.ShortURL.Value != "" }

// pageURL is the page's address: the short one, which can be opened as it is
// (all2pay:439), if there is one.
func (w answer) pageURL() payout.Secret {
	if short := pageURL(w.ShortURL.Value); !short.IsZero() {
		return short
	}
	return pageURL(w.ACSURL.Value)
}

// keepsCard reports whether the order saved a card, which pays nobody: its result is
// asked for by the same method (all2pay:638).
func (w answer) keepsCard() bool {
	return w.savesCard() || w.BindingID.Present && !w.credited()
}

// savesCard reports whether the order's type says so (all2pay:666, 770).
func (w answer) savesCard() bool {
	return strings.Contains(strings.ToLower(w.OrderType.Value), "bindingid")
}

// paid reports whether the rest of an answer bears out orderStatus 2: the processing
// has no complaint, and if the bank lists any operations, one is a credit, and every
// credit succeeded and is for the whole amount.
func (w answer) paid() bool {
	if w.ActionCode.Present && w.ActionCode.Value != "0" {
		return false
	}
	credited := len(w.OperationList) == 0
	for _, o := range w.OperationList {
		if o.Type.Value != credit {
			continue
		}
		if o.ResultCode.Present && o.ResultCode.Value != "0" || o.Amount.Present && o.Amount != w.Amount {
			return false
		}
		credited = true
	}
	return credited
}

// failed reports whether the rest of an answer bears out orderStatus 3 or 6. It
// names its order: whoever takes a payout for failed may pay again.
func (w answer) failed() bool {
	return w.OrderNumber.Present && settled(w.OrderStatus.Value, w.ActionCode.Value) && !w.credited()
}

// credited reports whether a credit succeeded, whatever else the answer says.
func (w answer) credited() bool {
	for _, o := range w.OperationList {
		if o.Type.Value == credit && o.ResultCode.Value == "0" {
			return true
		}
	}
	return false
}

func (m *Module) operation(o operation) payout.Operation {
	amount, _ := m.money(o.Amount, o.Currency)
	at := o.Date.Time
	if at.IsZero() {
		at = o.DateTime.Time
	}
	return payout.Operation{
		Type: o.Type.Value, Amount: amount, OK: o.ResultCode.Value == "0",
		Code: o.ResultCode.Value, RRN: o.RefNum.Value, At: at,
	}
}

// destination is masked once more: three names hold a card number in three styles
// of mask (all2pay:422, 481, 552), and one day one of them is not masked.
func (w answer) destination() string {
	number := w.Target.MaskedPAN.Value
	for _, o := range w.OperationList {
		number = cmp.Or(number, o.PANMaskedTo.Value, o.PAN.Value)
	}
	switch {
	case number != "":
		return payout.Card{}.Kind().Name() + " " + payout.MaskCardNumber(number)
	case w.Target.MaskedPhone.Value != "":
		return payout.Masked(payout.SBP{Phone: payout.NewSecret(w.Target.MaskedPhone.Value)})
	default:
		return ""
	}
}

// texts keeps the texts among orderParams: their values can be anything
// (all2pay:384), and what is no text was not ours.
func texts(raw map[string]json.RawMessage) map[string]string {
	out := map[string]string{}
	for name, value := range raw {
		var text provider.Text
		if text.UnmarshalJSON(value) == nil && text.Present {
			out[name] = text.Value
		}
	}
	return out
}

// pageURL takes the address of a page from the bank. Its host is the bank's
// business, but it is https.
func pageURL(text string) payout.Secret {
	if u, err := url.Parse(text); err != nil || u.Scheme != "https" || u.Host == "" {
		return payout.Secret{}
	}
	return payout.NewSecret(text)
}
