package markdown_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/internal/markdown"
)

const text = "# A title, with `code`\n" +
	"See [there](docs/other.md#a-part) and `payout demo`.\n" +
	"\n" +
	"    go test work\n" +
	"    and more\n" +
	"\n" +
	"```go\n" +
	"func main() {\n" +
	"    x()\n" +
	"}\n" +
	"```\n" +
	"```\n" +
	"`not code` [no](link)\n" +
	"```\n" +
	"text\n" +
	"    goes on\n"

func TestDocument(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "docs", ".hidden"), 0o700))
	for name, content := range map[string]string{"a.md": text, "docs/b.md": "", "docs/.hidden/c.md": "", "d.txt": ""} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), []byte(content), 0o600))
	}
	all, err := markdown.Read(folder)
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, []string{"a.md", "docs/b.md"}, []string{all[0].Name, all[1].Name})
	d := all[0]
	require.Equal(t, []markdown.Block{
		{Line: 4, Lines: []string{"go test work", "and more"}},
		{Language: "go", Line: 8, Lines: []string{"func main() {", "    x()", "}"}},
		{Line: 13, Lines: []string{"`not code` [no](link)"}},
	}, d.Blocks())
	require.True(t, strings.HasSuffix(d.Blocks()[1].Text(), "}\n"))
	require.Equal(t, []markdown.Span{{1, "code"}, {2, "payout demo"}}, d.Code())
	require.Equal(t, []markdown.Span{{2, "docs/other.md#a-part"}}, d.Links())
	require.Equal(t, map[string]bool{"a-title-with-code": true}, d.Anchors())
}
