// Package repository holds the tests of what has to be true of the repository as a
// whole: every package's public surface, what each module's graph holds, that every
// package looks for leaked goroutines, and that what the documents say of tests is so.
package repository
