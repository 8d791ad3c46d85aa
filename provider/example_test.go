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

// "0", 0 and absence are three different things, and which of them it was decides about
// money.
func ExampleText() {
	for _, answer := range []string{`{"status":"0"}`, `{"status":0}`, `{"status":null}`, `{}`} {
		var w struct{ Status provider.Text }
		err := provider.DecodeJSON([]byte(answer), &w)
		fmt.Printf("%-16s %q %v %v\n", answer, w.Status.Value, w.Status.Present, err)
	}
	// Output:
	// {"status":"0"}   "0" true <nil>
	// {"status":0}     "0" true <nil>
	// {"status":null}  "" false <nil>
	// {}               "" false <nil>
}

// Banks name lists what holds one object.
func ExampleList() {
	for _, answer := range []string{`{"list":[{"n":1},{"n":2}]}`, `{"list":{"n":"3"}}`} {
		var w struct {
			List provider.List[struct{ N provider.Int }]
		}
		err := provider.DecodeJSON([]byte(answer), &w)
		for _, e := range w.List {
			fmt.Println(e.N.Value, err)
		}
	}
	// Output:
	// 1 <nil>
	// 2 <nil>
	// 3 <nil>
}

// Whatever is set, the guards stay: this address is refused before anything is sent.
func ExampleHTTP_Open() {
	_, err := provider.HTTP{Timeout: -1}.Open("http://user@api.bank.example")
	fmt.Println(err)
	// Output: payout: invalid, nothing was sent: base_url: must be an absolute https address without user, query or fragment; http.timeout: must not be negative
}
