package main

import "strings"

func list(words []string) string { return strings.Join(words, " ") }
