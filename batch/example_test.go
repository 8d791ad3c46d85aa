package batch_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

func Example() {
	file := strings.NewReader(`reference,amount,currency,destination,card.number,sbp.phone,sbp.bank_id,sbp.last_name,sbp.first_name
p-1,1500.00,RUB,card,4111111111111111,,,,
p-2,2750.50,RUB,sbp,,+7 926 121-42-49,100000000111,Соловьёва,Анна
p-3,10.425,RUB,card,4111111111111112,,,,
`)
	registry, err := batch.NewReader(file, payout.Kinds()...)
	if err != nil {
		log.Fatal(err)
	}
	for {
		row, err := registry.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		if row.Err != nil {
			fmt.Println("not paid:", row.Err)
			continue
		}
		fmt.Println(row.Request)
	}
	// Output:
	// payout "p-1" 1500.00 RUB to card 411111******1111
	// payout "p-2" 2750.50 RUB to sbp ******49
	// not paid: line 4: column 2 (amount): has more decimals than RUB has; column 5 (card.number): must have a valid check digit: one or more digits are wrong
}
