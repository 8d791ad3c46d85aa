package adapters_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// alone finds the CVV where it stands by itself: four digits may occur in any number.
var alone = regexp.MustCompile(`\b` + cvv + `\b`)

// Cards that are saved, encrypted or entered on a page: nothing of them, nor of the
// page's address or the token, is in any result, error, log or dump, whatever happened.
func TestCardSecrets(t *testing.T) {
	var log bytes.Buffer
	observer := payout.LogObserver(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	server, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{Password: password})
	require.NoError(t, err)
	t.Cleanup(server.Close)
	p, config, err := openAll2Pay(server.URL(), provider.HTTP{Roots: server.Roots(), MaxAnswer: 1 << 16})
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	client := payout.NewClient(p, payout.WithObserver(observer))
	own := p.(*all2pay.Provider)
	var made []string // secrets that came out of it
	opaque := func(where string, v any) {
		requireOpaque(t, where, v)
		for _, text := range []string{fmt.Sprintf("%+v %#v %q", v, v, v), jsonOf(v)} {
			require.NotRegexp(t, alone, text, where)
			for _, s := range made {
				require.NotContains(t, text, s, where)
			}
		}
	}
	for n, script := range []bank.Script{
		{}, {Act: bank.Decline("")}, {Reply: bank.Lost()}, {Reply: server.Reply(500, "99")}, {Reply: server.Reply(400, "98")}, {Reply: server.Reply(502, "204")},
		{Reply: bank.ProxyPage()}, {Reply: bank.Forbidden()}, {Reply: bank.Oversized(1 << 16)}, {Reply: bank.TooMany(time.Second)},
	} {
		reference := func(what string) string { return fmt.Sprintf("%s-%d", what, n) }
		for _, what := range []string{"card", "source", "page", "token"} {
			script.Reference = reference(what)
			server.Script(script)
		}
		save := payout.SaveCardRequest{OwnerID: "o-1", Card: payout.Card{Number: secret(pan), Holder: secret(person)}, CVV: secret(cvv)}
		save.Reference = reference("card")
		saved, err := client.SaveCard(t.Context(), save)
		opaque("request to save", save)
		opaque("saved", saved)
		opaque("error", err)
		save.Reference = reference("source")
		saved, err = client.SaveSourceCard(t.Context(), save)
		made = append(made, texts(saved.Action.URL)...)
		opaque("source", saved)
		opaque("error", err)
		for _, what := range []string{"card", "source"} {
			saved, err = own.FindCard(t.Context(), reference(what))
			opaque("found", saved)
			opaque("error", err)
		}
		req := rails[0].request(reference("page"))
		req.Destination, req.ReturnURL = payout.HostedPage{}, "https://platform.example/done"
		req.Options = []payout.Option{all2pay.Order{SessionTimeoutSecs: "300"}}
		hosted, err := client.Create(t.Context(), req)
		made = append(made, texts(hosted.Action.URL)...)
		opaque("hosted", hosted)
		opaque("request", req)
		opaque("error", err)

		token, err := own.EncryptCard(t.Context(), reference("token"), payout.Card{Number: secret(pan)})
		require.NoError(t, err)
		made = append(made, texts(token.Token)...)
		opaque("token", token)
		req = rails[0].request(reference("token"))
		req.Destination = token
		paid, err := client.Create(t.Context(), req)
		opaque("paid", paid)
		opaque("request", req)
		opaque("error", err)
	}
	require.GreaterOrEqual(t, len(made), 12)
	_, err = own.EncryptCard(t.Context(), "bad/reference", payout.Card{Number: secret(pan + "1")})
	opaque("refusal", err)
	_, err = client.SaveCard(t.Context(), payout.SaveCardRequest{Reference: "r", Card: payout.Card{Number: secret(pan + "1")}, CVV: secret(cvv + "1")})
	opaque("refusal", err)
	opaque("configuration", config)
	opaque("provider", p)
	requireClean(t, "log", log.String())
	require.NotRegexp(t, alone, log.String())
	for _, s := range made {
		require.NotContains(t, log.String(), s)
	}
}

// A bank that gives back everything it was sent, to whoever saves a card or asks for
// keys.
func TestCardEchoes(t *testing.T) {
	echo := adaptertest.NewCapture()
	t.Cleanup(echo.Close)
	p, _, err := openAll2Pay(echo.URL(), echo.HTTP())
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	own, client := p.(*all2pay.Provider), payout.NewClient(p)
	save := payout.SaveCardRequest{Reference: "p-1", OwnerID: "o-1", Card: payout.Card{Number: secret(pan)}, CVV: secret(cvv)}
	for status, answer := range echoes {
		echo.Answer(func(s adaptertest.Sent) (int, string) { return status, answer(s) })
		for _, call := range []func() (any, error){
			func() (any, error) { return client.SaveCard(t.Context(), save) },
			func() (any, error) { return client.SaveSourceCard(t.Context(), save) },
			func() (any, error) { return own.FindCard(t.Context(), "p-1") },
			func() (any, error) { return own.EncryptCard(t.Context(), "p-1", save.Card) },
		} {
			out, err := call()
			requireOpaque(t, "result", out)
			requireOpaque(t, "error", err)
			require.NotRegexp(t, alone, fmt.Sprint(out, err))
		}
	}
}

func texts(s payout.Secret) []string {
	if s.IsZero() {
		return nil
	}
	return []string{s.Reveal()}
}

func jsonOf(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(raw)
}
