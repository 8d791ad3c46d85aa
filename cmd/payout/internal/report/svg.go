package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"slices"
	"strings"
)

// drawing is a chart that goes into the page.
type drawing struct {
	id, title string
	classes   map[string]string // of colours, as the library writes them
}

// redraw writes what the library drew anew: paths and texts, and nothing else. Colours
// become classes, so that the page's style decides about them, light or dark; what else
// stood in a style becomes an attribute, so that the page's policy needs to allow no
// style but its own.
func (d drawing) redraw(drawn []byte) (template.HTML, error) {
	var b strings.Builder
	decoder := xml.NewDecoder(strings.NewReader(string(drawn)))
	open := ""
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return template.HTML(b.String()), nil // #nosec G203 -- every text in it is escaped here
		}
		if err != nil {
			return "", fmt.Errorf("read the drawn chart: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			open = t.Name.Local
			if err := d.begin(&b, t); err != nil {
				return "", err
			}
		case xml.CharData:
			if open == "text" {
				b.WriteString(html.EscapeString(string(t)))
			}
		case xml.EndElement:
			open = ""
			fmt.Fprintf(&b, "</%s>", t.Name.Local)
		}
	}
}

func (d drawing) begin(b *strings.Builder, t xml.StartElement) error {
	keep := map[string][]string{"svg": {"viewBox"}, "path": {"d"}, "text": {"x", "y", "transform"}}[t.Name.Local]
	if keep == nil {
		return fmt.Errorf("read the drawn chart: an element %q is not expected", t.Name.Local)
	}
	b.WriteString("<" + t.Name.Local)
	attribute := func(name, value string) {
		fmt.Fprintf(b, ` %s="%s"`, name, html.EscapeString(strings.Join(strings.Fields(value), " ")))
	}
	for _, a := range t.Attr {
		switch {
		case a.Name.Local == "style":
			d.style(a.Value, attribute)
		case slices.Contains(keep, a.Name.Local):
			attribute(a.Name.Local, a.Value)
		}
	}
	if t.Name.Local != "svg" {
		b.WriteString(">")
		return nil
	}
	attribute("role", "img")
	attribute("aria-labelledby", d.id)
	fmt.Fprintf(b, `><title id="%s">%s</title>`, html.EscapeString(d.id), html.EscapeString(d.title))
	return nil
}

// style turns what is declared into attributes.
func (d drawing) style(text string, attribute func(name, value string)) {
	for declaration := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(declaration, ":")
		switch class := d.classes[value]; {
		case class != "":
			attribute("class", class)
		case name == "fill", name == "stroke", name == "stroke-width", name == "font-size":
			attribute(name, value)
		}
	}
}
