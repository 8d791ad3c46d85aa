package adapters_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox/bank"
)

// requireClean checks that a text shows no secret.
func requireClean(t *testing.T, where, text string) {
	t.Helper()
	for _, s := range secrets {
		require.NotContains(t, text, s, where)
	}
}

// requireOpaque checks that no way of printing or dumping a value shows a secret.
func requireOpaque(t *testing.T, where string, v any) {
	t.Helper()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		requireClean(t, where+" by "+verb, fmt.Sprintf(verb, v))
	}
	if text, err := json.Marshal(v); err == nil { // a Config holds functions
		requireClean(t, where+" in JSON", string(text))
	}
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("", "v", v)
	requireClean(t, where+" in a log", logged.String())
	reach(reflect.ValueOf(v), func(path, text string) { requireClean(t, where+path, text) })
}

// However it is printed, at any level of the log, and whatever happened to it:
// nothing of what was paid, to whom and with which key.
func TestSecrets(t *testing.T) {
	for _, r := range rails {
		t.Run(r.name, func(t *testing.T) {
			var log bytes.Buffer
			observer := payout.LogObserver(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
			server, wrong, err := r.start()
			require.NoError(t, err)
			t.Cleanup(server.Close)
			p, config, err := r.open(server.URL()+r.path, provider.HTTP{Roots: server.Roots(), MaxAnswer: 1 << 16})
			require.NoError(t, err)
			t.Cleanup(p.CloseIdleConnections)
			client := payout.NewClient(p, payout.WithObserver(observer))

			for n, script := range []bank.Script{
				{}, {Act: bank.Decline("")}, {Act: bank.Pend(3)}, {Reply: bank.Lost()}, {Reply: wrong}, {Reply: bank.ProxyPage()},
				{Reply: bank.Forbidden()}, {Reply: bank.Oversized(1 << 16)}, {Alter: bank.ClaimReference("p-x")},
				{Alter: bank.Claim(payout.FromMinor(1, payout.JPY))}, {Reply: bank.TooMany(time.Second)},
			} {
				script.Reference = fmt.Sprintf("p-%d", n)
				server.Script(script)
				req := r.request(script.Reference)
				paid, err := client.Create(t.Context(), req)
				requireOpaque(t, "payout", paid)
				requireOpaque(t, "error", err)
				paid, err = client.Find(t.Context(), req.Ref())
				requireOpaque(t, "found", paid)
				requireOpaque(t, "error", err)
			}
			req := r.request("bad/reference")
			req.Recipient.Name, req.Recipient.Email = secret(strings.Repeat(person, 9)), secret(email+" "+email)
			_, err = client.Create(t.Context(), req)
			require.ErrorIs(t, err, payout.ErrInvalid)
			requireOpaque(t, "refusal", err)

			balances, err := client.Balances(t.Context(), payout.Source{})
			requireOpaque(t, "balances", balances)
			requireOpaque(t, "error", err)
			requireOpaque(t, "request", r.request("p-1"))
			requireOpaque(t, "configuration", config)
			requireOpaque(t, "provider", p)
			requireOpaque(t, "client", client)
			require.Contains(t, log.String(), "level=DEBUG")
			require.Contains(t, log.String(), "level=ERROR") // an alarm
			requireClean(t, "log", log.String())
		})
	}
}

// A bank that gives back everything it was sent, in every place it has. #45: the text
// of an error may name the user.
func TestEchoes(t *testing.T) {
	for _, r := range rails {
		var log bytes.Buffer
		observer := payout.LogObserver(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
		echo := adaptertest.NewCapture()
		p, _, err := r.open(echo.URL()+r.path, echo.HTTP())
		require.NoError(t, err)
		client := payout.NewClient(p, payout.WithObserver(observer))
		for status, answer := range echoes {
			echo.Answer(func(s adaptertest.Sent) (int, string) { return status, answer(s) })
			for _, call := range []func() (payout.Payout, error){
				func() (payout.Payout, error) { return client.Create(t.Context(), r.request("p-1")) },
				func() (payout.Payout, error) { return client.Find(t.Context(), r.request("p-1").Ref()) },
			} {
				paid, err := call()
				requireOpaque(t, "payout", paid)
				requireOpaque(t, "error", err)
				require.NotEqual(t, payout.StatusPaid, paid.Status)
			}
		}
		requireClean(t, "log", log.String())
		p.CloseIdleConnections()
		echo.Close()
	}
}

var echoes = map[int]func(adaptertest.Sent) string{
	http.StatusOK: func(s adaptertest.Sent) string {
		all := person + " " + pan + " " + mobile + " " + password + " " + account + " " + inn + " " + document
		text, _ := json.Marshal(all)
		return fmt.Sprintf(`{"errorCode":"0","errorMessage":%[1]s,"orderNumber":"p-1","orderId":%[1]s,"orderStatus":"6","actionCode":%[1]s,`+
			`"actionCodeDescription":%[1]s,"target":{"maskedPan":"%[2]s","maskedPhone":%[1]s},"operationList":[{"operationType":%[1]s,`+
			`"resultCode":%[1]s,"refNum":%[1]s,"pan":"%[2]s","cardholderName":%[1]s}]}`, text, pan)
	},
	http.StatusBadGateway: func(s adaptertest.Sent) string {
		text, _ := json.Marshal(s.Body + s.Header.Get("Authorization"))
		return fmt.Sprintf(`{"errorCode":%[1]s,"errorMessage":%[1]s}`, text)
	},
	http.StatusUnauthorized: func(s adaptertest.Sent) string {
		return fmt.Sprintf(`{"errorCode":"90","errorMessage":"Wrong password for user %s"}`, person) // all2pay:910, #45
	},
	http.StatusBadRequest: func(s adaptertest.Sent) string { return s.Body },
	http.StatusTeapot: func(s adaptertest.Sent) string {
		return "type=error&error-code=" + pan + "&error-message=" + strings.ReplaceAll(person, " ", "+") + "&serial-number=" + password
	},
	http.StatusAccepted: func(s adaptertest.Sent) string { return s.Body + "&type=status-response&status=approved" },
}

// The code on a card is too short to be looked for everywhere: where it is held, it is
// not to be seen.
func TestCardCode(t *testing.T) {
	for _, r := range rails {
		for _, o := range r.options {
			for _, v := range []any{o, &o, r.options, r.request("p-1"), payout.Masked(o), o.Kind().Values(o)} {
				for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
					require.NotContains(t, fmt.Sprintf(verb, v), cvv)
				}
				reach(reflect.ValueOf(v), func(path, text string) { require.NotContains(t, text, cvv, path) })
			}
		}
	}
}

// Errors of configurations quote nothing of them.
func TestConfigErrors(t *testing.T) {
	for _, r := range rails {
		for _, address := range []string{"", "http://" + password + "@bank.example", "https://user:" + password + "@bank.example", "https://bank.example/?key=" + password} {
			_, _, err := r.open(address, provider.HTTP{})
			var e *payout.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, payout.ErrInvalid, e.Kind)
			require.Equal(t, "base_url", e.Violations[0].Field)
			requireOpaque(t, "error", err)
		}
	}
}
