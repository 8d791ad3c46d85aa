package report

import (
	"strconv"
	"strings"
	"time"

	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/dispatch"
)

func problems(e *batch.RowError) string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = p.String()
	}
	if e.LastLine > e.Line {
		parts = append(parts, "and the lines to "+strconv.Itoa(e.LastLine)+" were not read")
	}
	return strings.Join(parts, "; ")
}

// why says why a payout stands as it does.
func why(e dispatch.Entry, changed bool, alarms []string) string {
	var parts []string
	add := func(words ...string) {
		if text := strings.TrimSpace(strings.Join(words, " ")); text != "" {
			parts = append(parts, spaced(text))
		}
	}
	switch e.State {
	case dispatch.StateFailed:
		add(e.Failure.Reason.String(), e.Failure.Code)
	case dispatch.StateReview:
		parts = append(parts, means(e.Review.String()))
	case dispatch.StateReturned:
		parts = append(parts, means("returned"))
	case dispatch.StatePaid:
	default:
		add(e.State.String())
	}
	if changed {
		parts = append(parts, "the file has another amount or destination under this reference now; this is what was submitted")
	}
	for _, kind := range alarms {
		if kind != e.Review.String() && kind != e.State.String() {
			add("alarm:", kind)
		}
	}
	if !e.Decision.IsZero() {
		parts = append(parts, "decided by "+e.Decision.By)
	}
	return strings.Join(parts, "; ")
}

// meanings are the words for why somebody has to look, said in full.
var meanings = map[string]string{
	"deadline":      "the bank was asked until the deadline, and its answers prove nothing",
	"double":        "two attempts are, or may be, paid",
	"contradiction": "the bank took back what it had said",
	"stranger":      "the order under our reference is not the one that was sent",
	"provider":      "the bank itself says that a person must look",
	"review":        "the bank itself says that a person must look",
	"poison":        "handling it failed again and again",
	"returned":      "the money of a paid payout came back",
}

func means(word string) string {
	if text := meanings[word]; text != "" {
		return text
	}
	return spaced(word)
}

func spaced(word string) string { return strings.ReplaceAll(word, "_", " ") }

// grouped has the digits of a whole or decimal number in groups of three.
func grouped(number string) string {
	sign, rest := "", number
	if strings.HasPrefix(rest, "-") {
		sign, rest = "-", rest[1:]
	}
	whole, fraction, _ := strings.Cut(rest, ".")
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return sign + b.String() + fraction
}

func count(n int) string { return grouped(strconv.Itoa(n)) }

// plural is a number of things.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

// percent is a share of a whole, never rounded to all or to nothing if it is not.
func percent(n, of int) string {
	switch p := 100 * float64(n) / float64(max(of, 1)); {
	case n == 0:
		return "0 %"
	case n == of:
		return "100 %"
	case p < 0.1:
		return "< 0.1 %"
	case p > 99.9:
		return "> 99.9 %"
	default:
		return strconv.FormatFloat(p, 'f', 1, 64) + " %"
	}
}

// long is a duration in its one or two greatest units.
func long(d time.Duration) string {
	switch {
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < 10*time.Second:
		return strings.TrimSuffix(strconv.FormatFloat(d.Seconds(), 'f', 1, 64), ".0") + " s"
	case d < time.Minute:
		return strconv.FormatInt(int64(d.Round(time.Second)/time.Second), 10) + " s"
	}
	for _, u := range []struct {
		unit, part time.Duration
		name, rest string
	}{{day, time.Hour, "d", "h"}, {time.Hour, time.Minute, "h", "min"}, {time.Minute, time.Second, "min", "s"}} {
		round := d.Round(u.part)
		if round < u.unit {
			continue
		}
		text := strconv.FormatInt(int64(round/u.unit), 10) + " " + u.name
		if rest := int64(round % u.unit / u.part); rest > 0 {
			text += " " + strconv.FormatInt(rest, 10) + " " + u.rest
		}
		return text
	}
	return d.String()
}
