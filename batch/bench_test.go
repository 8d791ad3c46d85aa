package batch_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// million writes a registry as platforms have them.
func registry(rows int) []byte {
	var b bytes.Buffer
	b.WriteString(header)
	for i := range rows {
		fmt.Fprintf(&b, "p-%07d,%d.%02d,RUB,card,%s,IVAN PETROV,October salary\n", i, i%5000+1, i%100, cards[i%len(cards)])
	}
	return b.Bytes()
}

var cards = []string{"4111111111111111", "5555555555554444", "2200000000000004", "6011000990139424"}

// readCSV is what encoding/csv alone needs.
func readCSV(b *testing.B, file []byte) {
	r := csv.NewReader(bytes.NewReader(file))
	for {
		if _, err := r.Read(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheck checks a file, and has encoding/csv read it, one after the other: the
// shortest of each counts, since other programs use the processors too. The last
// figure is the goal's: at most 3.
func BenchmarkCheck(b *testing.B) {
	const rows = 1000000
	file := registry(rows)
	noReferences := bytes.ReplaceAll(bytes.ReplaceAll(file, []byte("\np-"), []byte("\n")), []byte("reference,"), []byte("metadata.id,"))
	key := payout.NewSecret(strings.Repeat("k", 32))
	for _, c := range []struct {
		name    string
		file    []byte
		options batch.Checking
	}{
		{"column of references", file, batch.Checking{}},
		{"derived references", noReferences, batch.Checking{Options: batch.Options{Batch: "october", Key: key}}},
		{"with overlaps", file, batch.Checking{Options: batch.Options{Key: key}, Earlier: batch.EarlierMap{}}},
		{"with corrections", file, batch.Checking{Options: batch.Options{Batch: "october", Key: key}, Earlier: batch.EarlierMap{}}},
	} {
		b.Run(strings.ReplaceAll(c.name, " ", "_"), func(b *testing.B) {
			ours, theirs := time.Hour, time.Hour
			for b.Loop() {
				begin := time.Now()
				report, err := batch.Check(b.Context(), bytes.NewReader(c.file), int64(len(c.file)), c.options)
				ours = min(ours, time.Since(begin))
				require.NoError(b, err)
				require.Equal(b, rows, report.Right)
				begin = time.Now()
				readCSV(b, c.file)
				theirs = min(theirs, time.Since(begin))
			}
			b.ReportMetric(float64(ours.Nanoseconds())/rows, "ns/row")
			b.ReportMetric(float64(theirs.Nanoseconds())/rows, "csv-ns/row")
			b.ReportMetric(float64(ours)/float64(theirs), "times-csv")
		})
	}
}
