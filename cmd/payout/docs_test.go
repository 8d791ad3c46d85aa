package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/internal/markdown"
)

var assignment = regexp.MustCompile(`^[A-Z_]+=\S+ `)

// Every command that a document shows is one of ours, with flags that it has.
func TestDocumentedCommands(t *testing.T) {
	t.Parallel()
	all, err := markdown.Read("../..")
	require.NoError(t, err)
	commands := 0
	for _, d := range all {
		spans := d.Code()
		for _, b := range d.Blocks() {
			for i, line := range b.Lines {
				spans = append(spans, markdown.Span{Line: b.Line + i, Text: line})
			}
		}
		for _, s := range spans {
			line := assignment.ReplaceAllString(strings.TrimSpace(s.Text), "")
			words, ours := strings.CutPrefix(strings.Replace(line, "go run ./cmd/payout", "payout", 1), "payout ")
			if !ours || strings.HasPrefix(words, " ") { // a list of packages
				continue
			}
			commands++
			words, _, _ = strings.Cut(words, " #")
			command, rest, err := newCommand().Find(strings.Fields(words))
			if !assert.NoError(t, err, "%s:%d: %s", d.Name, s.Line, s.Text) {
				continue
			}
			assert.True(t, command.Runnable() || command.HasSubCommands(), "%s:%d: %s", d.Name, s.Line, s.Text)
			if command.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
				assert.Fail(t, "no such command", "%s:%d: %s", d.Name, s.Line, s.Text)
			}
			for _, word := range rest {
				if name, long := strings.CutPrefix(word, "--"); long {
					name, _, _ = strings.Cut(name, "=")
					assert.NotNil(t, command.Flag(name), "%s:%d: there is no flag --%s: %s", d.Name, s.Line, name, s.Text)
				}
			}
		}
		// A flag that is named alone is one of some command's.
		for _, s := range d.Code() {
			if name, long := strings.CutPrefix(s.Text, "--"); long {
				name, _, _ = strings.Cut(name, " ")
				assert.True(t, known(name), "%s:%d: no command has a flag --%s", d.Name, s.Line, name)
			}
		}
	}
	assert.Greater(t, commands, 25)
}

// known reports whether any command has a flag of that name.
func known(name string) bool {
	queue := newCommand().Commands()
	for len(queue) > 0 {
		c := queue[0]
		if c.Flag(name) != nil {
			return true
		}
		queue = append(queue[1:], c.Commands()...)
	}
	return false
}
