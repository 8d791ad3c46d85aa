// Package sqlite is a journal in a file: SQLite, without cgo. It is for one process at a
// time, which holds the file for as long as it has it open.
//
// A commit is in the file and synced before it is acknowledged (journal_mode=WAL,
// synchronous=FULL). One goroutine writes, and puts whatever is waiting into one
// transaction, so that many share a sync; each change in it succeeds or fails by itself.
// Reading has connections of its own, and waits for nobody.
//
// # Files
//
// Beside the database lie its "-wal" and "-shm", which are part of it, and ".lock", in
// which the holder's name stands; all are for their owner alone. The lock is the
// kernel's: it ends with the process. Copy a journal with [Journal.Backup] only: a copy
// of the file alone, while somebody has it open, is not whole. The file belongs on a
// local disk; a network's file systems don't keep the promises that SQLite builds on.
//
// # Restored copies
//
// A journal that was restored from a copy knows nothing of what was sent since. It can't
// see that by itself; with a [witness.Witness] outside it, it does, and is in doubt until
// [Journal.Trust].
//
// # Failing disks
//
// A commit that fails may or may not have happened. The writer's connection is then
// closed, since SQLite's pages and the kernel's may differ from the disk's, and the next
// commit begins with a new one. Nobody has to open the journal again: once the disk
// works, so does the journal.
package sqlite
