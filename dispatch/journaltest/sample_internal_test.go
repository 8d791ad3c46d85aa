package journaltest

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/payoutkit/payout"
)

// A field that is added has to be in the samples: else a journal may forget it.
func TestSamplesAreFull(t *testing.T) {
	e := full("p-1")
	e.Version = 1
	filled(t, reflect.ValueOf(e), "Entry")
	filled(t, reflect.ValueOf(happened()), "Event")
}

func filled(t *testing.T, v reflect.Value, path string) {
	switch v.Type() {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[payout.Money](), reflect.TypeFor[payout.Violation]():
		assert.False(t, v.IsZero(), "%s is empty", path)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			filled(t, v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case reflect.Slice:
		assert.NotZero(t, v.Len(), "%s is empty", path)
		if v.Len() > 0 && v.Type().Elem().Kind() != reflect.Uint8 {
			filled(t, v.Index(0), path)
		}
	default:
		assert.False(t, v.IsZero(), "%s is empty", path)
	}
}
