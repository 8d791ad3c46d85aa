// Package run takes a registry through a dispatcher: it checks the whole file, has what
// it comes to confirmed, submits row after row, and shows what becomes of them. It can
// be stopped at any moment, and started again with the same file: a row that was
// submitted is never submitted anew.
package run
