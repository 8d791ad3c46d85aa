package iso4217_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/internal/iso4217"
)

func list(t *testing.T) map[string]iso4217.Entry {
	t.Helper()
	entries, err := iso4217.List()
	require.NoError(t, err)
	byCode := make(map[string]iso4217.Entry, len(entries))
	for _, e := range entries {
		byCode[e.Code] = e
	}
	return byCode
}

func TestTableIsUpToDate(t *testing.T) {
	entries, err := iso4217.List()
	require.NoError(t, err)
	want, err := iso4217.Source(entries)
	require.NoError(t, err)
	have, err := os.ReadFile("../../currency_table.go")
	require.NoError(t, err)
	assert.Equal(t, string(want), string(have), "run `go generate .` in the repository's root")
}

// The generated table says in each of its columns what the list says.
func TestPackagePayoutAgrees(t *testing.T) {
	for code, e := range list(t) {
		c, err := payout.ParseCurrency(code)
		require.NoError(t, err)
		assert.Equal(t, payout.Currency(e.Numeric), c, code)
		assert.Equal(t, code, c.Code())
		assert.Equal(t, pad(e.Numeric), c.Numeric(), code)
		assert.Equal(t, e.Exponent, c.Exponent(), code)
		assert.Equal(t, e.Exponent != iso4217.NoExponent, payout.FromMinor(1, c) != payout.Money{}, code)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, tsv := range map[string]string{
		"too few columns":    "RUB\t643\t2",
		"too many columns":   "RUB\t643\t2\tRuble\tmore",
		"small letters":      "rub\t643\t2\tRuble",
		"two letters":        "RU\t643\t2\tRuble",
		"number of 2 digits": "ALL\t08\t2\tLek",
		"number 000":         "AAA\t000\t2\tNothing",
		"number with a sign": "AAA\t+12\t2\tNothing",
		"exponent of 5":      "RUB\t643\t5\tRuble",
		"no exponent":        "RUB\t643\t\tRuble",
		"no name":            "RUB\t643\t2\t",
		"code twice":         "RUB\t643\t2\tRuble\nRUB\t810\t2\tRuble",
		"out of order":       "USD\t840\t2\tDollar\nRUB\t643\t2\tRuble",
		"number twice":       "RUB\t643\t2\tRuble\nRUR\t643\t2\tRuble",
		"empty line":         "RUB\t643\t2\tRuble\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := iso4217.Parse(tsv)
			assert.Error(t, err)
		})
	}
}

// countries-list keeps these beyond the list, marked as withdrawn. Nothing else may differ.
var withdrawnInCountriesList = map[string]string{
	"ANG": "replaced by XCG (amendment 176)",
	"SLL": "replaced by SLE after 2022",
	"USS": "US dollar, same day: withdrawn in 2014",
}

func TestAgainstCountriesList(t *testing.T) {
	data, err := os.ReadFile("testdata/countries-list.tsv")
	require.NoError(t, err)
	ours := list(t)
	seen := 0
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		require.Len(t, columns, 4, line)
		code, number, decimals, withdrawn := columns[0], columns[1], columns[2], columns[3] == "withdrawn"

		e, found := ours[code]
		if !found {
			assert.True(t, withdrawn, "%s is theirs only, and they do not call it withdrawn", code)
			assert.Contains(t, withdrawnInCountriesList, code, "theirs only")
			continue
		}
		seen++
		assert.False(t, withdrawn, "%s is withdrawn, they say", code)
		assert.Equal(t, number, pad(e.Numeric), code)
		if e.Exponent == iso4217.NoExponent {
			// They write 0 where the standard says N.A.
			assert.Equal(t, "0", decimals, code)
			continue
		}
		assert.Equal(t, decimals, strconv.Itoa(e.Exponent), code)
	}
	assert.Equal(t, len(ours), seen, "codes that countries-list has too")
}

// Debian's package is older than our list, or newer, according to the Debian. These are what may differ, each with
// its reason.
var (
	onlyInDebian = map[string]string{
		"ANG": "replaced by XCG in 2025 (amendment 176)",
		"BGN": "replaced by EUR in 2026 (amendment 180)",
		"CUC": "withdrawn in 2025 (amendment 178)",
		"HRK": "replaced by EUR in 2023; iso-codes 4.15 of that year keeps it",
		"SLL": "replaced by SLE after 2022; iso-codes 4.15 keeps it",
		"ZWL": "replaced by ZWG in 2024 (amendment 177)",
	}
	onlyInOurs = map[string]string{
		"XAD": "added in 2025 (amendment 179)",
		"XCG": "added in 2025 (amendment 176)",
		"ZWG": "added in 2024 (amendment 177)",
	}
)

func TestAgainstDebian(t *testing.T) {
	data, err := os.ReadFile("/usr/share/iso-codes/json/iso_4217.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("SKIP: iso-codes is not installed")
	}
	require.NoError(t, err)
	var debian struct {
		Entries []struct {
			Code    string `json:"alpha_3"`
			Numeric string `json:"numeric"`
		} `json:"4217"`
	}
	require.NoError(t, json.Unmarshal(data, &debian))
	require.Greater(t, len(debian.Entries), 170, "the file has another shape than it had")

	ours := list(t)
	theirs := make(map[string]bool)
	for _, d := range debian.Entries {
		theirs[d.Code] = true
		e, found := ours[d.Code]
		if !found {
			assert.Contains(t, onlyInDebian, d.Code, "only in Debian")
			continue
		}
		assert.Equal(t, d.Numeric, pad(e.Numeric), d.Code)
	}
	for code := range ours {
		if !theirs[code] {
			assert.Contains(t, onlyInOurs, code, "only in ours")
		}
	}
}

func pad(n int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", 3-len(s)) + s
}
