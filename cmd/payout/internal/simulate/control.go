package simulate

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/payoutkit/payout/sandbox/bank"
)

// Control lets other processes of the same person have the banks misbehave, and see
// their ledgers: a server on the loopback interface, whose address and password are in
// the folder.
type Control struct {
	http   *http.Server
	served chan struct{}
	file   string
}

// control is what the file says.
type control struct {
	URL   string `json:"url"`
	Token string `json:"token"`
	PID   int    `json:"pid"`
}

// Control starts the server. It ends with Close.
func (b *Banks) Control(ctx context.Context, folder string) (*Control, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	random := make([]byte, 16)
	_, _ = rand.Read(random)
	at := control{URL: "http://" + l.Addr().String(), Token: hex.EncodeToString(random), PID: os.Getpid()}
	text, err := json.Marshal(at)
	file := filepath.Join(folder, controlName)
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /fault", func(w http.ResponseWriter, r *http.Request) {
		var f Fault
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&f)
		if err == nil {
			err = b.Inject(f)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	mux.HandleFunc("GET /ledger", func(w http.ResponseWriter, _ *http.Request) {
		all, err := b.Ledgers()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(all)
	})
	mux.HandleFunc("GET /statement/{bank}", func(w http.ResponseWriter, r *http.Request) {
		var text bytes.Buffer
		if err := b.Statement(r.PathValue("bank"), &text); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_, _ = text.WriteTo(w)
	})
	mux.HandleFunc("GET /entries/{bank}", func(w http.ResponseWriter, r *http.Request) {
		entries, err := b.Entries(r.PathValue("bank"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_ = json.NewEncoder(w).Encode(entries)
	})
	c := &Control{file: file, served: make(chan struct{}), http: &http.Server{
		ReadHeaderTimeout: 5 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+at.Token)) != 1 {
				http.Error(w, "not yours", http.StatusUnauthorized)
				return
			}
			mux.ServeHTTP(w, r)
		}),
	}}
	go func() {
		defer close(c.served)
		_ = c.http.Serve(l)
	}()
	return c, nil
}

// Close stops the server.
func (c *Control) Close() error {
	err := c.http.Close()
	<-c.served
	return errors.Join(err, os.Remove(c.file))
}

// InjectAt has the banks of a folder misbehave, which another process runs.
func InjectAt(ctx context.Context, folder string, f Fault) error {
	body, err := json.Marshal(f)
	if err != nil {
		return err
	}
	_, err = call(ctx, folder, http.MethodPost, "/fault", body)
	return err
}

// LedgersAt returns the ledgers of the banks of a folder.
func LedgersAt(ctx context.Context, folder string) ([]Moved, error) {
	text, err := call(ctx, folder, http.MethodGet, "/ledger", nil)
	if err != nil {
		return nil, err
	}
	var all []Moved
	return all, json.Unmarshal(text, &all)
}

// StatementAt returns the statement of a bank of a folder.
func StatementAt(ctx context.Context, folder, bank string) ([]byte, error) {
	return call(ctx, folder, http.MethodGet, "/statement/"+url.PathEscape(bank), nil)
}

func call(ctx context.Context, folder, method, path string, body []byte) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(folder, controlName)) // #nosec G304 -- the folder is the operator's
	if err != nil {
		return nil, fmt.Errorf("no simulated banks are running in %s: start them with \"payout sandbox --dir %s\"", folder, folder)
	}
	var at control
	if err := json.Unmarshal(text, &at); err != nil {
		return nil, fmt.Errorf("%s: %w", controlName, err)
	}
	r, err := http.NewRequestWithContext(ctx, method, at.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+at.Token)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("the simulated banks of %s do not answer: %w", folder, err)
	}
	defer answer.Body.Close()
	text, err = io.ReadAll(io.LimitReader(answer.Body, 1<<30))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = errors.New(strings.TrimSpace(string(text)))
	}
	return text, err
}

// EntriesAt returns the ledger of a bank of a folder.
func EntriesAt(ctx context.Context, folder, name string) ([]bank.Entry, error) {
	text, err := call(ctx, folder, http.MethodGet, "/entries/"+url.PathEscape(name), nil)
	if err != nil {
		return nil, err
	}
	var all []bank.Entry
	return all, json.Unmarshal(text, &all)
}
