// Command gen writes currency_table.go from the list of package iso4217. Run it
// by `go generate .` in the repository's root.
package main

import (
	"log"
	"os"

	"github.com/payoutkit/payout/internal/iso4217"
)

func main() {
	log.SetFlags(0)
	list, err := iso4217.List()
	if err != nil {
		log.Fatal(err)
	}
	source, err := iso4217.Source(list)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("currency_table.go", source, 0o600); err != nil {
		log.Fatal(err)
	}
}
