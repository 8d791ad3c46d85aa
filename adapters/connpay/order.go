package connpay

import "github.com/payoutkit/payout"

// Order is what ConnPay alone asks for: a [payout.Option] of a request. Its fields
// are named as the document's parameters are. Which of them an endpoint wants is for
// ConnPay's support to say (connpay:184), and then for [Endpoint.Required].
type Order struct {
	// Purpose of the payout: purpose.
	Purpose string
	// IPAddress of the recipient, IPv4 or IPv6: ipaddress.
	IPAddress payout.Secret
	// CVV2 of the card that is paid to: cvv2. Only with a [payout.Card] or
	// [payout.SavedCard]. It is sent and never kept.
	CVV2 payout.Secret

	// LegalPersonName and LegalPersonDocumentNumber are of a recipient that is a
	// company: legal_person_name, legal_person_document_number.
	LegalPersonName           payout.Secret
	LegalPersonDocumentNumber payout.Secret

	// IdentityDocumentID, IdentityDocumentNumber and INN identify the person:
	// receiver_identity_document_id, receiver_identity_document_number, receiver_inn.
	IdentityDocumentID     payout.Secret
	IdentityDocumentNumber payout.Secret
	INN                    payout.Secret

	// CustomerLevel, CustomerID (digits) and MerchantCustomerID are the person's in the
	// platform's customer system: customer_level, customer_id,
	// merchant_customer_identifier.
	CustomerLevel      string
	CustomerID         string
	MerchantCustomerID string

	// MerchantData is sent as merchant_data as it is, in place of the request's
	// Metadata: a request that has both is refused. It comes back in
	// [payout.Payout.Metadata].
	MerchantData string
}

const (
	orderName  = "connpay_order"
	orderField = "options." + orderName + "."
)

var orderKind = payout.NewKind(orderName, "what ConnPay alone asks for",
	payout.Text(payout.Field{Name: "purpose", Doc: "purpose of the payout"},
		func(o *Order) *string { return &o.Purpose }),
	payout.Hidden(payout.Field{Name: "ipaddress", Doc: "recipient's IP address"},
		func(o *Order) *payout.Secret { return &o.IPAddress }),
	payout.Hidden(payout.Field{Name: "cvv2", Doc: "CVV2 of the card that is paid to", Unstored: true},
		func(o *Order) *payout.Secret { return &o.CVV2 }),
	payout.Hidden(payout.Field{Name: "legal_person_name", Doc: "name on a company's legal document"},
		func(o *Order) *payout.Secret { return &o.LegalPersonName }),
	payout.Hidden(payout.Field{Name: "legal_person_document_number", Doc: "number of a company's legal document"},
		func(o *Order) *payout.Secret { return &o.LegalPersonDocumentNumber }),
	payout.Hidden(payout.Field{Name: "receiver_identity_document_id", Doc: "identifier of the identity document"},
		func(o *Order) *payout.Secret { return &o.IdentityDocumentID }),
	payout.Hidden(payout.Field{Name: "receiver_identity_document_number", Doc: "number of the identity document"},
		func(o *Order) *payout.Secret { return &o.IdentityDocumentNumber }),
	payout.Hidden(payout.Field{Name: "receiver_inn", Doc: "recipient's INN"},
		func(o *Order) *payout.Secret { return &o.INN }),
	payout.Text(payout.Field{Name: "customer_level", Doc: "customer's level in the customer system"},
		func(o *Order) *string { return &o.CustomerLevel }),
	payout.Text(payout.Field{Name: "customer_id", Doc: "customer's number in the customer system: digits"},
		func(o *Order) *string { return &o.CustomerID }),
	payout.Text(payout.Field{Name: "merchant_customer_identifier", Doc: "the platform's own id of the customer in the customer system"},
		func(o *Order) *string { return &o.MerchantCustomerID }),
	payout.Text(payout.Field{Name: "merchant_data", Doc: "text that comes back with the status", Max: maxMerchantData},
		func(o *Order) *string { return &o.MerchantData }),
)

// Kind implements [payout.Record].
func (Order) Kind() payout.Kind { return orderKind }
