package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
)

// shared is the one server of the tests of a package.
var shared struct {
	sync.Mutex
	server *Server
	err    error
	made   int // databases
}

// address returns the address of a database of the shared server, "" if there is none.
func address() (string, error) {
	if named := os.Getenv("PAYOUT_TEST_POSTGRES"); named != "" {
		return named, nil
	}
	if shared.server == nil && shared.err == nil && Binaries() != "" {
		shared.server, shared.err = newServer(nil)
	}
	if shared.server == nil {
		return "", shared.err
	}
	return shared.server.URL("postgres"), nil
}

// Database makes an empty database in the shared server, and returns its address. It is
// dropped when the test ends. execute runs one statement at an address: this package
// imports no driver.
func Database(t T, execute func(ctx context.Context, url, statement string) error) string {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	at, err := address()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	if at == "" {
		t.Skip("SKIP POSTGRES: there are no binaries in /usr/lib/postgresql, and PAYOUT_TEST_POSTGRES names no server")
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatalf("pgtest: PAYOUT_TEST_POSTGRES is not a URL")
	}
	shared.made++
	name := fmt.Sprintf("payout_test_%d_%d", os.Getpid(), shared.made)
	if err := execute(context.Background(), at, "CREATE DATABASE "+name); err != nil {
		t.Fatalf("pgtest: create a database: %v", err)
	}
	t.Cleanup(func() {
		if err := execute(context.Background(), at, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Fatalf("pgtest: drop a database: %v", err)
		}
	})
	u.Path = "/" + name
	return u.String()
}

// Main wraps a *testing.M, so that the shared server is stopped when its tests have run.
func Main(m interface{ Run() int }) interface{ Run() int } { return tests{m} }

type tests struct{ m interface{ Run() int } }

func (t tests) Run() int {
	code := t.m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		if err := shared.server.remove(); err != nil {
			fmt.Fprintf(os.Stderr, "pgtest: %v\n", err)
			return max(code, 1)
		}
		shared.server = nil
	}
	return code
}
