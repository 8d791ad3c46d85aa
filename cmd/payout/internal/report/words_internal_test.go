package report

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestGrouped(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0": "0", "999": "999", "1000": "1,000", "1234567.89": "1,234,567.89", "-1000.5": "-1,000.5", "-100": "-100", "92233720368547758.07": "92,233,720,368,547,758.07",
	} {
		require.Equal(t, want, grouped(in))
	}
}

func TestPercent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n, of int
		want  string
	}{{0, 0, "0 %"}, {0, 7, "0 %"}, {7, 7, "100 %"}, {1, 3, "33.3 %"}, {1, 100_000, "< 0.1 %"}, {99_999, 100_000, "> 99.9 %"}, {1, 1000, "0.1 %"}} {
		require.Equal(t, c.want, percent(c.n, c.of))
	}
}

func TestLong(t *testing.T) {
	t.Parallel()
	for in, want := range map[time.Duration]string{
		0: "0 ms", 12 * time.Millisecond: "12 ms", time.Second: "1 s", 2340 * time.Millisecond: "2.3 s", 59 * time.Second: "59 s",
		time.Minute: "1 min", 119*time.Second + 900*time.Millisecond: "2 min", 61 * time.Second: "1 min 1 s", time.Hour: "1 h",
		time.Hour + 30*time.Second: "1 h 1 min", 26 * time.Hour: "1 d 2 h", 7 * day: "7 d",
	} {
		require.Equal(t, want, long(in), in)
	}
}

func TestScale(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ top, end, step float64 }{
		{1, 1, 1}, {2, 2, 1}, {3, 3, 1}, {5, 5, 1}, {7, 8, 2}, {12, 15, 5}, {90, 100, 20}, {1177, 1250, 250}, {1500, 1500, 500}, {1_000_000, 1_000_000, 200_000},
	} {
		end, step := scale(c.top)
		require.Equal(t, []float64{c.end, c.step}, []float64{end, step}, c.top)
	}
}

// The course of a batch has at most 24 bars and loses nothing, however long it takes,
// also over the change of the clock.
func TestCourse(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	first := time.Date(2026, time.October, 24, 22, 17, 0, 0, zone) // the clock goes back that night
	for _, c := range []struct {
		span time.Duration
		each string
		text string // of the first bar
	}{
		{0, "minute", "22:17"}, {20 * time.Minute, "minute", "22:17"}, {40 * time.Minute, "2 minutes", "22:16"}, {3 * time.Hour, "10 minutes", "24 Oct 22:10"},
		{12 * time.Hour, "hour", "24 Oct 22:00"}, {40 * time.Hour, "2 hours", "24 Oct 22:00"}, {20 * day, "day", "24 Oct"}, {400 * day, "32 days", "24 Oct"},
	} {
		c2 := newCourse()
		for i := range 101 {
			c2.add(first.Add(c.span*time.Duration(i)/100), i%2 == 0)
		}
		r := Report{Each: int64(c2.each / time.Second), Periods: sorted(c2.periods, func(a, b Period) int { return a.From.Compare(b.From) })}
		v := view{Report: r, Zone: zone}
		require.NoError(t, v.course())
		require.Equal(t, c.each, v.Each, c.span)
		require.Equal(t, c.text, v.Bars[0].Text, c.span)
		require.LessOrEqual(t, len(v.Bars), bars)
		require.GreaterOrEqual(t, len(v.Bars), fewest)
		n := 0
		for _, b := range v.Bars {
			n += b.Paid + b.Failed
		}
		require.Equal(t, 101, n)
	}
}

// Nothing but paths and texts comes into the page, whatever the library draws.
func TestRedraw(t *testing.T) {
	t.Parallel()
	d := drawing{id: "x", title: "<T>", classes: map[string]string{"rgb(1,0,1)": "ink"}}
	got, err := d.redraw([]byte(`<svg xmlns="u" onload="x" viewBox="0 0 1 1"><path d="M 0 0` + "\n" + `L 1 1" style="fill:rgb(1,0,1);stroke:none;background:url(x)"/><text x="1" y="2" onclick="x" style="font-size:9px">&lt;b&gt;</text></svg>`))
	require.NoError(t, err)
	require.Equal(t, `<svg viewBox="0 0 1 1" role="img" aria-labelledby="x"><title id="x">&lt;T&gt;</title>`+
		`<path d="M 0 0 L 1 1" class="ink" stroke="none"></path><text x="1" y="2" font-size="9px">&lt;b&gt;</text></svg>`, string(got))
	for _, bad := range []string{`<svg><script>1</script></svg>`, `<svg><image href="x"/></svg>`, `<svg><text>`, `<svg><text><b</text></svg>`} {
		_, err := d.redraw([]byte(bad))
		require.Error(t, err, bad)
	}
}
