package report

import (
	"html"
	"html/template"
	"math"
	"strings"
	"time"

	"github.com/go-analyze/charts"
)

// chartWidth is in units of the drawing. It is that of a telephone's page, so that a text
// of eleven units can be read there; a wider page has the drawing larger.
const (
	chartWidth = 420
	fontSize   = 8.5 // points: eleven units
	// fewest is how many bars there are at least, though some are empty.
	fewest = 6
)

// Colours that stand for those of the page's style.
var (
	ink  = charts.ColorRGB(1, 0, 1)
	axis = charts.ColorRGB(1, 0, 2)
	grid = charts.ColorRGB(1, 0, 3)
)

// series is one row of bars, or of the parts of bars. Its class is a word for a colour.
type series struct {
	class  string
	values []float64
}

// chart is a chart of stacked bars.
type chart struct {
	id, title string
	labels    []string
	every     int // how many bars share a label; 0: none do
	series    []series
	lying     bool
}

// svg draws the chart.
func (c chart) svg() (template.HTML, error) {
	d := drawing{id: c.id, title: c.title, classes: map[string]string{
		ink.StringRGB(): "ink", axis.StringRGB(): "axis", grid.StringRGB(): "grid",
	}}
	theme := charts.ThemeOption{
		AxisStrokeColor: axis, AxisSplitLineColor: grid, BackgroundColor: charts.ColorTransparent, TextColor: ink,
	}
	var values [][]float64
	most := make([]float64, len(c.labels))
	for i, s := range c.series {
		colour := charts.ColorRGB(1, 1, uint8(i))
		d.classes[colour.StringRGB()] = s.class
		theme.SeriesColors = append(theme.SeriesColors, colour)
		values = append(values, s.values)
		for j, v := range s.values {
			most[j] += v
		}
	}
	top := 1.0
	for _, v := range most {
		top = math.Max(top, v)
	}
	labels := make([]string, len(c.labels))
	for i, label := range c.labels {
		if c.every == 0 || i%c.every == 0 {
			labels[i] = html.EscapeString(label) // the library does not
		}
	}
	height := 220
	if c.lying {
		height = 46 + 34*len(labels)
	}
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: chartWidth, Height: height})
	var err error
	if font := charts.NewFontStyleWithSize(fontSize); c.lying {
		err = p.HorizontalBarChart(lying(theme, font, labels, values, top))
	} else {
		err = p.BarChart(standing(theme, font, labels, values, top))
	}
	if err != nil {
		return "", err
	}
	drawn, err := p.Bytes()
	if err != nil {
		return "", err
	}
	return d.redraw(drawn)
}

var bounds = charts.NewBox(6, 8, 8, 0)

func standing(theme charts.ThemeOption, font charts.FontStyle, labels []string, values [][]float64, top float64) charts.BarChartOption {
	o := charts.NewBarChartOptionWithData(values)
	o.Theme, o.Padding, o.StackSeries = charts.MakeTheme(theme), bounds, charts.Ptr(true)
	o.Legend.Show = charts.Ptr(false)
	o.XAxis.Labels, o.XAxis.LabelFontStyle, o.XAxis.BoundaryGap = labels, font, charts.Ptr(true)
	o.XAxis.LabelCount = len(labels)
	if len(labels) < 8 {
		o.BarWidth = 36
	}
	y := &o.YAxis[0]
	end, step := scale(top)
	y.Min, y.Max, y.LabelCount = charts.Ptr(0.0), charts.Ptr(end), int(end/step)+1
	y.LabelFontStyle, y.ValueFormatter = font, tick
	return o
}

func lying(theme charts.ThemeOption, font charts.FontStyle, labels []string, values [][]float64, top float64) charts.HorizontalBarChartOption {
	// The axis has no bounds to set: it begins at the least value, which is to be none.
	o := charts.NewHorizontalBarChartOptionWithData(append(values, make([]float64, len(labels))))
	o.Theme, o.Padding, o.StackSeries = charts.MakeTheme(theme), bounds, charts.Ptr(true)
	o.Legend.Show = charts.Ptr(false)
	o.YAxis.Labels, o.YAxis.LabelFontStyle = labels, font
	_, o.XAxis.Unit = scale(top)
	o.XAxis.LabelCountAdjustment = 2 // so many are wanted beside the two at its ends
	o.XAxis.LabelFontStyle, o.XAxis.ValueFormatter = font, tick
	return o
}

// scale is the end of an axis that has to reach top, and the distance of its labels: a
// whole, round number, of which there are at most six.
func scale(top float64) (end, step float64) {
	step = math.Pow(10, math.Floor(math.Log10(top)))
	for _, part := range []float64{0.2, 0.25, 0.5, 1, 2} {
		if s := step * part; top <= 5*s && s == math.Trunc(s) {
			step = s
			break
		}
	}
	return step * math.Ceil(top/step), step
}

func tick(v float64) string {
	if v != math.Trunc(v) {
		return ""
	}
	return count(int(v))
}

// bound names a rung of the ladder, as short as an axis needs it.
func bound(d time.Duration) string {
	if d == 0 {
		return "more"
	}
	return strings.ReplaceAll(strings.ReplaceAll(long(d), " min", "m"), " ", "")
}
