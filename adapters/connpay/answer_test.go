package connpay_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
)

type change = map[string]string

// received is connpay:231-235, about p-1.
func received(c change) string {
	return answer(c, "type", "async-response", "serial-number", "00000000-0000-0000-0000-000002e2c322",
		"merchant-order-id", "p-1", "paynet-order-id", "6982864", "end-point-id", "39915")
}

// refused is the real example of connpay-notes, about p-1.
func refused(c change) string {
	return answer(c, "type", "validation-error", "serial-number", "00000000-0000-0000-0000-000002231f99",
		"merchant-order-id", "p-1", "paynet-order-id", "-", "error-message", "Parameter credit_card_number is required", "error-code", "1") + "\n"
}

// told to Create: received means received, validation-error means that nothing
// happened, and all else leaves the fate open.
func TestCreateAnswers(t *testing.T) {
	const unknown = "error: outcome unknown"
	capture, client := captured(t, connpay.Config{})
	for name, tt := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"received":                        {200, received(nil), "pending"},
		"received, another order":         {200, received(change{"merchant-order-id": "p-2"}), "unknown"},
		"received, order not told":        {200, received(change{"merchant-order-id": "-"}), "pending"},
		"received, nothing else told":     {200, "type=async-response", "pending"},
		"received under HTTP 202":         {202, received(nil), unknown},
		"received under HTTP 500":         {500, received(nil), unknown},
		"refused":                         {200, refused(nil), "error: refused by the bank"},
		"refused, order not told":         {200, refused(change{"merchant-order-id": "-"}), "error: refused by the bank"},
		"refused, another order":          {200, refused(change{"merchant-order-id": "p-2"}), unknown},
		"refused, and yet an order":       {200, refused(change{"paynet-order-id": "6982864"}), unknown},
		"refused under HTTP 302":          {302, refused(nil), unknown},
		"refused under HTTP 500":          {500, refused(nil), unknown},
		"refused under HTTP 400":          {400, refused(nil), unknown}, // no example of it
		"error":                           {200, refused(change{"type": "error"}), unknown},
		"a status":                        {200, received(change{"type": "status-response", "status": "approved"}), unknown},
		"type in capitals":                {200, received(change{"type": "ASYNC-RESPONSE"}), unknown},
		"type not told":                   {200, received(change{"type": "-"}), unknown},
		"type empty":                      {200, received(change{"type": ""}), unknown},
		"no form":                         {200, "received", unknown},
		"JSON":                            {200, `{"type":"async-response","merchant-order-id":"p-1"}`, unknown},
		"JSON with an equals sign":        {200, `{"a":"b=c&type=async-response&d="}`, unknown},
		"JSON that begins with a type":    {200, `{"type=":"async-response"}`, unknown},
		"no name":                         {200, received(nil) + "&=x", unknown},
		"HTML":                            {200, "<html>type=async-response&</html>", unknown},
		"HTML around a form":              {200, "<html>\n&" + received(nil) + "\n&</html>", unknown},
		"a comment after a form":          {200, received(nil) + "<!-- proxy -->", unknown},
		"HTML after a form":               {200, "merchant-order-id=p-1&type=async-response\n<html></html>", unknown},
		"nothing":                         {200, "", unknown},
		"an empty line":                   {200, "\r\n", unknown},
		"not UTF-8":                       {200, received(nil) + "&x=\xff", unknown},
		"not UTF-8, escaped":              {200, received(nil) + "&x=%ff", unknown},
		"half an escape":                  {200, received(nil) + "&x=%4", unknown},
		"two types":                       {200, received(nil) + "&type=error", unknown},
		"one type twice":                  {200, received(nil) + "&type=async-response", "pending"},
		"two orders":                      {200, received(nil) + "\n&paynet-order-id=1", unknown},
		"CRLF":                            {200, strings.ReplaceAll(received(nil), "\n", "\r\n") + "\r\n", "pending"},
		"line feed escaped":               {200, strings.ReplaceAll(received(nil), "\n", "%0A"), "pending"},
		"no line feeds":                   {200, strings.ReplaceAll(received(nil), "\n", ""), "pending"},
		"ampersand at the end":            {200, received(nil) + "&", "pending"},
		"spaces around":                   {200, strings.ReplaceAll(received(nil), "=", " = "), "pending"},
		"an equals sign in a value":       {200, received(nil) + "\n&x=a=b", "pending"},
		"name without a value":            {200, received(nil) + "\n&x", unknown},
		"the access page (connpay:246)":   {403, "<!DOCTYPE html>\n<html><p>Access is denied</p></html>", unknown},
		"the access page in form":         {403, refused(nil), unknown},
		"401":                             {401, received(nil), unknown},
		"404":                             {404, "<html>Not found</html>", unknown},
		"a proxy's page":                  {502, "<html>Bad gateway</html>", unknown},
		"an amount in an answer received": {200, received(nil) + "&amount=1.00&currency=USD", "pending"},
	} {
		capture.Say(tt.status, tt.body)
		p, err := client.Create(t.Context(), request("p-1", "1234567890"))
		require.Equal(t, tt.want, told(t, p, err), name)
		if err == nil {
			continue
		}
		var e *payout.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, tt.status, e.HTTPStatus, name)
		require.Equal(t, tt.status == 401 || tt.status == 403, e.Hold, name)
		require.NotContains(t, err.Error(), "credit_card_number")
	}
}

// An endpoint that could not be asked at is not kept.
func TestEndpointOfAnAnswer(t *testing.T) {
	capture, client := captured(t, connpay.Config{Endpoint: group})
	for id, want := range map[string]string{"39915": "39915", "": "", "-": "", "39915/../1": "", "group/1001": "", " 39915 ": "39915"} {
		capture.Say(200, received(change{"end-point-id": id}))
		p, err := client.Create(t.Context(), request("p-1", "1234567890"))
		require.NoError(t, err)
		require.Equal(t, want, p.Endpoint, id)
	}
}

// A code is kept if it is one.
func TestErrorCodes(t *testing.T) {
	capture, client := captured(t, connpay.Config{})
	for code, want := range map[string]string{"1": "1", "PROCESSOR_INTERNAL_ERROR": "PROCESSOR_INTERNAL_ERROR", "IVAN 4111111111111111": "", "-": ""} {
		capture.Say(200, refused(change{"error-code": code}))
		_, err := client.Create(t.Context(), request("p-1", "1234567890"))
		var e *payout.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, want, e.Code)
	}
}
