package main

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNewAdapter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mybank")
	c := newAdapterCommand()
	var out bytes.Buffer
	c.SetOut(&out)
	c.SetArgs([]string{"mybank", "--dir", dir, "--module", "example.com/mybank"})
	require.NoError(t, c.Execute())
	assert.Contains(t, out.String(), "mybanktest/bank.go")
	assert.Contains(t, out.String(), "cd "+dir+" && go mod tidy && go test ./...")
	assert.FileExists(t, filepath.Join(dir, "go.mod"))

	c.SilenceErrors, c.SilenceUsage = true, true
	assert.ErrorContains(t, c.Execute(), "exists already")
}
