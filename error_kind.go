package payout

// ErrorKind says what an error proves about money. The kinds are constants that
// are errors themselves, to be tested with [errors.Is]:
//
//	if errors.Is(err, payout.ErrNotFound) { ... }
//
// The zero kind is [ErrOutcomeUnknown]: what nobody classified may have been paid.
type ErrorKind uint8

const (
	// ErrOutcomeUnknown: the call may have reached the bank and may have been acted
	// on, but no usable answer came back: a timeout, a lost connection, an answer that
	// can't be read or that the bank's document does not list, a context that ended
	// once bytes had left. Ask with Find. Never send again.
	ErrOutcomeUnknown ErrorKind = iota

	// ErrInvalid: the request breaks a rule, ours or the bank's, and was not sent.
	// [Error.Violations] names each field and rule.
	ErrInvalid

	// ErrUnsupported: this provider can't do that (no such ability, currency or kind
	// of destination, or turned off by its configuration). Nothing was sent.
	ErrUnsupported

	// ErrNotSent: it is proved that no byte of the request reached the bank: the
	// dial or the TLS handshake failed, or a counter at the socket stood still and
	// was then locked. About this transmission only: an earlier one may still land.
	ErrNotSent

	// ErrRefused: the bank answered, by a code that its document lists, that it took
	// the call for malformed and did not execute it. About this transmission only: a
	// bank may refuse the second one under a reference whose first it paid.
	ErrRefused

	// ErrUnauthorized: the bank answered, as its document lists, that it does not know
	// these credentials. It did not execute the call. A page of a firewall is not such
	// an answer: that is ErrOutcomeUnknown with [Error.Hold] set.
	ErrUnauthorized

	// ErrRateLimited: the bank answered, as its document lists, that it did not take
	// the call for now. [Error.RetryAfter] is set where the bank says it.
	ErrRateLimited

	// ErrNotFound: the bank says that it does not know the reference. By itself this
	// proves nothing: the request may still be on its way, or filed elsewhere. What it
	// takes to prove absence, if anything does, is in [Info.Absence].
	ErrNotFound

	// ErrConflict: the reference was used with other content.
	ErrConflict

	lastErrorKind = ErrConflict
)

// Is has a kind that no constant names count as ErrOutcomeUnknown.
func (k ErrorKind) Is(target error) bool { return target == error(k.known()) }

func (k ErrorKind) known() ErrorKind {
	if k > lastErrorKind {
		return ErrOutcomeUnknown
	}
	return k
}

// Error returns the kind in words.
func (k ErrorKind) Error() string {
	switch k {
	case ErrInvalid:
		return "invalid, nothing was sent"
	case ErrUnsupported:
		return "unsupported, nothing was sent"
	case ErrNotSent:
		return "not sent"
	case ErrRefused:
		return "refused by the bank"
	case ErrUnauthorized:
		return "unauthorized"
	case ErrRateLimited:
		return "rate limited"
	case ErrNotFound:
		return "not found"
	case ErrConflict:
		return "reference used with other content"
	default:
		return "outcome unknown"
	}
}

// KindOf returns what err proves about money: the kind that all parts of err agree
// on. It is ErrOutcomeUnknown where they disagree, where a part has no kind (a part
// is what [errors.Join] joins, or a %w of [fmt.Errorf] where there are several), and
// where there is no error at all: ask it about errors only. (Of parts that disagree
// [errors.Is] would find each.)
//
// The cause in an [Error] is no part: it need not have a kind. If it has another one
// than its Error, the two disagree.
func KindOf(err error) ErrorKind {
	if k, ok := kindIn(err); ok {
		return k
	}
	return ErrOutcomeUnknown
}

// kindIn walks the tree itself: errors.As would stop at the first kind, and two
// that disagree must not be told apart by their order.
func kindIn(err error) (k ErrorKind, ok bool) {
	switch e := err.(type) { //nolint:errorlint // this is the walk
	case nil:
		return 0, false
	case ErrorKind:
		return e.known(), true
	case *Error:
		k := e.kind()
		if e != nil {
			if inner, ok := kindIn(e.Err); ok && inner != k {
				return ErrOutcomeUnknown, true
			}
		}
		return k, true
	case interface{ Unwrap() error }:
		return kindIn(e.Unwrap())
	case interface{ Unwrap() []error }:
		agree := true
		for i, part := range e.Unwrap() {
			kind, has := kindIn(part) // without a kind it is the zero one, unknown
			agree = agree && (i == 0 || kind == k)
			k, ok = kind, ok || has
		}
		if ok && !agree {
			k = ErrOutcomeUnknown
		}
		return k, ok
	default:
		return 0, false
	}
}

// ProvedUnpaid reports whether err proves that the call that returned it paid nobody:
// nothing of it was sent, or the bank, by a documented answer, did not take it. It
// says nothing of an earlier call under the same reference. Whatever Create returned
// otherwise may have been paid: ask with [Wait].
func ProvedUnpaid(err error) bool {
	switch KindOf(err) {
	case ErrInvalid, ErrUnsupported, ErrNotSent, ErrRefused, ErrUnauthorized, ErrRateLimited:
		return true
	default:
		return false
	}
}

// SafeToRetry reports whether the very call that returned err may be made again
// without risk: only where it is proved that no byte of it left. It is false for
// every other kind: a refusal is final for that reference, ErrNotFound proves
// nothing, and ErrInvalid would only come again.
func SafeToRetry(err error) bool { return KindOf(err) == ErrNotSent }
