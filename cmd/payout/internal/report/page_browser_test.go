package report_test

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/cmd/payout/internal/report"
)

var pictures = flag.String("pictures", "", "a folder for pictures of the pages that the tests look at")

// browser is a Chromium with one page open, and what it complained of and asked for.
type browser struct {
	context.Context
	file string

	mu        sync.Mutex
	complaint []string
	asked     []string
}

// browse opens a report in Chromium, from disk.
func browse(t *testing.T, r report.Report) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not there to look at the page")
	}
	file := filepath.Join(t.TempDir(), "report.html")
	f, err := os.Create(file)
	require.NoError(t, err)
	require.NoError(t, report.WriteHTML(f, r, time.UTC))
	require.NoError(t, f.Close())

	whole, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	allocator, stop := chromedp.NewExecAllocator(whole, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-background-networking", true),
	)...)
	t.Cleanup(stop)
	tab, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	b := &browser{Context: tab, file: (&url.URL{Scheme: "file", Path: file}).String()}
	require.NoError(t, chromedp.Listen(tab, b.hear))
	call(t, b, network.Enable, network.EnableParams{})
	call(t, b, log.Enable, cdp.Empty{})
	call(t, b, runtime.Enable, cdp.Empty{})
	do(t, b, chromedp.Navigate(b.file))
	return b
}

func (b *browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.asked = append(b.asked, e.Request.URL)
	case *log.EventEntryAdded:
		b.complaint = append(b.complaint, e.Entry.Text)
	case *runtime.EventExceptionThrown:
		b.complaint = append(b.complaint, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.complaint = append(b.complaint, fmt.Sprint(e.Type, e.Args))
	}
}

func call[P, R any](t *testing.T, b *browser, command cdp.Command[P, R], params P) {
	t.Helper()
	_, err := chromedp.Call(b, command, params)
	require.NoError(t, err)
}

func do[R any](t *testing.T, b *browser, action chromedp.Action[R]) R {
	t.Helper()
	r, err := chromedp.Run(b, action)
	require.NoError(t, err)
	return r
}

// quiet requires that nothing but the page was asked for, and that there was nothing to
// complain of.
func (b *browser) quiet(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	require.Equal(t, []string{b.file}, b.asked)
	require.Empty(t, b.complaint)
}

// ask evaluates an expression in the page.
func ask[R any](t *testing.T, b *browser, expression string) R {
	t.Helper()
	return do(t, b, chromedp.Evaluate[R](expression))
}

// show sets the page's width and its colours: light, dark or those of paper.
func (b *browser) show(t *testing.T, width int64, scheme string) {
	t.Helper()
	media := emulation.SetEmulatedMediaParams{Media: "screen", Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if scheme == "print" {
		media = emulation.SetEmulatedMediaParams{Media: "print"}
	}
	call(t, b, emulation.SetEmulatedMedia, media)
	do(t, b, chromedp.EmulateViewport(width, 900))
}

// picture keeps pictures of the page and of its sections, if somebody wants to see them.
func (b *browser) picture(t *testing.T, name string) {
	t.Helper()
	if *pictures == "" {
		return
	}
	keep := func(name string, png []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(*pictures, name+".png"), png, 0o600))
	}
	keep(name, do(t, b, chromedp.FullScreenshot(100)))
	for _, id := range ask[[]string](t, b, `[...document.querySelectorAll("section[aria-labelledby]")].map(s => s.getAttribute("aria-labelledby"))`) {
		keep(name+"-"+id, do(t, b, chromedp.Screenshot(chromedp.CSS(`section[aria-labelledby="`+id+`"]`))))
	}
}

// unreadable lists texts whose contrast with what is behind them is below 4.5, which is
// WCAG's level AA.
const unreadable = `(() => {
  const parse = c => c.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  const bad = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || e.tagName === "title") continue;
    const style = getComputedStyle(e), svg = e instanceof SVGElement;
    const [a, b] = [light(parse(svg ? style.fill : style.color)), light(behind(svg ? e.ownerSVGElement.parentElement : e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.push(e.textContent.trim().slice(0, 30) + " " + ratio.toFixed(2));
  }
  return bad;
})()`

// outside lists texts of charts that are not whole within their chart.
const outside = `[...document.querySelectorAll("figure svg text")].filter(e => {
  const t = e.getBoundingClientRect(), s = e.ownerSVGElement.getBoundingClientRect();
  return t.left < s.left - 1 || t.right > s.right + 1 || t.top < s.top - 1 || t.bottom > s.bottom + 1;
}).map(e => e.textContent)`

// crossing lists texts of charts that lie on one another.
const crossing = `[...document.querySelectorAll("figure svg")].flatMap(svg => {
  const all = [...svg.querySelectorAll("text")].map(e => [e.textContent, e.getBoundingClientRect()]);
  return all.flatMap(([a, p], i) => all.slice(i + 1).filter(([, q]) => p.left < q.right && q.left < p.right && p.top + 2 < q.bottom && q.top + 2 < p.bottom).map(([b]) => a + " on " + b));
})`

func TestPageInChromium(t *testing.T) {
	t.Parallel()
	b := browse(t, large(t, 10_000))
	b.quiet(t)

	text := ask[string](t, b, `document.body.innerText`)
	for _, want := range []string{
		"salaries-2026-11", "payouts-november.csv", "96.8 %", "paid: 9,692 of 10,015 rows", "33 rows need a person",
		"all2pay-main", "14,719,128.75 RUB", "the bank took back what it had said", "pay-00002", "card 411111******1111",
		"column 2 (amount)", "Time to final", "By hour",
	} {
		require.Contains(t, text, want)
	}
	require.Equal(t, 3, ask[int](t, b, `document.querySelectorAll("figure svg").length`))
	require.Equal(t, 4, ask[int](t, b, `document.querySelectorAll("svg[role=img][aria-labelledby]").length`))
	require.Equal(t, 4, ask[int](t, b, `[...document.querySelectorAll("svg")].filter(s => document.getElementById(s.getAttribute("aria-labelledby")).textContent).length`))
	for name, min := range map[string]int{"outcomes": 8, "times": 20, "course": 12} {
		require.Greater(t, ask[int](t, b, `document.querySelector("#`+name+`-chart").parentElement.querySelectorAll("path.paid, path.failed").length`), min, name)
	}
	tables := ask[int](t, b, `document.querySelectorAll("table").length`)
	require.Equal(t, 12, tables)
	require.Equal(t, tables, ask[int](t, b, `[...document.querySelectorAll("table")].filter(t => t.caption && t.caption.textContent && t.tHead.querySelectorAll("th[scope=col]").length === t.tHead.rows[0].cells.length && t.querySelector("tbody th[scope]")).length`))
	require.Zero(t, ask[int](t, b, `document.querySelectorAll("script, img, link, iframe, [style], [onload], [onerror], [href], [src]").length`))

	for _, c := range []struct {
		name   string
		width  int64
		scheme string
	}{
		{"wide", 1280, "light"}, {"wide-dark", 1280, "dark"}, {"phone", 390, "light"}, {"phone-dark", 390, "dark"},
		{"narrow", 320, "light"}, {"paper", 718, "print"},
	} {
		b.show(t, c.width, c.scheme)
		require.LessOrEqual(t, ask[int64](t, b, `document.documentElement.scrollWidth`), c.width, c.name)
		require.Empty(t, ask[[]string](t, b, unreadable), c.name)
		require.Empty(t, ask[[]string](t, b, outside), c.name)
		require.Empty(t, ask[[]string](t, b, crossing), c.name)
		if c.scheme == "print" { // nothing can be scrolled into view on paper
			require.Zero(t, ask[int](t, b, `[...document.querySelectorAll(".scroll")].filter(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1).length`))
		}
		b.picture(t, c.name)
	}
	dark := ask[string](t, b, `getComputedStyle(document.body).backgroundColor`)
	b.show(t, 1280, "dark")
	require.NotEqual(t, dark, ask[string](t, b, `getComputedStyle(document.body).backgroundColor`))
	b.quiet(t)

	// The policy holds: what somebody would get into the page neither runs nor loads.
	require.True(t, ask[bool](t, b, `(() => {
	  const s = document.createElement("script"); s.textContent = "window.ran = true"; document.body.append(s);
	  const i = new Image(); i.src = "http://127.0.0.1:9/x.png"; document.body.append(i);
	  return window.ran === undefined;
	})()`))
	require.Eventually(t, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.complaint) >= 2
	}, 10*time.Second, 10*time.Millisecond)
	for _, complaint := range b.complaint {
		require.Contains(t, complaint, "Content Security Policy")
	}
}

// Batches of which there is little to draw.
func TestSmallPagesInChromium(t *testing.T) {
	t.Parallel()
	for _, rows := range []int{0, 1, 3, 40} {
		t.Run(fmt.Sprint(rows), func(t *testing.T) {
			b := browse(t, large(t, rows))
			for _, width := range []int64{390, 1280} {
				b.show(t, width, "light")
				require.LessOrEqual(t, ask[int64](t, b, `document.documentElement.scrollWidth`), width)
				require.Empty(t, ask[[]string](t, b, outside))
				require.Empty(t, ask[[]string](t, b, crossing))
			}
			b.picture(t, fmt.Sprint("rows-", rows))
			b.quiet(t)
		})
	}
}

// What comes from files, configurations and banks is text, whatever it looks like.
func TestHostileTextsInChromium(t *testing.T) {
	t.Parallel()
	b := browse(t, hostile(t))
	b.show(t, 390, "light")
	require.LessOrEqual(t, ask[int64](t, b, `document.documentElement.scrollWidth`), int64(390))
	require.Zero(t, ask[int](t, b, `document.querySelectorAll("script, img, b.evil, [onerror], [onload], [style]").length`))
	require.Equal(t, 1, ask[int](t, b, `document.querySelectorAll("title").length - document.querySelectorAll("svg title").length`))
	text := ask[string](t, b, `document.body.textContent`)
	for _, want := range []string{evil("batch"), evil("file"), evil("bank"), evil("code"), evil("clerk")} {
		require.Contains(t, text, want)
	}
	require.True(t, strings.HasPrefix(ask[string](t, b, `document.querySelector("#outcomes-chart").parentElement.querySelector("text").textContent`), "</text><b"))
	b.picture(t, "hostile")
	b.quiet(t)
}
