package bench

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/provider"
)

var sendings = []sending{
	{
		name: "all2pay", path: "/payouts/api/v2/performPayout.do",
		answer: moduleAnswer("643", "Payout completed"), request: moduleRequest(payout.RUB), bare: bareModule("643"),
		open: func(baseURL string, h provider.HTTP) (payout.Provider, error) {
			return all2pay.New(all2pay.Config{BaseURL: baseURL, UserName: "payout_api_username", Password: payout.NewSecret("payout_api_password"), HTTP: h})
		},
	},
	{
		name: "bereke", path: "/payouts/api/v2/performPayout.do",
		answer: moduleAnswer("398", "Перевод исполнен"), request: moduleRequest(payout.KZT), bare: bareModule("398"),
		open: func(baseURL string, h provider.HTTP) (payout.Provider, error) {
			return bereke.New(bereke.Config{BaseURL: baseURL, UserName: "payout_api_username", Password: payout.NewSecret("payout_api_password"), HTTP: h})
		},
	},
	{
		name: "connpay", path: "/paynet/api/v4/payout/39915", signed: true,
		// connpay:231-235
		answer: "type=async-response\n&serial-number=00000000-0000-0000-0000-000002e2c322\n&merchant-order-id=1\n&paynet-order-id=6982864\n&end-point-id=39915",
		// connpay:213-219
		request: payout.Request{
			Reference: "1", Amount: payout.MustMoney("10.42 USD"), CallbackURL: "https://httpstat.us/200",
			Destination: payout.BankAccount{Number: payout.NewSecret("1234"), Name: payout.NewSecret("1234"), RoutingNumber: "15"},
		},
		bare: bareConnPay,
		open: func(baseURL string, h provider.HTTP) (payout.Provider, error) {
			return connpay.New(connpay.Config{
				BaseURL: baseURL + "/paynet", Login: "TestMerchant", PrivateKey: keyPEM(), HTTP: h,
				Endpoint: connpay.Endpoint{ID: "39915", Currencies: []payout.Currency{payout.USD}},
			})
		},
	},
}

// moduleRequest is all2pay:443-461 and bereke:355-372, with the name of their tables.
func moduleRequest(c payout.Currency) payout.Request {
	return payout.Request{
		Reference: "payout_1", Amount: payout.FromMinor(1234, c),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient: payout.Recipient{
			Name: payout.NewSecret("John Doe"), ID: "12345abc-d67e-8901-23fg-h45i67jk8901",
			Email: payout.NewSecret("payee@mail.com"), Phone: payout.NewSecret("9991234567"),
		},
		Metadata: map[string]string{"paramname1": "paramvalue1", "paramname2": "paramvalue2"},
	}
}

// moduleAnswer is all2pay:463-494 and bereke:377-409, to the request above.
func moduleAnswer(currency, done string) string {
	return strings.NewReplacer("398", currency, "DONE", done).Replace(`{
"errorCode": "0",
"errorMessage": "Success",
"amount": 1234,
"fee": 0,
"currency": "398",
"orderNumber": "payout_1",
"description": "Decent payout",
"orderStatus": "2",
"operationList": [
{
"operationDate": 1665414462047,
"operationType": "P2P_CREDIT",
"amount": 1234,
"currency": "398",
"resultCode": 0,
"resultCodeDescription": "DONE",
"refNum": "948498232196",
"pan": "411111XXXXXX1111",
"cardholderName": "CARDHOLDER NAME"
}
],
"target": {
"bindingId": "83309cde-a56d-7409-88dd-c02e00ab3428",
"clientId": "12345abc-d67e-8901-23fg-h45i67jk8901",
"maskedPan": "411111XXXXXX1111"
},
"orderParams": {
"paramname1": "paramvalue1",
"paramname2": "paramvalue2"
}
}`)
}

type bareOrder struct {
	Amount      int64             `json:"amount"`
	Currency    string            `json:"currency"`
	Target      bareTarget        `json:"target"`
	Client      bareClient        `json:"client"`
	OrderNumber string            `json:"orderNumber"`
	JSONParams  map[string]string `json:"jsonParams"`
	UserName    string            `json:"userName"`
	Password    string            `json:"password"`
}

type bareTarget struct {
	PAN string `json:"pan"`
}

type bareClient struct {
	Name     string `json:"name"`
	ClientID string `json:"clientId"`
	Email    string `json:"email"`
	Phone    string `json:"phone"`
}

type bareAnswer struct {
	ErrorCode     string            `json:"errorCode"`
	Amount        int64             `json:"amount"`
	Fee           int64             `json:"fee"`
	Currency      string            `json:"currency"`
	OrderNumber   string            `json:"orderNumber"`
	OrderStatus   string            `json:"orderStatus"`
	OperationList []bareOperation   `json:"operationList"`
	Target        bareCard          `json:"target"`
	OrderParams   map[string]string `json:"orderParams"`
}

type bareOperation struct {
	Date       int64  `json:"operationDate"`
	Type       string `json:"operationType"`
	Amount     int64  `json:"amount"`
	Currency   string `json:"currency"`
	ResultCode int    `json:"resultCode"`
	RefNum     string `json:"refNum"`
	PAN        string `json:"pan"`
}

type bareCard struct {
	BindingID string `json:"bindingId"`
	ClientID  string `json:"clientId"`
	MaskedPAN string `json:"maskedPan"`
}

func bareModule(currency string) func(*http.Client, string) func(context.Context) error {
	return func(client *http.Client, url string) func(context.Context) error {
		return func(ctx context.Context) error {
			body, err := json.Marshal(bareOrder{
				Amount: 1234, Currency: currency, Target: bareTarget{"4111111111111111"},
				Client:      bareClient{"John Doe", "12345abc-d67e-8901-23fg-h45i67jk8901", "payee@mail.com", "9991234567"},
				OrderNumber: "payout_1", JSONParams: map[string]string{"paramname1": "paramvalue1", "paramname2": "paramvalue2"},
				UserName: "payout_api_username", Password: "payout_api_password",
			})
			if err != nil {
				return err
			}
			raw, err := send(ctx, client, url, http.Header{
				"Content-Type": {"application/json; charset=UTF-8"}, "Accept": {"application/json; version=2.0"}, "User-Agent": {"payout-go"},
			}, body)
			if err != nil {
				return err
			}
			var a bareAnswer
			if err := json.Unmarshal(raw, &a); err != nil {
				return err
			}
			if a.ErrorCode != "0" || a.OrderStatus != "2" {
				return errors.New("not paid")
			}
			return nil
		}
	}
}

// bareConnPay signs with crypto/rsa as connpay:207 does.
func bareConnPay(client *http.Client, address string) func(context.Context) error {
	return func(ctx context.Context) error {
		form := url.Values{
			"account_name": {"1234"}, "account_number": {"1234"}, "amount": {"10.42"}, "client_orderid": {"1"}, "currency": {"USD"},
			"routing_number": {"15"}, "server_callback_url": {"https://httpstat.us/200"},
		}
		body := form.Encode()
		var nonce [16]byte
		if _, err := rand.Read(nonce[:]); err != nil {
			return err
		}
		oauth := [][2]string{
			{"oauth_consumer_key", "TestMerchant"}, {"oauth_nonce", hex.EncodeToString(nonce[:])}, {"oauth_signature", ""},
			{"oauth_signature_method", "RSA-SHA256"}, {"oauth_timestamp", strconv.FormatInt(time.Now().Unix(), 10)}, {"oauth_version", "1.0"},
		}
		for _, p := range oauth {
			if p[0] != "oauth_signature" {
				form.Set(p[0], p[1])
			}
		}
		sum := sha256.Sum256([]byte("POST&" + url.QueryEscape(address) + "&" + url.QueryEscape(form.Encode())))
		signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		if err != nil {
			return err
		}
		oauth[2][1] = url.QueryEscape(base64.StdEncoding.EncodeToString(signature))
		var header strings.Builder
		for i, p := range oauth {
			if i > 0 {
				header.WriteString(", ")
			}
			header.WriteString(p[0] + `="` + p[1] + `"`)
		}
		raw, err := send(ctx, client, address, http.Header{
			"Content-Type": {"application/x-www-form-urlencoded"}, "Authorization": {"OAuth " + header.String()}, "User-Agent": {"payout-go"},
		}, []byte(body))
		if err != nil {
			return err
		}
		answer, err := url.ParseQuery(string(raw))
		if err != nil {
			return err
		}
		if strings.TrimSpace(answer.Get("type")) != "async-response" {
			return errors.New("not received")
		}
		return nil
	}
}
