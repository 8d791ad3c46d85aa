package pgtest

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// attributes are of a process of the server's: it ends with this one, and is not root's,
// which PostgreSQL refuses to run as.
func attributes() *syscall.SysProcAttr {
	out := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Geteuid() == 0 {
		uid, gid := another()
		out.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	}
	return out
}

// another is a user who is not root.
func another() (uid, gid uint32) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		id, err := strconv.ParseUint(u.Uid, 10, 32)
		group, groupErr := strconv.ParseUint(u.Gid, 10, 32)
		if err == nil && groupErr == nil && id != 0 {
			return uint32(id), uint32(group)
		}
	}
	return 65534, 65534
}

// give makes a folder that user's.
func give(folder string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid := another()
	return os.Chown(folder, int(uid), int(gid))
}
