package config

import (
	"path/filepath"
	"slices"
)

// NamedFile is a file that a configuration names, and what it is.
type NamedFile struct{ Path, What string }

// NamedFiles returns the configuration and all the files that it names, with those that
// SQLite and its lock keep beside a journal.
func (f *File) NamedFiles(s Sources) []NamedFile {
	out := []NamedFile{{f.path, "the configuration"}}
	add := func(path, what string) {
		if path != "" {
			out = append(out, NamedFile{s.Path(path), what})
		}
	}
	if f.Journal.SQLite != "" {
		path := s.Path(f.Journal.SQLite)
		add(path, "the journal")
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real // they are beside the file, not beside a link to it
		}
		for _, ending := range []string{"-wal", "-shm", "-journal", ".lock", ".moving"} {
			add(path+ending, "a part of the journal")
		}
	}
	add(f.Journal.Witness, "the journal's witness")
	add(f.Journal.Keyset, "the journal's keyset")
	for _, path := range f.SecretFiles() {
		if path != f.Journal.Keyset {
			add(path, "a key or another secret")
		}
	}
	for _, path := range f.certificates() {
		add(path, "a certificate")
	}
	return out
}

// certificates are the files that hold certificates, as they are written.
func (f *File) certificates() (out []string) {
	for _, p := range f.Providers {
		var h HTTP
		switch {
		case p.All2Pay != nil:
			h = p.All2Pay.HTTP
		case p.Bereke != nil:
			h = p.Bereke.HTTP
		case p.ConnPay != nil:
			h = p.ConnPay.HTTP
		}
		out = append(out, h.Roots, h.Certificate)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
