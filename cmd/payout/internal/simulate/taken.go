package simulate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// Free is an error if banks are running in a folder, or if its configuration is somebody's
// own: another start would put other addresses and secrets in their place, and its end
// would take them away.
func Free(ctx context.Context, folder string) error {
	text, err := os.ReadFile(filepath.Join(folder, ConfigName)) // #nosec G304 -- the folder is the operator's
	if err == nil && !strings.HasPrefix(string(text), firstLine()) {
		return fmt.Errorf("%s: was not written by payout sandbox, and would be overwritten: name another folder", filepath.Join(folder, ConfigName))
	}
	var at control
	text, err = os.ReadFile(filepath.Join(folder, controlName)) // #nosec G304 -- the folder is the operator's
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case json.Unmarshal(text, &at) != nil:
		return nil //nolint:nilerr // cut off while it was being written
	}
	_, err = call(ctx, folder, http.MethodGet, "/ledger", nil)
	var slow net.Error
	if err == nil || errors.As(err, &slow) && slow.Timeout() {
		return fmt.Errorf("%s: banks are running there, in process %d at %s: end it first, or name another folder", folder, at.PID, at.URL)
	}
	return nil // of a process that was killed
}

// firstLine is that of each configuration which is written here.
func firstLine() string {
	line, _, _ := strings.Cut(configuration, "\n")
	return line
}
