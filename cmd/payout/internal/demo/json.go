package demo

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/payoutkit/payout"
)

// jsonPrinter prints an object a line, told apart by "type". The command's help lists
// the members.
type jsonPrinter struct{ out *json.Encoder }

func newJSONPrinter(out io.Writer) jsonPrinter {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return jsonPrinter{e}
}

// print writes one object. The writer never fails, and none of the types does.
func (p jsonPrinter) print(object any) { _ = p.out.Encode(object) }

func (p jsonPrinter) begin(registry string, banks []string) {
	p.print(struct {
		Type     string   `json:"type"`
		Registry string   `json:"registry"`
		Banks    []string `json:"banks"`
	}{"start", registry, banks})
}

func (p jsonPrinter) result(r Result) {
	line := struct {
		Type        string        `json:"type"`
		Line        int           `json:"line"`
		LastLine    int           `json:"last_line,omitempty"`
		Reference   string        `json:"reference,omitempty"`
		Provider    string        `json:"provider,omitempty"`
		ProviderID  string        `json:"provider_id,omitempty"`
		Amount      *payout.Money `json:"amount,omitempty"`
		Destination string        `json:"destination,omitempty"`
		Status      string        `json:"status"`
		Reason      string        `json:"reason,omitempty"`
		Attempts    int           `json:"attempts"`
		AnswerLost  bool          `json:"answer_lost,omitempty"`
		Error       string        `json:"error,omitempty"`
		Millis      int64         `json:"took_ms"`
	}{
		Type: "payout", Line: r.Line, Reference: r.Reference, Provider: r.Provider, ProviderID: r.Payout.ProviderID,
		Destination: r.Payout.Destination, Status: r.status(), Reason: r.reason(), Attempts: len(r.Attempts), AnswerLost: r.Lost, Millis: r.Took.Milliseconds(),
	}
	if r.LastLine > r.Line {
		line.LastLine = r.LastLine
	}
	if !r.Payout.Amount.IsZero() {
		line.Amount = &r.Payout.Amount
	}
	if err := errors.Join(r.Unpaid, r.Open); err != nil {
		line.Error = err.Error()
	}
	p.print(line)
}

func (p jsonPrinter) end(s Summary) {
	for _, t := range s.Totals {
		p.print(struct {
			Type string `json:"type"`
			Total
		}{"total", t})
	}
	for _, l := range s.Ledgers {
		p.print(struct {
			Type string `json:"type"`
			Ledger
		}{"ledger", l})
	}
	for _, f := range s.Findings {
		p.print(struct {
			Type string `json:"type"`
			Finding
		}{"finding", f})
	}
	p.print(struct {
		Type     string `json:"type"`
		Rows     int    `json:"rows"`
		Lost     int    `json:"answers_lost"`
		Findings int    `json:"findings"`
		Millis   int64  `json:"took_ms"`
	}{"summary", s.Rows, s.Lost, len(s.Findings), s.Took.Milliseconds()})
}
