package seal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/seal"
)

// A payout that one process took on is sent by another.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "")
	check(err)
	defer func() { check(os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "keyset.json")
	handle, err := seal.NewKeyset() // once
	check(err)
	check(seal.CreateFile(path, handle))

	journal, teller := dispatch.NewMemory(), &bank{}
	start := func() *dispatch.Dispatcher {
		sealer, err := seal.Load(ctx, seal.File(path))
		check(err)
		d, err := dispatch.New(dispatch.Config{
			Journal: journal, Sealer: sealer,
			Providers: []*payout.Client{payout.NewClient(teller)},
			Routes:    []dispatch.Route{{Provider: "teller-1"}},
			Keys:      dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("from the configuration: 32 bytes or more")}},
		})
		check(err)
		return d
	}
	ticket, err := start().Submit(ctx, request("order-1001"))
	check(err)
	fmt.Println(ticket.Reference, ticket.State)

	d := start() // after a restart
	_, _, err = d.Step(ctx, "order-1001")
	check(err)
	ticket, err = d.Status(ctx, "order-1001")
	check(err)
	fmt.Println(ticket.Reference, ticket.State, ticket.Destination)
	// Output:
	// order-1001 planned
	// order-1001 paid card 411111******1111
}

// A keyset that a key management service wraps: what is stored is of no use without
// the service.
func ExampleLoad() {
	ctx := context.Background()
	kms := service() // elsewhere that of a cloud, or of Vault

	handle, err := seal.NewKeyset() // once
	check(err)
	var stored bytes.Buffer
	check(handle.WriteWithAssociatedData(keyset.NewJSONWriter(&stored), kms, []byte("payout journal")))

	sealer, err := seal.Load(ctx, func(context.Context) (*keyset.Handle, error) {
		r := keyset.NewJSONReader(bytes.NewReader(stored.Bytes()))
		return keyset.ReadWithAssociatedData(r, kms, []byte("payout journal"))
	})
	check(err)
	sealed, err := sealer.Seal(ctx, []byte("a request"), "order-1001")
	check(err)
	text, err := sealer.Open(ctx, sealed, "order-1001")
	check(err)
	fmt.Printf("%s\n", text)
	_, err = sealer.Open(ctx, sealed, "order-1002")
	fmt.Println(err)
	// Output:
	// a request
	// seal: the sealed text was changed, or belongs to something else
}

// Destroying a key: what it sealed can't be read again, by anybody.
func ExampleRotate() {
	ctx := context.Background()
	old, err := seal.NewKeyset()
	check(err)
	before, err := seal.New(old)
	check(err)
	sealed, err := before.Seal(ctx, []byte("a request"), "order-1001")
	check(err)

	both, err := seal.Rotate(old)
	check(err)
	after, err := seal.New(both)
	check(err)
	text, err := after.Open(ctx, sealed, "order-1001")
	check(err)
	fmt.Printf("%s\n", text)

	first, err := both.Entry(0)
	check(err)
	m := keyset.NewManagerFromHandle(both)
	check(m.Delete(first.KeyID()))
	left, err := m.Handle()
	check(err)
	erased, err := seal.New(left)
	check(err)
	_, err = erased.Open(ctx, sealed, "order-1001")
	var gone *seal.KeyError
	fmt.Println(errors.As(err, &gone), gone.ID == first.KeyID())
	// Output:
	// a request
	// true true
}

// A key for each payout: to erase one is to destroy its key, and takes nothing from the
// others.
func ExampleEach() {
	ctx := context.Background()
	handle, err := seal.NewKeyset()
	check(err)
	master, err := seal.New(handle)
	check(err)
	keys := newDrawer() // elsewhere a journal in a second file, whose backups are kept for a shorter time

	sealer := seal.Each(master, keys, nil)
	one, err := sealer.Seal(ctx, []byte("a request"), "order-1001")
	check(err)
	two, err := sealer.Seal(ctx, []byte("another request"), "order-1002")
	check(err)
	check(sealer.Erase(ctx, "order-1001"))

	_, err = sealer.Open(ctx, one, "order-1001")
	fmt.Println(errors.Is(err, dispatch.ErrErased))
	text, err := sealer.Open(ctx, two, "order-1002")
	check(err)
	fmt.Printf("%s\n", text)
	// Output:
	// true
	// another request
}

func service() interface {
	Encrypt(text, associated []byte) ([]byte, error)
	Decrypt(text, associated []byte) ([]byte, error)
} {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	check(err)
	kms, err := aead.New(handle)
	check(err)
	return kms
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
