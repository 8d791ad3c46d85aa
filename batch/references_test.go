package batch_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

const bare = "amount,currency,destination,card.number,recipient.name,description\n"

func bareRow(amount, name, description string) string {
	return amount + ",RUB,card,4111111111111111," + name + "," + description + "\n"
}

// derived are the references of a file's rows, which all have to be right.
func derived(t require.TestingT, file string, o batch.Options) (out []string) {
	r, err := batch.Open(strings.NewReader(file), int64(len(file)), o)
	require.NoError(t, err)
	for {
		row, err := r.Next()
		if err != nil {
			return out
		}
		require.NoError(t, row.Err)
		out = append(out, row.Reference)
	}
}

// The rules of all banks: at most 20 characters more than once, no '_', no capitals
// that matter. 24 characters are the fewest that any real one allows for (32:
// all2pay:210, bereke:317; 128: connpay:18).
func TestDerivedReferencesFitTheBanks(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^b[a-z2-7]{23}$`)
	var file strings.Builder
	file.WriteString(bare)
	for i := range 200 {
		file.WriteString(bareRow(fmt.Sprint(i%20+1), "A B", "x"))
	}
	all := derived(t, file.String(), october())
	require.Len(t, all, 200)
	for _, reference := range all {
		require.Regexp(t, form, reference)
		for _, rule := range []payout.ReferenceRule{{}, {Max: 24}, {Max: 32}, {Max: 128, Alphabet: payout.Alphanumeric + "-_."}, {Alphabet: payout.Alphanumeric}} {
			require.Empty(t, rule.Check(reference))
		}
	}
	slices.Sort(all)
	require.Len(t, slices.Compact(all), 200, "equal rows have references of their own")
}

// These were calculated by another program: what derives them may not change from one release to
// the next, or a file that is read again would be paid again.
func TestADerivedReferenceNeverChanges(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"bftno4xkvtoudpwuwnrbrbbn", "b7y7sogr5ghiposjrv736kp4", "budw5e6rgvwk2gnjgdxzlmlg"},
		derived(t, bare+bareRow("1500.00", "IVAN PETROV", "October")+bareRow("1500.00", "IVAN PETROV", "October")+bareRow("1.00", "", ""), october()))
}

func TestWhatADerivedReferenceDependsOn(t *testing.T) {
	t.Parallel()
	same := derived(t, bare+bareRow("1500.00", "A B", "x"), october())
	for name, file := range map[string]string{
		"how the amount is written": bare + bareRow("01500.0", "A B", "x"),
		"empty columns":             "amount,currency,destination,card.number,recipient.name,description,sbp.phone,metadata.a\n1500.00,RUB,card,4111111111111111,A B,x,,\n",
		"the order of columns":      "description,destination,recipient.name,card.number,currency,amount\nx,card,A B,4111111111111111,RUB,1500.00\n",
		"semicolons, mark, CRLF":    "\ufeff" + strings.ReplaceAll(strings.ReplaceAll(bare+bareRow("1500.00", "A B", "x"), ",", ";"), "\n", "\r\n"),
		"quotes":                    bare + `"1500.00","RUB",card,"4111111111111111","A B","x"` + "\n",
		"empty lines":               "\n\n" + bare + "\n,,,,,\n" + bareRow("1500.00", "A B", "x") + "\n",
	} {
		t.Run("not on "+name, func(t *testing.T) { require.Equal(t, same, derived(t, file, october())) })
	}
	// Case is no part of the id that an operator types.
	require.Equal(t, same, derived(t, bare+bareRow("1500.00", "A B", "x"), batch.Options{Batch: "OCTOBER", Key: key()}))
	for name, file := range map[string]string{
		"the amount":           bare + bareRow("1500.01", "A B", "x"),
		"the currency":         strings.ReplaceAll(bare+bareRow("1500.00", "A B", "x"), "RUB", "USD"),
		"the minor unit":       strings.ReplaceAll(bare+bareRow("150000", "A B", "x"), "RUB", "JPY"),
		"the destination":      strings.ReplaceAll(bare+bareRow("1500.00", "A B", "x"), "4111111111111111", "5555555555554444"),
		"the recipient":        bare + bareRow("1500.00", "A C", "x"),
		"the description":      bare + bareRow("1500.00", "A B", "y"),
		"what stands where":    bare + bareRow("1500.00", "x", "A B"),
		"where a text ends":    bare + bareRow("1500.00", "A", "Bx"),
		"another column":       "amount,currency,destination,card.number,recipient.name,metadata.description\n1500.00,RUB,card,4111111111111111,A B,x\n",
		"an empty description": bare + bareRow("1500.00", "A B", ""),
	} {
		t.Run("on "+name, func(t *testing.T) { require.NotEqual(t, same, derived(t, file, october())) })
	}
	require.NotEqual(t, same, derived(t, bare+bareRow("1500.00", "A B", "x"), batch.Options{Batch: "november", Key: key()}))
	require.NotEqual(t, same, derived(t, bare+bareRow("1500.00", "A B", "x"), batch.Options{Batch: "october", Key: payout.NewSecret(strings.Repeat("l", 32))}))
}

// The portal's template says the same as our columns.
func TestOneReferenceInBothLayouts(t *testing.T) {
	t.Parallel()
	ours := "amount,currency,destination,card.number,description\n10.00,EUR,card,4111111111111111,test 1\n2345.00,USD,card,4111111111111111,test 2\n"
	require.Equal(t, derived(t, ours, october()), derived(t, portalSample, october()))
}

// A column of references is not touched by a batch id.
func TestAColumnOfReferencesComesFirst(t *testing.T) {
	t.Parallel()
	row := rows(t, openWith(t, header+right+strings.Replace(right, "p-1", "", 1), october()))
	require.Equal(t, "p-1", row[0].Request.Reference)
	require.EqualError(t, row[1].Err, "line 3: column 1 (reference): is required")
}

// payoutRow is a row of which a file may have several.
type payoutRow struct{ amount, currency, number, name, note string }

func drawRows(t *rapid.T) []payoutRow {
	// Few values, so that there are equal rows.
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) payoutRow {
		return payoutRow{
			rapid.SampledFrom([]string{"1.00", "2.50", "1000"}).Draw(t, "amount"),
			rapid.SampledFrom([]string{"RUB", "USD"}).Draw(t, "currency"),
			rapid.SampledFrom([]string{"4111111111111111", "5555555555554444"}).Draw(t, "card"),
			rapid.SampledFrom([]string{"", "A B", "Иванов, Иван"}).Draw(t, "name"),
			rapid.SampledFrom([]string{"", `say "hi"; then go`, "x"}).Draw(t, "note"),
		}
	}), 0, 40).Draw(t, "rows")
}

// saved writes rows as some program might: in any order of columns, with another
// separator, quotes, line ends, columns that are empty, and another encoding.
func saved(t *rapid.T, all []payoutRow) (file string, o batch.Options) {
	o = october()
	columns := rapid.Permutation([]string{"amount", "currency", "destination", "card.number", "recipient.name", "description", "metadata.none", "sbp.phone"}).Draw(t, "columns")
	separator := rapid.SampledFrom([]string{",", ";"}).Draw(t, "separator")
	end := rapid.SampledFrom([]string{"\n", "\r\n", "\n\n"}).Draw(t, "line end")
	var b strings.Builder
	write := func(value func(column string) string) {
		for i, c := range columns {
			text := value(c)
			if strings.ContainsAny(text, `,;"`) || rapid.Bool().Draw(t, "quoted") {
				text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
			}
			if i > 0 {
				b.WriteString(separator)
			}
			b.WriteString(text)
		}
		b.WriteString(end)
	}
	write(func(c string) string { return c })
	for _, row := range all {
		write(func(c string) string {
			return map[string]string{
				"amount": row.amount, "currency": row.currency, "destination": "card", "card.number": row.number,
				"recipient.name": row.name, "description": row.note,
			}[c]
		})
	}
	file = b.String()
	if rapid.Bool().Draw(t, "Windows-1251") {
		o.Encoding = batch.Windows1251
		file = strings.NewReplacer("Иванов", "\xc8\xe2\xe0\xed\xee\xe2", "Иван", "\xc8\xe2\xe0\xed").Replace(file)
	}
	return file, o
}

func sorted(all []string) []string {
	out := slices.Clone(all)
	slices.Sort(out)
	return out
}

// Whoever sorts a file or saves it again asks for the same payouts.
func TestPropertyOrderAndFormMeanNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := drawRows(t)
		file, o := saved(t, all)
		again, p := saved(t, rapid.Permutation(all).Draw(t, "order"))
		a, b := sorted(derived(t, file, o)), sorted(derived(t, again, p))
		require.Equal(t, a, b)
		require.Len(t, slices.Compact(a), len(all), "no two rows have one reference")
	})
}

// Correcting a row changes one reference. Adding or taking away rows changes none of
// the others.
func TestPropertyACorrectionIsItsRowsAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := append(drawRows(t), payoutRow{"1.00", "RUB", "4111111111111111", "A B", "x"})
		before, o := saved(t, all)
		i := rapid.IntRange(0, len(all)-1).Draw(t, "row")
		corrected := slices.Clone(all)
		corrected[i].note = "corrected"
		after, p := saved(t, corrected)
		a, b := sorted(derived(t, before, o)), sorted(derived(t, after, p))
		require.Len(t, common(a, b), len(all)-1)

		fewer, q := saved(t, slices.Delete(slices.Clone(all), i, i+1))
		require.Len(t, common(a, sorted(derived(t, fewer, q))), len(all)-1)
	})
}

// common counts what two sets have in common.
func common(a, b []string) (out []string) {
	for _, s := range a {
		if slices.Contains(b, s) {
			out = append(out, s)
		}
	}
	return out
}

// Many equal rows cost little more than others.
func TestManyEqualRows(t *testing.T) {
	t.Parallel()
	const n = 20000
	report := check(t, bare+strings.Repeat(bareRow("1.00", "A B", "x"), n), batch.Checking{Options: october()})
	require.Equal(t, n, report.Right)
	require.Equal(t, n-1, report.Repeated)
	again, err := report.Reader()
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, row := range rows(t, again) {
		require.NoError(t, row.Err)
		seen[row.Reference] = true
	}
	require.Len(t, seen, n)
}

func TestOptionsThatAreWrong(t *testing.T) {
	t.Parallel()
	const begin = "payout: invalid, nothing was sent: batch options."
	for want, o := range map[string]batch.Options{
		"batch: has a character at position 4 that is not allowed; allowed are ASCII letters, digits - _ .": {Batch: "oct ober", Key: key()},
		"batch: must be at most 64 characters":                          {Batch: strings.Repeat("b", 65), Key: key()},
		"key: is required where references are derived from a batch id": {Batch: "october"},
		"key: must have at least 32 bytes":                              {Batch: "october", Key: payout.NewSecret(strings.Repeat("k", 31))},
		"kinds: must be at least one":                                   {Kinds: []payout.Kind{}},
		"layout: is none that there is":                                 {Layout: 3},
		"encoding: is none that there is":                               {Encoding: 2},
	} {
		t.Run(want, func(t *testing.T) {
			_, err := batch.Open(strings.NewReader(header), int64(len(header)), o)
			require.EqualError(t, err, begin+want)
			require.ErrorIs(t, err, payout.ErrInvalid)
		})
	}
	_, err := batch.Check(t.Context(), strings.NewReader(header), int64(len(header)), batch.Checking{Earlier: batch.EarlierMap{}})
	require.EqualError(t, err, begin+"key: is required where rows are compared with those of earlier runs")
}
