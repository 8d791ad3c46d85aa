package otelpayout

import (
	"strings"

	"go.opentelemetry.io/otel/attribute"
)

const (
	keyReference   = attribute.Key("payout.reference")
	keyDestination = attribute.Key("payout.destination.kind")
	keyCode        = attribute.Key("payout.code")
	keyHTTPStatus  = attribute.Key("http.response.status_code")
	keyProvider    = attribute.Key("payout.provider")
	keyRoute       = attribute.Key("payout.route")
	keyAttempt     = attribute.Key("payout.attempt")
	keyOp          = attribute.Key("payout.op")
	keyStatus      = attribute.Key("payout.status")
	keyError       = attribute.Key("error.type")
	keyState       = attribute.Key("payout.state")
	keyWork        = attribute.Key("payout.work")
	keyIdle        = attribute.Key("payout.idle")
	keyEvent       = attribute.Key("payout.event")
	keyFrom        = attribute.Key("payout.from")
	keyTo          = attribute.Key("payout.to")
	keyReview      = attribute.Key("payout.review")
	keyAlarm       = attribute.Key("payout.alarm")
)

// attributes are those with a value.
type attributes []attribute.KeyValue

func (a attributes) with(k attribute.Key, text string) attributes {
	if text == "" {
		return a
	}
	return append(a, k.String(text))
}

func (a attributes) attempt(n int) attributes {
	if n < 0 {
		return a
	}
	return append(a, keyAttempt.Int(n+1))
}

// maxReference is more than any bank takes.
const maxReference = 128

// reference adds one that nobody has checked: it comes with a call that may be
// refused for it. Text that is not UTF-8 would keep a whole batch of spans from
// being exported.
func (a attributes) reference(text string) attributes {
	return a.with(keyReference, strings.ToValidUTF8(text[:min(len(text), maxReference)], "?"))
}
