package report

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/payoutkit/payout"
)

//go:embed page.css
var css string

//go:embed page.html.tmpl
var text string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"count": count, "plural": plural, "percent": percent, "spaced": spaced, "means": means, "class": class,
	"money": func(m payout.Money) string { return grouped(m.Major()) },
	"code":  func(m payout.Money) string { return m.Currency().Code() },
	"ms":    func(ms int64) string { return long(time.Duration(ms) * time.Millisecond) },
	"name":  func(provider string) string { return cmp.Or(provider, noProvider) },
	"list":  func(id, title string, l List, note string) shownList { return shownList{id, title, note, l} },
}).Parse(text))

// noProvider is said of what no bank was asked to pay.
const noProvider = "no bank"

// policy lets the page's own style be applied, and nothing be loaded or run.
var policy = func() string {
	sum := sha256.Sum256([]byte(css))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}()

// view is what the page shows of a report.
type view struct {
	Report
	CSS    template.CSS
	Policy string
	Zone   *time.Location

	Slices   []slice // of all rows
	Sums     []sum
	Banks    []bank
	Outcomes template.HTML
	Lengths  []length
	Took     template.HTML
	Bars     []bar
	Each     string // what a bar stands for
	Course   template.HTML
}

// slice is a part of the bar that stands for all rows, in thousandths of its width.
type slice struct {
	Word, Class string
	Rows        int
	X, Width    float64
}

// sum is what one outcome comes to in one currency.
type sum struct {
	Class, Word string
	Payouts     int
	Sums        []payout.Money
}

// bank is what became of the payouts of one provider.
type bank struct {
	Name   string
	Shares []Share
	All    int
}

// length is a rung of the ladder.
type length struct {
	Text         string
	Paid, Failed int
}

// bar is a part of the time in which payouts became final.
type bar struct {
	From         time.Time
	Text         string
	Paid, Failed int
}

type shownList struct {
	ID, Title, Note string
	List
}

// Rest is how many rows are not shown.
func (l shownList) Rest() int { return l.All - len(l.Rows) }

// class is the word for an outcome's colour.
func class(o Outcome) string {
	if o == Missing || o == Cancelled {
		return Waiting.String()
	}
	return o.String()
}

// WriteHTML writes a report as one page that loads nothing and runs nothing, with times
// as they are in zone.
func WriteHTML(w io.Writer, r Report, zone *time.Location) error {
	v := view{Report: r, CSS: template.CSS(css), Policy: policy, Zone: zone} // #nosec G203 -- our own file
	v.slice()
	v.sum()
	for _, draw := range []func() error{v.banks, v.lengths, v.course} {
		if err := draw(); err != nil {
			return fmt.Errorf("draw the report: %w", err)
		}
	}
	return page.Execute(w, v)
}

// Title names the report.
func (v view) Title() string { return cmp.Or(v.Batch, v.File) }

// Time is a time of the page.
func (v view) Time(t time.Time) string { return t.In(v.Zone).Format("2 January 2006, 15:04:05") }

// ISO is the same for programs.
func (v view) ISO(t time.Time) string { return t.In(v.Zone).Format(time.RFC3339) }

// slice cuts the bar of all rows: what there is any of can be seen.
func (v *view) slice() {
	x := 0.0
	add := func(word, class string, n int) {
		if n == 0 {
			return
		}
		width := 1000 * float64(n) / float64(v.Rows)
		v.Slices = append(v.Slices, slice{word, class, n, x, max(width, 3)})
		x += width
	}
	for _, o := range order {
		add(o.String(), class(o), v.Counts[o])
	}
	add("wrong rows", "wrong", v.Wrong)
}

func (v *view) sum() {
	for _, o := range order {
		s := sum{Class: class(o), Word: o.String(), Payouts: v.Counts[o]}
		if s.Payouts == 0 && o != Paid && o != Failed {
			continue
		}
		var currencies []string
		by := map[string]payout.Money{}
		for _, share := range v.Shares {
			if share.Outcome != o {
				continue
			}
			code := share.Sum.Currency().Code()
			all, ok := by[code]
			if !ok {
				by[code] = share.Sum
				currencies = append(currencies, code)
			} else if all, err := all.Add(share.Sum); err == nil {
				by[code] = all
			} else { // more than can be counted: each part is in the table
				delete(by, code)
			}
		}
		slices.Sort(currencies)
		for _, code := range currencies {
			if m, ok := by[code]; ok {
				s.Sums = append(s.Sums, m)
			}
		}
		v.Sums = append(v.Sums, s)
	}
}

// banks draws what became of the payouts of each provider.
func (v *view) banks() (err error) {
	kinds := []struct {
		class string
		of    []Outcome
	}{{"paid", []Outcome{Paid}}, {"failed", []Outcome{Failed}}, {"returned", []Outcome{Returned}}, {"review", []Outcome{Review}},
		{"pending", []Outcome{Pending}}, {"waiting", []Outcome{Waiting, Missing, Cancelled}}}
	for _, share := range v.Shares {
		if n := len(v.Banks); n == 0 || v.Banks[n-1].Name != cmp.Or(share.Provider, noProvider) {
			v.Banks = append(v.Banks, bank{Name: cmp.Or(share.Provider, noProvider)})
		}
		b := &v.Banks[len(v.Banks)-1]
		b.Shares = append(b.Shares, share)
		b.All += share.Payouts
	}
	if len(v.Banks) == 0 {
		return nil
	}
	c := chart{id: "outcomes-chart", title: "Payouts by bank and outcome", lying: true, labels: make([]string, len(v.Banks))}
	for _, kind := range kinds {
		s := series{kind.class, make([]float64, len(v.Banks))}
		any := false
		for i, b := range v.Banks {
			// The first bank is drawn at the top.
			at := len(v.Banks) - 1 - i
			c.labels[at] = short(b.Name)
			for _, share := range b.Shares {
				if slices.Contains(kind.of, share.Outcome) {
					s.values[at] += float64(share.Payouts)
					any = true
				}
			}
		}
		if any {
			c.series = append(c.series, s)
		}
	}
	v.Outcomes, err = c.svg()
	return err
}

// short is a name that leaves room for its bar.
func short(name string) string {
	if r := []rune(name); len(r) > 18 {
		return string(r[:17]) + "…"
	}
	return name
}

// lengths draws how long payouts took.
func (v *view) lengths() (err error) {
	if len(v.Lasted) == 0 {
		return nil
	}
	c := chart{id: "times-chart", title: "Payouts by the time they took, on a logarithmic scale"}
	paid, failed := series{class: "paid"}, series{class: "failed"}
	from := time.Duration(0)
	if i := slices.Index(ladder, v.Lasted[0].UpTo); i > 0 {
		from = ladder[i-1]
	}
	for _, l := range v.Lasted {
		words := long(from) + " to " + long(l.UpTo)
		switch {
		case from == 0:
			words = "up to " + long(l.UpTo)
		case l.UpTo == 0:
			words = "more than " + long(from)
		}
		v.Lengths = append(v.Lengths, length{words, l.Paid, l.Failed})
		c.labels = append(c.labels, bound(l.UpTo))
		paid.values = append(paid.values, float64(l.Paid))
		failed.values = append(failed.values, float64(l.Failed))
		from = l.UpTo
	}
	c.series = []series{paid, failed}
	v.Took, err = c.svg()
	return err
}

// bars is how many bars the course of a batch has at most.
const bars = 24

// course draws how many payouts became final when, by the hour or by what fits better.
func (v *view) course() (err error) {
	if len(v.Periods) == 0 {
		return nil
	}
	first, last := v.Periods[0].From.In(v.Zone), v.Periods[len(v.Periods)-1].From
	begin, width := first, time.Duration(0)
	for _, width = range widths(time.Duration(v.Report.Each) * time.Second) {
		midnight := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, v.Zone)
		begin = first.Add(-(first.Sub(midnight) % min(width, day)))
		if last.Sub(begin) < bars*width {
			break
		}
	}
	for from := begin; !from.After(last) || len(v.Bars) < fewest; from = from.Add(width) {
		v.Bars = append(v.Bars, bar{From: from})
	}
	for _, p := range v.Periods {
		b := &v.Bars[p.From.Sub(begin)/width]
		b.Paid += p.Paid
		b.Failed += p.Failed
	}
	layout, room := "15:04", 8
	switch year, month, d := begin.Date(); {
	case width >= day:
		layout = "2 Jan"
	case !last.Before(time.Date(year, month, d+1, 0, 0, 0, 0, v.Zone)):
		layout, room = "2 Jan 15:04", 4
	}
	v.Each = strings.TrimPrefix(each(width), "1 ")
	c := chart{
		every: (len(v.Bars) + room - 1) / room,
		id:    "course-chart", title: "Payouts that were paid or failed, by " + v.Each,
	}
	paid, failed := series{class: "paid"}, series{class: "failed"}
	for i := range v.Bars {
		b := &v.Bars[i]
		b.Text = b.From.Format(layout)
		c.labels = append(c.labels, b.Text)
		paid.values = append(paid.values, float64(b.Paid))
		failed.values = append(failed.values, float64(b.Failed))
	}
	c.series = []series{paid, failed}
	v.Course, err = c.svg()
	return err
}

// widths yields what a bar may stand for, the shortest first, but nothing shorter than
// a period.
func widths(period time.Duration) iter.Seq2[int, time.Duration] {
	return func(yield func(int, time.Duration) bool) {
		width := time.Duration(0)
		for i := 0; ; i++ {
			if known := []int{1, 2, 5, 10, 60, 120, 180, 360, 720, 1440}; i < len(known) {
				width = time.Duration(known[i]) * time.Minute
			} else {
				width *= 2
			}
			if width >= period && !yield(i, width) {
				return
			}
		}
	}
}

// each names what a bar stands for.
func each(width time.Duration) string {
	switch {
	case width < time.Hour:
		return plural(int(width/time.Minute), "minute", "minutes")
	case width < day:
		return plural(int(width/time.Hour), "hour", "hours")
	default:
		return plural(int(width/day), "day", "days")
	}
}

// Verdict says in a few words how the batch stands.
func (v view) Verdict() string {
	switch left := v.Counts[Pending] + v.NotBegun(); {
	case v.Person > 0:
		return plural(v.Person, "row needs a person", "rows need a person")
	case v.NotBegun() > 0:
		return plural(v.NotBegun(), "row is not sent yet", "rows are not sent yet")
	case left > 0:
		return plural(left, "payout is on its way", "payouts are on their way")
	case v.Rows == 0:
		return "the file has no rows"
	default:
		return "every fate is known"
	}
}

// Tone is the verdict's colour.
func (v view) Tone() string {
	switch {
	case v.Person > 0:
		return "review"
	case v.Counts[Pending]+v.NotBegun() > 0, v.Rows == 0:
		return "pending"
	default:
		return "paid"
	}
}

// Failing is whether some bank refused something.
func (v view) Failing() bool { return len(v.Failures) > 0 }

// Tried is whether some payout was tried more than once.
func (v view) Tried() bool { return len(v.Attempts) > 1 || len(v.Failovers) > 0 }

// Lasting is how long the whole batch took, once it is at its end.
func (v view) Lasting() string {
	if v.Begin.IsZero() || v.End.IsZero() {
		return ""
	}
	return strings.TrimSpace(long(v.End.Sub(v.Begin)))
}
