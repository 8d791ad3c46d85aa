package provider_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// A bank that answers, and then one that nobody can reach.
func ExampleLink_Do() {
	bank := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"orderStatus":"2"}`)
	}))
	link, err := provider.HTTP{Roots: bank.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}.Open(bank.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	call := provider.Call{Method: http.MethodPost, Path: "/status", Body: []byte(`{}`)}
	answer, err := link.Do(context.Background(), call)
	fmt.Println(answer, err)

	link.CloseIdle()
	bank.Close()
	link, _ = provider.HTTP{}.Open("https://127.0.0.1:1")
	_, err = link.Do(context.Background(), call)
	fmt.Println(err)
	fmt.Println("may be sent again:", payout.SafeToRetry(err))
	// Output:
	// HTTP 200, 19 bytes <nil>
	// payout: not sent: connection refused
	// may be sent again: true
}

// Numbers and texts, another spelling of a name, and two that contradict each other.
func ExampleDecodeJSON() {
	var answer struct {
		Status provider.Text `json:"orderStatus"`
	}
	fmt.Println(provider.DecodeJSON([]byte(`{"OrderStatus":2}`), &answer), answer.Status.Value)
	fmt.Println(provider.DecodeJSON([]byte(`{"orderStatus":2,"OrderStatus":6}`), &answer))
	// Output:
	// <nil> 2
	// a name stands twice in a JSON object, with different values
}
