// Command fuzz runs every fuzzer of the repository for a while, two at a time:
//
//	go run ./internal/repository/fuzz                      a second each
//	go run ./internal/repository/fuzz -for 5m -run Parse   long, and only some
//
// It looks for them itself, in every module of the workspace, so that none has to be
// listed. What is found is kept by the testing package in the fuzzer's testdata/fuzz.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

func main() {
	each := flag.Duration("for", time.Second, "how long each fuzzer runs")
	which := flag.String("run", "", "only fuzzers whose package and name match this `expression`, such as rbs.FuzzAnswer")
	parallel := flag.Int("parallel", 2, "how many run at once")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *each, *which, *parallel, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}

// run runs them all, and returns what failed.
func run(ctx context.Context, each time.Duration, which string, parallel int, out io.Writer) error {
	match, err := regexp.Compile(which)
	if err != nil {
		return fmt.Errorf("-run: %w", err)
	}
	packages, err := list(ctx)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "payout-fuzz")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	r := runner{each: each, folder: folder, out: out, slots: make(chan struct{}, parallel)}
	var all sync.WaitGroup
	for _, p := range packages {
		names := p.fuzzers(match)
		if len(names) == 0 {
			continue
		}
		r.slots <- struct{}{}
		binary, err := r.build(ctx, p)
		<-r.slots
		if err != nil {
			r.failed(err)
			continue
		}
		for _, name := range names {
			r.slots <- struct{}{}
			all.Go(func() {
				defer func() { <-r.slots }()
				r.fuzz(ctx, p, binary, name)
			})
		}
	}
	all.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case r.count == 0:
		return errors.New("there is no such fuzzer")
	}
	fmt.Fprintf(out, "%d fuzzers\n", r.count)
	return errors.Join(r.errs...)
}

// listed is a package as go list tells of it.
type listed struct {
	Dir, ImportPath string
	TestGoFiles     []string
	XTestGoFiles    []string
}

func list(ctx context.Context) ([]listed, error) {
	c := exec.CommandContext(ctx, "go", "list", "-json=Dir,ImportPath,TestGoFiles,XTestGoFiles", "work")
	c.Stderr = os.Stderr
	text, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var out []listed
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		out = append(out, p)
	}
}

var declared = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(\w+ \*testing\.F\)`)

// fuzzers are the names of a package's.
func (p listed) fuzzers(match *regexp.Regexp) (names []string) {
	for _, files := range [][]string{p.TestGoFiles, p.XTestGoFiles} {
		for _, name := range files {
			text, err := os.ReadFile(filepath.Join(p.Dir, name)) // #nosec G304 -- as go list names it
			if err != nil {
				continue // it was there a moment ago, and its package won't build
			}
			for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
				if match.MatchString(filepath.Base(p.ImportPath) + "." + m[1]) {
					names = append(names, m[1])
				}
			}
		}
	}
	return names
}

type runner struct {
	each   time.Duration
	folder string
	out    io.Writer
	slots  chan struct{}

	mu    sync.Mutex
	count int
	errs  []error
}

func (r *runner) failed(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs = append(r.errs, err)
}

// build makes the test's program, which counts what it passes through.
func (r *runner) build(ctx context.Context, p listed) (string, error) {
	binary := filepath.Join(r.folder, strings.NewReplacer("/", "_").Replace(p.ImportPath))
	c := exec.CommandContext(ctx, "go", "test", "-c", "-fuzz=.", "-o", binary, p.ImportPath) // #nosec G204 -- a package of ours
	if text, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", p.ImportPath, err, text)
	}
	return binary, nil
}

// long is from when on a run begins with what earlier ones have learnt, and keeps what it
// learns: to go through all that takes a while.
const long = 10 * time.Second

// patience is how many times as long a fuzzer may take that got to nothing new: the machine
// may be busy, and what is kept comes first.
const patience = 32

// fuzz runs one of them, with one worker, until it has tried something new.
func (r *runner) fuzz(ctx context.Context, p listed, binary, name string) {
	learnt := r.folder
	if cache, err := os.UserCacheDir(); err == nil && r.each >= long {
		learnt = filepath.Join(cache, "payout-fuzz")
	}
	learnt = filepath.Join(learnt, "learnt", p.ImportPath)
	var text []byte
	var err error
	runs := 0
	for each := r.each; runs == 0 && err == nil && ctx.Err() == nil && each <= patience*r.each; each *= 2 {
		c := exec.CommandContext(ctx, binary, "-test.run=^$", "-test.fuzz=^"+name+"$", "-test.fuzztime="+each.String(), // #nosec G204 -- see build
			"-test.fuzzcachedir="+learnt, "-test.fuzzminimizetime=20x", "-test.parallel=1")
		c.Dir = p.Dir
		text, err = c.CombinedOutput()
		runs = fresh(text)
	}
	if err == nil && runs == 0 {
		err = errors.New("it tried nothing new")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	fmt.Fprintf(r.out, "%-60s %10d runs\n", strings.TrimPrefix(p.ImportPath, "github.com/payoutkit/")+"."+name, runs)
	if err != nil && ctx.Err() == nil {
		r.errs = append(r.errs, fmt.Errorf("%s.%s: %w\n%s", p.ImportPath, name, err, text))
	}
}

var (
	executions = regexp.MustCompile(`execs: (\d+)`)
	baseline   = regexp.MustCompile(`gathering baseline coverage: \d+/(\d+) completed`)
)

// fresh is how many inputs a fuzzer has tried beyond those that it began with.
func fresh(text []byte) int {
	last := func(e *regexp.Regexp) int {
		all := e.FindAllSubmatch(text, -1)
		if len(all) == 0 {
			return 0
		}
		n, _ := strconv.Atoi(string(all[len(all)-1][1]))
		return n
	}
	return max(0, last(executions)-last(baseline))
}
