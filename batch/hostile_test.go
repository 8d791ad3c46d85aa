package batch_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

const (
	isDamaged = "the file is damaged or was cut off: it is no whole XLSX"
	tooMuch   = "the file unpacks to more than a registry can need"
	tooLong   = "the file has a row or a cell that is longer than 262144 bytes"
)

// ended is how reading a file ends: with its header, or with a row.
func ended(t *testing.T, file string) error {
	t.Helper()
	r, err := batch.Open(strings.NewReader(file), int64(len(file)), batch.Options{})
	for err == nil {
		_, err = r.Next()
	}
	return err
}

// Wherever a file is cut, it is seen: no row is lost in silence.
func TestXLSXThatIsCutOff(t *testing.T) {
	t.Parallel()
	all := ours()
	for i := range 50 {
		all = append(all, []any{fmt.Sprintf("q-%d", i), 1, "RUB", "card", "4111111111111111", "A B", "x"})
	}
	file := string(spreadsheet(t, all...))
	require.ErrorIs(t, ended(t, file), io.EOF)
	for n := 8; n < len(file); n += 101 {
		require.EqualError(t, ended(t, file[:n]), isDamaged, "after %d bytes", n)
	}
	_, err := batch.Check(t.Context(), strings.NewReader(file[:len(file)/2]), int64(len(file)/2), batch.Checking{})
	require.EqualError(t, err, isDamaged)
	require.ErrorIs(t, err, payout.ErrInvalid)
}

// A worksheet that ends too early inside of a whole archive.
func TestWorksheetsThatAreDamaged(t *testing.T) {
	t.Parallel()
	row := cells(2, "p-1", "1500.00", "RUB", "card", "4111111111111111", "IVAN PETROV", "October")
	whole := sheetXML(headCells() + row)
	for name, sheet := range map[string]string{
		"cut off between rows":   whole[:strings.Index(whole, "</sheetData>")],
		"cut off in a row":       whole[:strings.LastIndex(whole, "<c ")],
		"cut off at its header":  whole[:200],
		"no sheet data":          xmlHead + `<worksheet></worksheet>`,
		"empty":                  " ",
		"no XML":                 strings.Repeat("x", 100),
		"crossed elements":       sheetXML(headCells() + `<row><c></row></c>`),
		"an entity of its own":   xmlHead + `<!DOCTYPE x [<!ENTITY a "b">]>` + sheetXML(headCells() + strings.Replace(row, "October", "&a;", 1))[len(xmlHead):],
		"another encoding":       strings.Replace(whole, "UTF-8", "windows-1251", 1),
		"a row twice":            sheetXML(headCells() + row + row),
		"rows out of order":      sheetXML(headCells() + strings.Replace(row, `r="2"`, `r="1"`, 1)),
		"cells out of order":     sheetXML(headCells() + `<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>`),
		"a cell of another row":  sheetXML(headCells() + `<row r="2"><c r="A3"><v>1</v></c></row>`),
		"a cell without a place": sheetXML(headCells() + `<row r="2"><c r="2A"><v>1</v></c></row>`),
		"a column beyond all":    sheetXML(headCells() + `<row r="2"><c r="XFE2"><v>1</v></c></row>`),
	} {
		t.Run(name, func(t *testing.T) {
			require.EqualError(t, ended(t, book(t, map[string]string{"xl/worksheets/sheet1.xml": sheet})), isDamaged)
		})
	}
	require.EqualError(t, ended(t, book(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(headCells() + `<row r="1048577"></row>`)})),
		"the file has more rows than a worksheet can have")
}

func TestWorkbooksThatAreDamaged(t *testing.T) {
	t.Parallel()
	for name := range parts() {
		t.Run("without "+name, func(t *testing.T) {
			require.EqualError(t, ended(t, book(t, map[string]string{name: ""})), "the file is no XLSX, or one without its workbook: a part of it is missing")
		})
		t.Run("not XML "+name, func(t *testing.T) {
			require.EqualError(t, ended(t, book(t, map[string]string{name: "<"})), isDamaged)
		})
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	require.NoError(t, w.Close())
	require.EqualError(t, ended(t, b.String()), "the file is no XLSX, or one without its workbook: a part of it is missing")

	w = zip.NewWriter(&b)
	for range 2 {
		_, err := w.Create("xl/workbook.xml")
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.EqualError(t, ended(t, b.String()), "the file has two parts of one name, so which of them counts can't be told")
	require.EqualError(t, ended(t, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 512)),
		"the file is a spreadsheet with a password, or of the format before XLSX: save it as XLSX without a password, or as CSV")
}

// A byte that changed on the way is seen by the archive's own sum, at the part's end
// at the latest.
func TestXLSXWithAByteChanged(t *testing.T) {
	t.Parallel()
	file := book(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(headCells() +
		cells(2, "p-1", "1500.00", "RUB", "card", "4111111111111111", "IVAN PETROV", "October"))})
	r, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	for _, part := range r.File {
		if part.Name != "xl/worksheets/sheet1.xml" {
			continue
		}
		begin, err := part.DataOffset()
		require.NoError(t, err)
		unchanged := 0
		defer func() { require.Less(t, unchanged, 4) }()
		for i := begin; i < begin+int64(part.CompressedSize64); i++ {
			changed := []byte(file)
			changed[i] ^= 0x10
			err := ended(t, string(changed))
			if errors.Is(err, io.EOF) { // in bits that only fill a byte up: nothing has changed
				unchanged++
				require.Equal(t, card(), rows(t, openWith(t, string(changed), batch.Options{}))[0].Request)
				continue
			}
			require.ErrorIs(t, err, payout.ErrInvalid)
		}
	}
}

// repeated is a text over and over, up to a size.
type repeated struct {
	text string
	size int64
	at   int64
}

func (r *repeated) Read(p []byte) (int, error) {
	n, err := r.ReadAt(p, r.at)
	r.at += int64(n)
	return n, err
}

func (r *repeated) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) && at < r.size {
		c := copy(p[n:min(int64(len(p)), int64(n)+r.size-at)], r.text[at%int64(len(r.text)):])
		n, at = n+c, at+int64(c)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// bomb packs a part that is a beginning and a text over and over.
func bomb(t *testing.T, name, begin, text string, size int64) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestSpeed) })
	for other, content := range parts() {
		part, err := w.Create(other)
		require.NoError(t, err)
		if other != name {
			_, err = io.WriteString(part, content)
		} else {
			_, err = io.Copy(part, io.MultiReader(strings.NewReader(begin), &repeated{text: text, size: size}))
		}
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.String()
}

// allocated is how many bytes are allocated meanwhile.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Archives that unpack to far more than they are. No parallel: it looks at the memory
// of the process.
func TestZipBombs(t *testing.T) {
	sheet, begin := "xl/worksheets/sheet1.xml", strings.TrimSuffix(sheetXML(headCells()), "</sheetData></worksheet>")
	for _, c := range []struct{ name, part, begin, text, want string }{
		{"a huge cell", sheet, begin + `<row><c t="inlineStr"><is><t>`, strings.Repeat("x", 4096), tooLong},
		{"a huge number of cells", sheet, begin + `<row>`, `<c t="inlineStr"><is><t>x</t></is></c>`, tooLong},
		{"a huge attribute", sheet, begin + `<row r="`, strings.Repeat("1", 4096), tooLong},
		{"a huge space", sheet, begin, strings.Repeat(" ", 4096), tooLong},
		{"a huge comment", sheet, begin + "<!--", strings.Repeat("x", 4096), tooLong},
		{"deep elements", sheet, begin + "<row><c>", "<a>", tooLong},
		{"rows without end", sheet, begin, "<row/>", "the file has more rows than a worksheet can have"},
		{"a huge shared text", "xl/sharedStrings.xml", xmlHead + "<sst><si><t>", strings.Repeat("x", 4096), tooLong},
		{
			"too many shared texts", "xl/sharedStrings.xml", xmlHead + "<sst>", "<si><t>" + strings.Repeat("x", 32000) + "</t></si>",
			"the file has more texts than are read from a spreadsheet: save it as CSV",
		},
		{"a huge workbook", "xl/workbook.xml", xmlHead + "<workbook>", strings.Repeat(" ", 4096), tooMuch},
		{"a huge list of parts", "xl/_rels/workbook.xml.rels", relHead, "<Relationship/>", tooMuch},
	} {
		t.Run(c.name, func(t *testing.T) {
			size, limit := int64(32<<20), uint64(16<<20)
			switch c.name {
			case "rows without end":
				limit = 512 << 20 // allocated in turn, not held: 200 bytes for a million of rows
			case "too many shared texts":
				size, limit = 72<<20, 256<<20 // 64 MB are held
			case "deep elements":
				limit = 32 << 20 // 87381 of them
			}
			file := bomb(t, c.part, c.begin, c.text, size)
			require.Less(t, len(file), 1<<20)
			require.Less(t, allocated(func() { require.EqualError(t, ended(t, file), c.want) }), limit)
		})
	}
}

// An archive may lie about how much its parts unpack to.
func TestAZipBombThatLies(t *testing.T) {
	t.Parallel()
	file := []byte(bomb(t, "xl/workbook.xml", xmlHead+"<workbook>", strings.Repeat(" ", 4096), 8<<20))
	// The directory's record of the part says 100 bytes.
	i := bytes.LastIndex(file, []byte("xl/workbook.xml"))
	copy(file[i-46+24:], []byte{100, 0, 0, 0})
	require.EqualError(t, ended(t, string(file)), isDamaged)
}

func TestAnArchiveOfTooManyParts(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range 30000 {
		_, err := w.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("xl/media/%d", i), Method: zip.Store})
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.EqualError(t, ended(t, b.String()), "the file has too many parts to be a registry")
}

// A disk that fails is no fault of the file's.
func TestXLSXThatCannotBeRead(t *testing.T) {
	t.Parallel()
	file := spreadsheet(t, ours()...)
	failed := errors.New("the disk is on fire")
	for n := int64(0); n < int64(len(file)); n += 31 {
		_, err := batch.Open(failing{bytes.NewReader(file), n, failed}, int64(len(file)), batch.Options{})
		if err != nil {
			require.ErrorIs(t, err, failed)
			require.NotErrorIs(t, err, payout.ErrInvalid)
		}
	}
}

// failing fails where a byte is read.
type failing struct {
	io.ReaderAt
	at  int64
	err error
}

func (f failing) ReadAt(p []byte, at int64) (int, error) {
	if at <= f.at && f.at < at+int64(len(p)) {
		return 0, f.err
	}
	return f.ReaderAt.ReadAt(p, at)
}

// One field of a gigabyte: an error at the bound, and no memory for it.
func TestAFieldOfAGigabyte(t *testing.T) {
	const size = 1 << 30
	for name, begin := range map[string]string{"plain": begun, "quoted": begun + `"`} {
		t.Run(name, func(t *testing.T) {
			file := io.MultiReader(strings.NewReader(header+right+begin), &repeated{text: strings.Repeat("x", 1<<16), size: size}, strings.NewReader("\n"+after))
			bytes := allocated(func() {
				r, err := batch.NewReader(file, payout.Kinds()...)
				require.NoError(t, err)
				all := rows(t, r)
				require.Equal(t, []string{"p-1"}, references(all))
				require.EqualError(t, all[1].Err, "lines 3 to 5: is longer than 262144 bytes"+theRest)
			})
			require.Less(t, bytes, uint64(2<<20))
		})
	}
	// And as a header.
	bytes := allocated(func() {
		_, err := batch.Open(&repeated{text: strings.Repeat("x", 1<<16), size: size}, size, batch.Options{})
		require.EqualError(t, err, "line 1: is no header: a registry begins with the names of its columns, such as reference,amount,currency,destination")
	})
	require.Less(t, bytes, uint64(2<<20))
}

func TestNULBytes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, want string }{
		"in a text":      {header + "p-1,1.00,RUB,card,4111111111111111,A\x00B,x\n", "line 2: column 6 (recipient.name): must not contain control characters"},
		"in a reference": {header + "p\x00,1.00,RUB,card,4111111111111111,A B,x\n", "line 2: column 1 (reference): must not contain control characters"},
		"in an amount": {header + "p-1,1\x00,RUB,card,4111111111111111,A B,x\n", "line 2: column 2 (amount): must not contain control characters; " +
			"column 2 (amount): must be digits with at most one dot, such as 1500.00"},
		"in metadata": {"reference,amount,currency,destination,metadata.a\np-1,1.00,RUB,hosted_page,\x00\n", "line 2: column 5 (metadata.a): must not contain control characters"},
		"a row of it": {header + strings.Repeat("\x00", 100) + "\n", "line 2: has 1 columns, the header 7"},
	} {
		t.Run(name, func(t *testing.T) { require.EqualError(t, one(t, c.file).Err, c.want) })
	}
	_, err := batch.NewReader(strings.NewReader(strings.Repeat("\x00", 4096)), payout.Kinds()...)
	require.EqualError(t, err, "line 1: is no header: a registry begins with the names of its columns, such as reference,amount,currency,destination")
	_, err = batch.NewReader(strings.NewReader("reference,amount,currency,destination,a\x00b\n"), payout.Kinds()...)
	require.EqualError(t, err, "line 1: column 5: is not a column of a registry")
}
