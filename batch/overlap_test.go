package batch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// taken are the payouts of a file's right rows.
func taken(t *testing.T, m batch.EarlierMap, file string, o batch.Options) {
	t.Helper()
	for _, row := range rows(t, openWith(t, file, o)) {
		if row.Err == nil {
			m.Add(row)
		}
	}
}

func november() batch.Options { return batch.Options{Batch: "november", Key: key()} }

func TestRowsThatWerePaidBefore(t *testing.T) {
	t.Parallel()
	first := bare + bareRow("1500.00", "A B", "x") + bareRow("7.00", "A B", "x")
	earlier := batch.EarlierMap{}
	taken(t, earlier, first, october())
	paid := derived(t, first, october())

	// The same batch again, sorted otherwise: it is the same payouts.
	report := check(t, bare+bareRow("7.00", "A B", "x")+bareRow("1500.00", "A B", "x"), batch.Checking{Options: october(), Earlier: earlier})
	require.Zero(t, report.Overlaps)

	// Another batch pays a row of it again.
	next := bare + bareRow("2.00", "A B", "x") + bareRow("1500.00", "Another Name", "November")
	var given []batch.Overlap
	report = check(t, next, batch.Checking{Options: november(), Earlier: earlier, Overlapping: func(o batch.Overlap) error {
		given = append(given, o)
		return nil
	}})
	require.Equal(t, 2, report.Right, "an overlap is no fault of the row")
	require.Equal(t, 1, report.Overlaps)
	require.Equal(t, report.Overlapping, given)
	o := given[0]
	require.Equal(t, 3, o.Line)
	require.Equal(t, derived(t, next, november())[1], o.Reference)
	require.Equal(t, payout.MustMoney("1500.00 RUB"), o.Amount)
	require.Equal(t, "card 411111******1111", o.Destination)
	require.Equal(t, paid[:1], o.Earlier)

	// A row that was corrected after it had been paid is another payout, even in the same
	// batch. So it is shown.
	report = check(t, bare+bareRow("1500.00", "A B", "corrected")+bareRow("7.00", "A B", "x"), batch.Checking{Options: october(), Earlier: earlier})
	require.Equal(t, 1, report.Overlaps)
	require.Equal(t, 2, report.Overlapping[0].Line)
	require.Equal(t, paid[:1], report.Overlapping[0].Earlier)

	// A second row with the content of one that was paid is another payout too, but the
	// file says so itself.
	report = check(t, first+bareRow("7.00", "A B", "x"), batch.Checking{Options: october(), Earlier: earlier})
	require.Zero(t, report.Overlaps)
	require.Equal(t, 1, report.Repeated)
}

func TestOverlapsWithAColumnOfReferences(t *testing.T) {
	t.Parallel()
	o := batch.Options{Key: key()}
	earlier := batch.EarlierMap{}
	taken(t, earlier, header+row("p-1", "1.00", "RUB")+row("p-2", "1.00", "RUB"), o)
	require.Zero(t, check(t, header+row("P-1", "1.00", "RUB")+row("p-2", "1.00", "RUB"), batch.Checking{Options: o, Earlier: earlier}).Overlaps)
	report := check(t, header+row("p-1", "1.00", "RUB")+row("p-3", "1.00", "RUB"), batch.Checking{Options: o, Earlier: earlier})
	require.Equal(t, 2, report.Overlaps)
	require.Equal(t, []string{"p-2"}, report.Overlapping[0].Earlier)
	require.Equal(t, []string{"p-2"}, report.Overlapping[1].Earlier)
}

func TestWhatAnOverlapKeyDependsOn(t *testing.T) {
	t.Parallel()
	keyOf := func(head, line string) batch.OverlapKey {
		row := rows(t, openWith(t, head+"\n"+line+"\n", batch.Options{Key: key()}))[0]
		require.NoError(t, row.Err)
		require.False(t, row.Overlap.IsZero())
		return row.Overlap
	}
	const card = "reference,amount,currency,destination,card.number,card.holder,recipient.name"
	cards := keyOf(card, "p-1,1.00,RUB,card,4111111111111111,,")
	require.Equal(t, cards, keyOf(card, "p-2,1.0,RUB,card,4111111111111111,A B,A B"))
	require.NotEqual(t, cards, keyOf(card, "p-1,1.01,RUB,card,4111111111111111,,"))
	require.NotEqual(t, cards, keyOf(card, "p-1,1.00,USD,card,4111111111111111,,"))
	require.NotEqual(t, cards, keyOf(card, "p-1,1.00,RUB,card,5555555555554444,,"))
	require.NotContains(t, fmt.Sprint(cards), "4111")

	const sbp = "reference,amount,currency,destination,sbp.phone,sbp.bank_id,sbp.last_name,sbp.first_name"
	require.Equal(t, keyOf(sbp, "p-1,1.00,RUB,sbp,+7 (926) 121-42-49,100000000111,Ким,Анна"), keyOf(sbp, "p-1,1.00,RUB,sbp,79261214249,100000000222,КИМ,Анна"),
		"however it is written")
	const account = "reference,amount,currency,destination,bank_account.number,bank_account.bic,saved_card.id"
	require.Equal(t, keyOf(account, "p-1,1.00,EUR,bank_account,DE89 3704 0044 0532 0130 00,X,"), keyOf(account, "p-1,1.00,EUR,bank_account,de89370400440532013000,,"))
	require.NotEqual(t, keyOf(account, "p-1,1.00,EUR,bank_account,77,,"), keyOf(account, "p-1,1.00,EUR,saved_card,,,77"), "the kind counts")

	// A page of the bank's is nobody's: the recipient is.
	const page = "reference,amount,currency,destination,recipient.id,recipient.name,description"
	pages := keyOf(page, "p-1,1.00,RUB,hosted_page,7,A B,x")
	require.Equal(t, pages, keyOf(page, "p-1,1.00,RUB,hosted_page,7,a b,y"))
	require.NotEqual(t, pages, keyOf(page, "p-1,1.00,RUB,hosted_page,8,A B,x"))

	require.True(t, one(t, header+right).Overlap.IsZero(), "without a key there is none")
}

// asked counts how an Earlier is asked.
type asked struct {
	batch.EarlierMap
	groups []int
	err    error
}

func (a *asked) References(ctx context.Context, keys []batch.OverlapKey) (map[batch.OverlapKey][]string, error) {
	a.groups = append(a.groups, len(keys))
	if a.err != nil {
		return nil, a.err
	}
	return a.EarlierMap.References(ctx, keys)
}

func TestOverlapsAreAskedForInGroups(t *testing.T) {
	t.Parallel()
	var file, other strings.Builder
	file.WriteString(header)
	other.WriteString(header)
	for i := range 2400 {
		file.WriteString(row(fmt.Sprintf("p-%d", i), fmt.Sprint(i+1), "RUB"))
		other.WriteString(row(fmt.Sprintf("q-%d", i), fmt.Sprint(i+1), "RUB"))
	}
	file.WriteString(row("wrong", "x", "RUB"))
	o := batch.Options{Key: key()}
	a := &asked{EarlierMap: batch.EarlierMap{}}
	taken(t, a.EarlierMap, other.String(), o)
	report := check(t, file.String(), batch.Checking{Options: o, Earlier: a, Keep: 7})
	// Not about wrong rows; and twice about those that are known, since whose they are is
	// not known before the end of the file.
	require.Equal(t, []int{1024, 1024, 352, 1024, 1024, 352}, a.groups)
	require.Equal(t, 2400, report.Overlaps)
	require.Len(t, report.Overlapping, 7)

	// What can't be asked is not passed for new.
	a.err = errors.New("no database")
	_, err := batch.Check(t.Context(), strings.NewReader(file.String()), int64(file.Len()), batch.Checking{Options: o, Earlier: a})
	require.ErrorIs(t, err, a.err)
	stop := errors.New("enough")
	a.err = nil
	_, err = batch.Check(t.Context(), strings.NewReader(file.String()), int64(file.Len()), batch.Checking{Options: o, Earlier: a, Overlapping: func(batch.Overlap) error { return stop }})
	require.ErrorIs(t, err, stop)
}

// A file of which earlier runs know nothing, or nothing but its own rows, is read once.
// Otherwise the second reading is about the rows alone that are known.
func TestTheSecondReadingOfAFile(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString(header)
	for i := range 2500 {
		text.WriteString(row(fmt.Sprintf("p-%d", i), fmt.Sprint(i+1), "RUB"))
	}
	o := batch.Options{Key: key()}
	checked := func(earlier string) (overlaps []int, groups []int, read int64) {
		a := &asked{EarlierMap: batch.EarlierMap{}}
		taken(t, a.EarlierMap, header+earlier, o)
		file := &counted{ReaderAt: strings.NewReader(text.String())}
		report, err := batch.Check(t.Context(), file, int64(text.Len()), batch.Checking{Options: o, Earlier: a})
		require.NoError(t, err)
		for _, o := range report.Overlapping {
			overlaps = append(overlaps, o.Line)
		}
		return overlaps, a.groups, file.read / int64(text.Len())
	}
	overlaps, groups, times := checked("")
	require.Empty(t, overlaps)
	require.Equal(t, []int{1024, 1024, 452}, groups)
	require.EqualValues(t, 1, times)

	overlaps, _, times = checked(row("p-7", "8", "RUB") + row("p-900", "901", "RUB"))
	require.Empty(t, overlaps, "the file's own")
	require.EqualValues(t, 1, times)

	overlaps, groups, times = checked(row("q-1", "8", "RUB") + row("q-2", "1000", "RUB"))
	require.Equal(t, []int{9, 1001}, overlaps)
	require.Equal(t, []int{1024, 1024, 452, 2}, groups)
	require.EqualValues(t, 2, times)

	// The earlier payout is a row of this file, further on.
	overlaps, groups, _ = checked(row("p-2400", "8", "RUB"))
	require.Empty(t, overlaps)
	require.Equal(t, []int{1024, 1024, 452, 1}, groups)
}

// counted counts the bytes that are read.
type counted struct {
	io.ReaderAt
	read int64
}

func (c *counted) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, at)
	c.read += int64(n)
	return n, err
}

// Rows that are rounded, and overlaps, are found in one go.
func TestOverlapsAndRoundedCards(t *testing.T) {
	t.Parallel()
	o := batch.Options{Key: key()}
	earlier := batch.EarlierMap{}
	taken(t, earlier, header+"q-1,1.00,RUB,card,4000000000000010,A B,x\n"+row("q-2", "1.00", "RUB"), o)
	file := header + "p-1,1.00,RUB,card,4000000000000010,A B,x\n" + row("p-2", "1.00", "RUB") + "p-3,1.00,RUB,card,4111111111111110,A B,x\n"
	report := check(t, file, batch.Checking{Options: o, Earlier: earlier})
	require.Equal(t, 1, report.Overlaps)
	require.Equal(t, "p-2", report.Overlapping[0].Reference)
	require.Equal(t, 2, report.Wrong)
}
