package pgtest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// T is what is used of a *testing.T.
type T interface {
	Helper()
	Cleanup(f func())
	Skip(args ...any)
	Fatalf(format string, args ...any)
}

// Server is a PostgreSQL server that this process has started.
type Server struct {
	folder   string // what it was made in
	binaries string
	settings []string

	mu      sync.Mutex
	process *os.Process // nil: it does not run
	ended   chan struct{}
	log     tail
}

// Start starts a server for one test, with settings such as "fsync=off" beside its own.
// It is stopped, and its data removed, when the test ends. Without binaries the test is
// skipped.
func Start(t T, settings ...string) *Server {
	t.Helper()
	if Binaries() == "" {
		t.Skip("SKIP POSTGRES: there are no binaries in /usr/lib/postgresql")
	}
	s, err := newServer(settings)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		if err := s.remove(); err != nil {
			t.Fatalf("pgtest: %v", err)
		}
	})
	return s
}

// Binaries returns the folder of the newest PostgreSQL that is installed as Debian
// does it, or "".
func Binaries() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.SortFunc(found, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(found[len(found)-1])
}

// Replica starts a second server, a standby that follows s, until it is promoted.
func (s *Server) Replica(t T) *Server {
	t.Helper()
	r, err := started(nil, func(r *Server) error {
		c := r.Command("pg_basebackup", "--pgdata="+r.data(), "--checkpoint=fast", "--write-recovery-conf", "--no-sync")
		c.Env = append(c.Env, "PGHOST="+s.folder)
		return c.Finish()
	})
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() { _ = r.remove() })
	return r
}

func newServer(settings []string) (*Server, error) { return started(settings, (*Server).make) }

func started(settings []string, fill func(*Server) error) (*Server, error) {
	folder, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		return nil, err
	}
	s := &Server{folder: folder, binaries: Binaries(), settings: settings}
	if err = give(folder); err == nil {
		err = fill(s)
	}
	if err == nil {
		err = s.Run()
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return s, nil
}

func (s *Server) make() error {
	// The default collation is a language's: what has to be compared by bytes must say so.
	return s.Command("initdb", "--pgdata="+s.data(), "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
		"--locale-provider=icu", "--icu-locale=en-US", "--no-sync", "--no-instructions").Finish()
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// Command returns a program of PostgreSQL's, to be run as the server's user against it.
func (s *Server) Command(name string, args ...string) Command {
	c := exec.CommandContext(context.Background(), filepath.Join(s.binaries, name), args...) // #nosec G204 -- of PostgreSQL's own, for as long as the test
	c.Dir, c.SysProcAttr = s.folder, attributes()
	c.Env = []string{"PGHOST=" + s.folder, "PGUSER=postgres", "LC_ALL=C", "PATH=/usr/bin:/bin"}
	return Command{c}
}

// Command is a program of PostgreSQL's.
type Command struct{ *exec.Cmd }

// Finish runs it, to its end.
func (c Command) Finish() error {
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(c.Path), err, out)
	}
	return nil
}

// Folder is where the server's data and its socket are.
func (s *Server) Folder() string { return s.folder }

// Socket is the path of its socket.
func (s *Server) Socket() string { return filepath.Join(s.folder, ".s.PGSQL.5432") }

// URL returns the address of a database of the server.
func (s *Server) URL(database string) string {
	u := url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: url.Values{"host": {s.folder}, "user": {"postgres"}}.Encode()}
	return u.String()
}

// Run starts the server, which was stopped, and returns when it takes connections.
func (s *Server) Run() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	args := []string{"-D", s.data(), "-k", s.folder}
	for _, set := range append([]string{
		"listen_addresses=", "fsync=on", "full_page_writes=on", "synchronous_commit=on", "max_connections=200",
		"shared_buffers=64MB", "log_min_messages=warning", "lc_messages=C", "logging_collector=off", "log_destination=stderr",
	}, s.settings...) {
		args = append(args, "-c", set)
	}
	c := s.Command("postgres", args...)
	lines, err := c.StderrPipe()
	if err != nil {
		return err
	}
	started, ready, ended := make(chan error, 1), make(chan bool, 1), make(chan struct{})
	go func() {
		// The kernel ends the child with the thread that started it, so that it outlives
		// this process in no case: this thread stays for as long as the child.
		runtime.LockOSThread()
		err := c.Start()
		started <- err
		if err == nil {
			s.read(lines, ready)
			_ = c.Wait()
		}
		close(ended)
	}()
	if err := <-started; err != nil {
		return err
	}
	s.process, s.ended = c.Process, ended
	select {
	case <-ready:
		return nil
	case <-ended:
		s.process = nil
		return fmt.Errorf("the server did not start: %s", s.log.text())
	}
}

// read reads the server's log to its end.
func (s *Server) read(lines io.Reader, ready chan<- bool) {
	for scan := bufio.NewScanner(lines); scan.Scan(); {
		s.log.add(scan.Bytes())
		// A standby is "ready to accept read-only connections", and again when promoted.
		if bytes.Contains(scan.Bytes(), []byte("database system is ready to accept ")) {
			select {
			case ready <- true:
			default:
			}
		}
	}
}

// Stop stops the server as one does on purpose: sessions are ended, and everything is
// written to disk. Kill stops it as a crash does: what was not synced to disk is not in
// its files, and its next start has to recover.
func (s *Server) Stop() { s.end(syscall.SIGINT) }

// Kill stops the server at once.
func (s *Server) Kill() { s.end(syscall.SIGQUIT) }

func (s *Server) end(how syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return
	}
	_ = s.process.Signal(how)
	<-s.ended
	s.process = nil
}

func (s *Server) remove() error {
	s.Kill()
	return os.RemoveAll(s.folder)
}

// tail keeps the last lines of a log.
type tail struct {
	mu    sync.Mutex
	lines []string
}

func (t *tail) add(line []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, string(line))
	t.lines = t.lines[max(0, len(t.lines)-30):]
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}

// Copy copies the data of a server that does not run, and returns what puts the copy back
// in its place.
func (s *Server) Copy() (restore func() error, err error) {
	copied := filepath.Join(s.folder, "copy")
	c := exec.CommandContext(context.Background(), "cp", "-a", s.data(), copied) // #nosec G204 -- of folders of its own
	c.SysProcAttr = attributes()
	if err := (Command{c}).Finish(); err != nil {
		return nil, err
	}
	return func() error { return errors.Join(os.RemoveAll(s.data()), os.Rename(copied, s.data())) }, nil
}
