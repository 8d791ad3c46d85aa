package sqlite_test

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/seal"
	"github.com/payoutkit/payout/journal/sqlite"
)

// search returns the files of a journal that have a text in them, as it is or encoded.
func search(t *testing.T, path string, text []byte) (found []string) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		all, err := os.ReadFile(file)
		require.NoError(t, err)
		for name, as := range map[string][]byte{
			"": text, "hex": []byte(hex.EncodeToString(text)), "base64": []byte(base64.StdEncoding.EncodeToString(text)),
		} {
			if bytes.Contains(all, as) {
				found = append(found, filepath.Base(file)+" "+name)
			}
		}
	}
	return found
}

// Of what goes in for a payout, nothing that is secret is in the files in clear, whatever
// state it is in.
func TestNothingSecretIsInTheFiles(t *testing.T) {
	handle, err := seal.NewKeyset()
	require.NoError(t, err)
	sealer, err := seal.New(handle)
	require.NoError(t, err)
	j, path := created(t, sqlite.Config{})
	c := config(j, 2, 1)
	c.Sealer = sealer
	d, err := dispatch.New(c)
	require.NoError(t, err)
	secrets := map[string]string{
		"card number": "4111111111111111", "name": "IVAN PETROV", "phone": "79261214249", "description": "for the piano lessons",
		"key": "a key of thirty-two bytes, for tests",
	}
	for i := range 20 {
		req := order(fmt.Sprint("payout-", i))
		req.Recipient.Phone, req.Description = payout.NewSecret("+79261214249"), secrets["description"]
		_, err := d.Submit(t.Context(), req)
		require.NoError(t, err)
		if i%2 == 0 {
			_, _, err = d.Step(t.Context(), req.Reference)
			require.NoError(t, err)
		}
	}
	counts, err := j.Count(t.Context(), dispatch.Filter{})
	require.NoError(t, err)
	require.Equal(t, map[dispatch.State]int64{dispatch.StatePaid: 10, dispatch.StatePlanned: 10}, counts)
	look := func() {
		require.NotEmpty(t, search(t, path, []byte("payout-7")), "the search finds what is there")
		require.NotEmpty(t, search(t, path, []byte("411111******1111")))
		for name, s := range secrets {
			require.Empty(t, search(t, path, []byte(s)), name)
		}
	}
	look() // in the log
	require.NoError(t, j.Close())
	look() // in the database
}

func TestErase(t *testing.T) {
	j, path := created(t, sqlite.Config{Now: clock})
	e := planned("p-1")
	e.Sealed = []byte("the request, sealed")
	e.Destination = "sbp ******49 bank-of-p-1"
	e.Fingerprint.Sum[0] = 7
	other := planned("p-2")
	key, keyOfOther := []byte("the data key of p-1, sealed"), []byte("the data key of p-2, sealed")
	for reference, k := range map[string][]byte{"p-1": key, "p-2": keyOfOther} {
		_, err := j.PutKey(t.Context(), reference, k)
		require.NoError(t, err)
	}
	_, _, err := j.Insert(t.Context(), other)
	require.NoError(t, err)
	e, _, err = j.Insert(t.Context(), e)
	require.NoError(t, err)
	require.ErrorIs(t, j.Erase(t.Context(), "p-1", "Änne"), payout.ErrInvalid, "one that is not final")
	require.ErrorIs(t, j.Erase(t.Context(), "p-3", "Änne"), dispatch.ErrNoEntry)
	require.ErrorIs(t, j.Erase(t.Context(), "p-1", ""), payout.ErrInvalid)
	c := intended(e)
	require.NoError(t, j.Commit(t.Context(), c))
	c.Entry.Version++
	c = answered(c.Entry, payout.StatusPaid)
	c.Event.Outcome.Destination = "sbp ******49 of-the-bank"
	c.Entry.Sealed = []byte("the request, sealed") // as if something had kept it
	require.NoError(t, j.Commit(t.Context(), c))
	before, err := j.Load(t.Context(), "p-1")
	require.NoError(t, err)

	require.NoError(t, j.Erase(t.Context(), "p-1", "Änne"))
	require.NoError(t, j.Erase(t.Context(), "p-1", "Änne"), "once more does no harm")
	want := before
	want.Destination, want.Sealed = "sbp", nil
	got, err := j.Load(t.Context(), "p-1")
	require.NoError(t, err)
	require.Equal(t, want, got, "all the rest stays")
	_, err = j.Key(t.Context(), "p-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)
	kept, err := j.Key(t.Context(), "p-2")
	require.NoError(t, err)
	require.Equal(t, keyOfOther, kept)

	// What the bank says later is written down without the person.
	c = dispatch.Next(before, dispatch.Event{Kind: dispatch.EventFound, At: begin, Attempt: 0, Outcome: dispatch.Outcome{
		Answered: true, Status: payout.StatusPaid, Destination: "sbp ******49 of-the-bank", ProviderID: "later",
	}}, dispatch.Rules{})
	c.Entry.Sealed = []byte("the request, sealed")
	require.NoError(t, j.Commit(t.Context(), c))
	got, err = j.Load(t.Context(), "p-1")
	require.NoError(t, err)
	require.Equal(t, "sbp", got.Destination)
	require.Empty(t, got.Sealed)
	history, err := j.History(t.Context(), "p-1")
	require.NoError(t, err)
	require.Len(t, history, 3)
	for _, ev := range history[1:] {
		require.Equal(t, "sbp", ev.Outcome.Destination)
	}
	require.Equal(t, "later", history[2].Outcome.ProviderID)

	for _, closed := range []bool{false, true} {
		for _, gone := range [][]byte{key, []byte("the request, sealed"), []byte("******49"), []byte("of-the-bank"), []byte("bank-of-p-1")} {
			require.Empty(t, search(t, path, gone), "%s", gone)
		}
		require.NotEmpty(t, search(t, path, keyOfOther))
		require.NotEmpty(t, search(t, path, []byte(`"by":"Änne","reference":"p-1"`)), "who did it")
		if !closed {
			require.NoError(t, j.Close())
		}
	}
}

// Of many that were erased, in whatever order, no key is left in any corner of a page.
func TestEraseMany(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	const payouts = 400
	keys := make([][]byte, payouts)
	together(t, 16, payouts, func(i int64) error {
		key := make([]byte, 48)
		random := rand.NewChaCha8([32]byte{byte(i), byte(i >> 8)})
		_, _ = random.Read(key)
		keys[i-1] = key
		reference := fmt.Sprintf("%x-%d", key[:4], i)
		if err := pays(t.Context(), j, reference); err != nil {
			return err
		}
		_, err := j.PutKey(t.Context(), reference, key)
		return err
	})
	for _, n := range rand.New(rand.NewPCG(1, 2)).Perm(payouts)[:payouts*9/10] {
		require.NoError(t, j.Erase(t.Context(), fmt.Sprintf("%x-%d", keys[n][:4], n+1), "Änne"))
		keys[n] = append(keys[n], 0) // erased
	}
	require.NoError(t, j.Close())
	all, err := os.ReadFile(path)
	require.NoError(t, err)
	for n, key := range keys {
		require.Equal(t, len(key) == 48, bytes.Contains(all, key[:48]), "key %d", n)
	}
}

// A checkpoint that is being made beside it keeps nothing from being erased.
func TestEraseBesideCheckpoints(t *testing.T) {
	j, _ := created(t, sqlite.Config{})
	const payouts = 400
	together(t, 16, payouts, func(i int64) error { return pays(t.Context(), j, fmt.Sprint("p-", i)) })
	var beside sync.WaitGroup
	ended := make(chan struct{})
	beside.Go(func() {
		for {
			select {
			case <-ended:
				return
			default:
				sqlite.Checkpoint(j)
			}
		}
	})
	defer func() { close(ended); beside.Wait() }()
	for i := range payouts {
		require.NoError(t, j.Erase(t.Context(), fmt.Sprint("p-", i+1), "Änne"))
	}
}

// As long as somebody reads what was there before, it is still in the log: that is said.
func TestEraseBesideReader(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	require.NoError(t, pays(t.Context(), j, "p-1"))
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	tx, err := db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	require.NoError(t, err)
	var payouts int
	require.NoError(t, tx.QueryRowContext(t.Context(), `SELECT count(*) FROM payouts`).Scan(&payouts))
	broken(t, j, "PRAGMA busy_timeout = 1") // or it would wait for the reader
	require.ErrorContains(t, j.Erase(t.Context(), "p-1", "Änne"), "somebody is reading what was there before")
	require.NoError(t, tx.Rollback())
	require.NoError(t, j.Erase(t.Context(), "p-1", "Änne"))
}

func TestKeys(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	_, err := j.Key(t.Context(), "p-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)
	_, err = j.PutKey(t.Context(), "p-1", nil)
	require.ErrorIs(t, err, payout.ErrInvalid)
	for _, key := range []string{"first", "second"} {
		have, err := j.PutKey(t.Context(), "p-1", []byte(key))
		require.NoError(t, err)
		require.Equal(t, "first", string(have), "the first one stays")
	}
	j = reopened(t, j, path, sqlite.Config{})
	have, err := j.Key(t.Context(), "p-1")
	require.NoError(t, err)
	require.Equal(t, "first", string(have))
}
