package batch_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/payoutkit/payout/batch"
)

var million = flag.Bool("million", false, "run the tests of a million rows, each alone: -run TestAMillionRows/NAME")

// generated is a registry that is nowhere: each row is made where it is read. All
// have one length.
type generated struct {
	head string
	rows int64
	line func(i int64) string
}

func (g generated) size() int64 { return int64(len(g.head)) + g.rows*int64(len(g.line(0))) }

func (g generated) ReadAt(p []byte, at int64) (n int, err error) {
	length := int64(len(g.line(0)))
	for n < len(p) {
		here := at + int64(n)
		switch {
		case here < int64(len(g.head)):
			n += copy(p[n:], g.head[here:])
		case here >= g.size():
			return n, io.EOF
		default:
			i := here - int64(len(g.head))
			n += copy(p[n:], g.line(i / length)[i%length:])
		}
	}
	return n, nil
}

func right7(i int64) string {
	return "p-" + strconv.FormatInt(10000000+i, 10) + ",1500.00,RUB,card,4111111111111111,IVAN PETROV,October\n"
}

func wrong7(i int64) string {
	return "p-" + strconv.FormatInt(10000000+i, 10) + ",1e3,rub,cart,4111111111111112,IVAN\x00PETROV,October\n"
}

func bare7(i int64) string {
	return strconv.FormatInt(10000000+i, 10) + ",RUB,card,4111111111111111,IVAN PETROV,October\n"
}

// live is what the heap holds.
func live() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Of each row a few bytes are held, however long it is and whether it is right or
// not. No parallel: it looks at the memory of the process.
func TestMemoryOfARow(t *testing.T) {
	for name, c := range map[string]struct {
		head    string
		line    func(int64) string
		options batch.Checking
	}{
		"right":    {header, right7, batch.Checking{}},
		"wrong":    {header, wrong7, batch.Checking{}},
		"derived":  {bare, bare7, batch.Checking{Options: october()}},
		"long":     {header, func(i int64) string { return strings.TrimSuffix(right7(i), "\n") + strings.Repeat("x", 900) + "\n" }, batch.Checking{}},
		"overlaps": {header, right7, batch.Checking{Options: batch.Options{Key: key()}, Earlier: everything{}}},
		"rounded":  {header, func(i int64) string { return strings.Replace(right7(i), "4111111111111111", "4111111111111110", 1) }, batch.Checking{}},
	} {
		t.Run(name, func(t *testing.T) {
			held := func(rows int64) float64 {
				file := generated{c.head, rows, c.line}
				before := live()
				report, err := batch.Check(t.Context(), file, file.size(), c.options)
				require.NoError(t, err)
				require.EqualValues(t, rows, report.Rows)
				after := live()
				runtime.KeepAlive(report)
				return float64(after) - float64(before)
			}
			held(10)
			// A table of 16 bytes for a row is between one half and three quarters full.
			slope := (held(40000) - held(10000)) / 30000
			require.Less(t, slope, 35.0, "bytes for a row")
		})
	}
}

// However long the lines of a hostile file are, and however many columns they have, no
// more of them is held than a few. No parallel: it looks at the memory of the process.
func TestMemoryOfLongLines(t *testing.T) {
	for name, c := range map[string]struct {
		rows int64
		line string
	}{
		"columns": {64, strings.Repeat(",", 1<<18-2) + "x\n"},
		"text":    {512, strings.Repeat("x", 1<<18-1) + "\n"},
		"quotes":  {64, strings.Repeat(`"",`, 80000) + "x\n"},
	} {
		t.Run(name, func(t *testing.T) {
			file := generated{header, c.rows, func(int64) string { return c.line }}
			before, most, n := live(), uint64(0), 0
			_, err := batch.Check(t.Context(), file, file.size(), batch.Checking{Wrong: func(*batch.RowError) error {
				if n++; n%(int(file.rows)/8) == 0 {
					most = max(most, live())
				}
				return nil
			}})
			require.NoError(t, err)
			require.EqualValues(t, file.rows, n)
			require.Less(t, int64(most)-int64(before), int64(64<<20))
		})
	}
}

// everything was paid before.
type everything struct{}

func (everything) References(_ context.Context, keys []batch.OverlapKey) (map[batch.OverlapKey][]string, error) {
	out := map[batch.OverlapKey][]string{}
	for _, k := range keys {
		out[k] = []string{"other"}
	}
	return out, nil
}

// peak is the greatest memory that the process ever had, in bytes.
func peak(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kb), "kB")))
			require.NoError(t, err)
			return n << 10
		}
	}
	t.Fatal("the system does not say")
	return 0
}

// The whole process, with whatever Go's runtime takes, stays below 150 MB.
func TestAMillionRows(t *testing.T) {
	if !*million {
		t.Skip("SKIP LONG: takes the flag -million, and a process of its own for each case")
	}
	const rows = 1000000
	for name, c := range map[string]struct {
		head    string
		line    func(int64) string
		options batch.Checking
	}{
		"right":    {header, right7, batch.Checking{}},
		"wrong":    {header, wrong7, batch.Checking{}},
		"derived":  {bare, bare7, batch.Checking{Options: october()}},
		"overlaps": {header, right7, batch.Checking{Options: batch.Options{Key: key()}, Earlier: everything{}}},
	} {
		t.Run(name, func(t *testing.T) {
			file := generated{c.head, rows, c.line}
			begin := time.Now()
			report, err := batch.Check(t.Context(), file, file.size(), c.options)
			require.NoError(t, err)
			require.Equal(t, rows, report.Rows)
			t.Logf("%s: %d rows in %s, %d MB", name, report.Rows, time.Since(begin).Round(time.Millisecond), peak(t)>>20)
			require.Less(t, peak(t), 150<<20)
		})
	}
	t.Run("XLSX", func(t *testing.T) {
		path := os.Getenv("BATCH_XLSX")
		file, err := os.Open(path)
		require.NoError(t, err, "the file that TestWriteAMillionRows wrote")
		defer file.Close()
		info, err := file.Stat()
		require.NoError(t, err)
		begin := time.Now()
		report, err := batch.Check(t.Context(), file, info.Size(), batch.Checking{})
		require.NoError(t, err)
		require.Equal(t, rows, report.Right)
		t.Logf("XLSX: %d rows in %s, %d MB", report.Rows, time.Since(begin).Round(time.Millisecond), peak(t)>>20)
		require.Less(t, peak(t), 150<<20)
	})
}

// TestWriteAMillionRows writes the file for TestAMillionRows/XLSX: in a process of its
// own, since writing takes more memory than reading.
func TestWriteAMillionRows(t *testing.T) {
	path := os.Getenv("BATCH_XLSX")
	if !*million || path == "" {
		t.Skip("SKIP LONG: takes the flag -million, and BATCH_XLSX")
	}
	f := excelize.NewFile()
	s, err := f.NewStreamWriter("Sheet1")
	require.NoError(t, err)
	require.NoError(t, s.SetRow("A1", ours()[0]))
	for i := range 1000000 {
		require.NoError(t, s.SetRow(fmt.Sprintf("A%d", i+2), []any{fmt.Sprintf("p-%07d", i), 1500, "RUB", "card", "4111111111111111", "IVAN PETROV", "October"}))
	}
	require.NoError(t, s.Flush())
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
}
