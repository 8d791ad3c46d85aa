package payout_test

import (
	"fmt"
	"strings"

	"github.com/payoutkit/payout"
)

// Locker is a destination that this library does not know: a parcel locker that
// hands out cash.
type Locker struct {
	Number string
	PIN    payout.Secret
}

var lockerKind = payout.NewKind("locker", "cash from a parcel locker",
	payout.Text(payout.Field{
		Name: "number", Doc: "the locker's number", Required: true, Max: 8,
		Mask: func(text string) string { return text },
	}, func(l *Locker) *string { return &l.Number }),
	payout.Hidden(payout.Field{
		Name: "pin", Doc: "four digits that open it", Required: true,
		Check: func(text string) string {
			if len(text) != 4 || strings.Trim(text, "0123456789") != "" {
				return "must be four digits"
			}
			return ""
		},
	}, func(l *Locker) *payout.Secret { return &l.PIN }),
)

// Kind makes Locker a Destination.
func (Locker) Kind() payout.Kind { return lockerKind }

// A destination of your own needs one declaration. Validation, masking, and taking
// apart and building again come from it, and so do batch columns, flags and sealing.
func ExampleNewKind() {
	to := Locker{Number: "77-12", PIN: payout.NewSecret("12")}
	fmt.Println(payout.Masked(to))
	for _, v := range to.Kind().Check(to, "destination") {
		fmt.Println(v)
	}

	row := map[string]string{"number": "77-12", "pin": "1234"}
	built := lockerKind.Build(func(field string) string { return row[field] })
	fmt.Println(built == Locker{Number: "77-12", PIN: payout.NewSecret("1234")})
	for _, v := range lockerKind.Values(built) {
		fmt.Println(v.Name, v.Required, v.Secret, v.Text)
	}

	// Output:
	// locker 77-12
	// destination.pin: must be four digits
	// true
	// number true false [redacted]
	// pin true true [redacted]
}
