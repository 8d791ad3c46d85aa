package killtest_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// heard is what a process has said in its lives.
type heard struct {
	acked map[string]bool // payouts
	moved map[string]int  // commits, by payout
	news  map[string]bool // payouts of which the last life said something
}

func (h *heard) take(line string) {
	words := strings.Fields(line)
	switch {
	case len(words) == 2 && words[0] == "ack":
		h.acked[words[1]], h.news[words[1]] = true, true
	case len(words) == 4 && words[0] == "moved":
		h.moved[words[1]]++
		h.news[words[1]] = true
	}
}

// end says when a life ends: after so many lines, or so long after the first one, whatever
// comes first. The zero end lets it end by itself.
type end struct {
	lines int
	after time.Duration
}

// live has a process live once. It is an error if one that is to end by itself does not,
// or one that is to be killed dies of something else.
func (h *heard) live(t *testing.T, k task, e end) error {
	t.Helper()
	h.news = map[string]bool{}
	work, err := json.Marshal(k)
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self, "-child") // killed below, or ends by itself
	c.Stdin = bytes.NewReader(work)
	var complaints bytes.Buffer
	c.Stderr = &complaints
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())

	lines := make(chan string)
	go func() { // it ends with the pipe
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
	}()
	timer := time.NewTimer(time.Minute) // for one that never comes to work
	defer timer.Stop()
	killed := false
	kill := func() {
		if !killed {
			killed = true
			require.NoError(t, c.Process.Kill())
		}
	}
	for n := 0; lines != nil; {
		select {
		case line, ok := <-lines:
			if !ok {
				lines = nil
				break
			}
			h.take(line)
			switch n++; {
			case e == (end{}):
				timer.Stop()
			case n >= e.lines:
				kill()
			case n == 1:
				timer.Reset(e.after)
			}
		case <-timer.C:
			kill()
		}
	}
	if err := c.Wait(); !killed && (err != nil || e != (end{})) {
		return fmt.Errorf("the process ended by itself: %w: %s", err, complaints.String())
	}
	return nil
}
