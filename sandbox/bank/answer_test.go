package bank_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/payoutkit/payout/sandbox/bank"
)

func TestJSONKeepsTheOrder(t *testing.T) {
	var o bank.Object
	o.Add(true, "b", "<&>")
	o.Add(false, "x", 1)
	o.Add(true, "a", bank.Object{})
	o.Add(true, "list", []bank.Object{{{Name: `"`, Value: nil}}})
	a := bank.JSON(201, o)
	assert.Equal(t, 201, a.Status)
	assert.Equal(t, `{"b":"<&>","a":{},"list":[{"\"":null}]}`, string(a.Body))
	assert.PanicsWithError(t, "json: error calling MarshalJSON for type bank.Object: json: unsupported type: chan int",
		func() { bank.JSON(200, bank.Object{{Name: "c", Value: make(chan int)}}) })
}
