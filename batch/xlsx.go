package batch

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Bounds of an XLSX file. Its parts are read as streams, so they bound time more than
// memory; what is kept are the directory and the shared strings.
const (
	maxDirectory = 1 << 20 // bytes of the archive's directory
	maxSmallPart = 1 << 20 // bytes of a part that is read whole
	maxPart      = 2 << 30 // bytes that a worksheet or the shared strings unpack to
)

const damaged = "is damaged or was cut off: it is no whole XLSX"

// workbook is an XLSX file.
type workbook struct {
	source *source
	parts  map[string]*zip.File // by name, in lower case
}

// source is the file, and keeps its own error: what else goes wrong is the content's
// fault.
type source struct {
	file io.ReaderAt
	left int64 // bytes that may still be read; below 0: any number
	err  error
}

var errDirectory = errors.New("the directory is too long")

func (s *source) ReadAt(p []byte, at int64) (int, error) {
	if at < 0 { // an archive says so of a part
		return 0, zip.ErrFormat
	}
	if s.left >= 0 {
		if s.left < int64(len(p)) {
			return 0, errDirectory
		}
		s.left -= int64(len(p))
	}
	n, err := s.file.ReadAt(p, at)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// fail returns what a failure to read means.
func (s *source) fail(err error) error {
	var known *FileError
	switch {
	case s.err != nil:
		return s.err
	case errors.As(err, &known):
		return err
	case errors.Is(err, errDirectory):
		return fileError("has too many parts to be a registry", err)
	case errors.Is(err, io.EOF): // no part may end before its last element
		return fileError(damaged, io.ErrUnexpectedEOF)
	default:
		return fileError(damaged, err)
	}
}

func newXLSXReader(file io.ReaderAt, size int64, o Options) (*Reader, error) {
	s := &source{file: file, left: maxDirectory}
	archive, err := zip.NewReader(s, size)
	if err != nil {
		return nil, broken(s.fail(err))
	}
	s.left = -1
	book := &workbook{source: s, parts: map[string]*zip.File{}}
	for _, f := range archive.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if book.parts[name] != nil {
			return nil, fileError("has two parts of one name, so which of them counts can't be told", nil)
		}
		book.parts[name] = f
	}
	sheet, err := book.sheet(o.Sheet)
	if err != nil {
		return nil, broken(s.fail(err))
	}
	return sheet.open(o)
}

// relationships are a part's references to others.
type relationships struct {
	List []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
	base string
}

func (r relationships) find(match func(id, kind string) bool) (name string) {
	for _, rel := range r.List {
		if match(rel.ID, rel.Type) {
			if strings.HasPrefix(rel.Target, "/") {
				return strings.TrimPrefix(path.Clean(rel.Target), "/")
			}
			return path.Join(r.base, rel.Target)
		}
	}
	return ""
}

func ofType(suffix string) func(id, kind string) bool {
	return func(_, kind string) bool { return strings.HasSuffix(kind, suffix) }
}

// sheet finds the worksheet that is meant.
func (b *workbook) sheet(name string) (*worksheet, error) {
	var root, rels relationships
	if err := b.small("_rels/.rels", &root); err != nil {
		return nil, err
	}
	main := root.find(ofType("/officeDocument"))
	rels.base = path.Dir(main)
	if err := b.small(path.Join(rels.base, "_rels", path.Base(main)+".rels"), &rels); err != nil {
		return nil, err
	}
	var contents struct {
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			// Strict OOXML has a name of its own for the same thing.
			StrictID string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := b.small(main, &contents); err != nil {
		return nil, err
	}
	var found []string
	for _, s := range contents.Sheets {
		part := rels.find(func(id, kind string) bool {
			return (id == s.ID || id == s.StrictID) && id != "" && strings.HasSuffix(kind, "/worksheet")
		})
		hidden := s.State != "" && s.State != "visible"
		if name != "" && strings.EqualFold(name, s.Name) && hidden {
			return nil, fileError("has that worksheet hidden: show it first", nil)
		}
		if part != "" && !hidden && (name == "" || strings.EqualFold(name, s.Name)) {
			found = append(found, part)
		}
	}
	switch {
	case len(found) == 0 && name != "":
		return nil, fileError("has no worksheet of that name", nil)
	case len(found) != 1:
		return nil, fileError(fmt.Sprintf("has %d worksheets that are not hidden: say which one is the registry", len(found)), nil)
	}
	shared, err := b.shared(rels.find(ofType("/sharedStrings")))
	if err != nil {
		return nil, err
	}
	part, err := b.part(found[0])
	if err != nil {
		return nil, err
	}
	return &worksheet{source: b.source, part: part, shared: shared}, nil
}

// small reads a part whole.
func (b *workbook) small(name string, into any) error {
	part, err := b.open(name, maxSmallPart)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(part, maxSmallPart+1))
	if err != nil {
		return err
	}
	if len(text) > maxSmallPart {
		return fileError("unpacks to more than a registry can need", nil)
	}
	return xml.NewDecoder(bytes.NewReader(text)).Decode(into)
}

func (b *workbook) open(name string, limit uint64) (io.Reader, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, fileError("is no XLSX, or one without its workbook: a part of it is missing", nil)
	}
	if f.UncompressedSize64 > limit {
		return nil, fileError("unpacks to more than a registry can need", nil)
	}
	return f.Open()
}
