package sandbox

import (
	"net/http"
	"slices"
	"strings"

	"github.com/payoutkit/payout/sandbox/bank"
)

// Rows returns the bank's table of errors (all2pay:890-923, bereke:577-603).
func (m *Module) Rows() []Row { return slices.Clone(m.dialect.Rows) }

// Reply is the first row of the bank's table for an HTTP status and errorCode, as a
// scripted answer. A pair that the table lacks is answered in the module's form.
func (m *Module) Reply(status int, code string) bank.Reply {
	for _, r := range m.dialect.Rows {
		if r.HTTP == status && r.Code == code {
			return r.Reply()
		}
	}
	return Row{HTTP: status, Code: code, Message: "Error"}.Reply()
}

// Reply is the row as a scripted answer. Say whether the bank acts before it gives it:
// bank.Script{Act: bank.Nothing(), Reply: row.Reply()} does not.
func (r Row) Reply() bank.Reply { return bank.With(r.answer()) }

// answer writes the row; values are placeholders and what stands for them.
func (r Row) answer(values ...string) bank.Answer {
	if r.Code == "" {
		// Invented: the tables have neither code nor message for 404.
		return bank.JSON(r.HTTP, bank.Object{{Name: "status", Value: r.HTTP}, {Name: "error", Value: http.StatusText(r.HTTP)}})
	}
	return bank.JSON(r.HTTP, bank.Object{
		{Name: "errorCode", Value: r.Code},
		{Name: "errorMessage", Value: strings.NewReplacer(values...).Replace(r.Message)},
	})
}

// row returns the bank's row for a key. Bereke's table lacks some that its module, the
// same one, has: they are all2pay's.
func (m *Module) row(key rowKey) Row {
	for _, rows := range [][]Row{m.dialect.Rows, all2payRows} {
		if i := slices.IndexFunc(rows, func(r Row) bool { return r.key == key }); i >= 0 {
			return rows[i]
		}
	}
	return Row{HTTP: http.StatusInternalServerError, Code: "99"}
}

// meaning is what the module answers by a row: by its message, if all2pay has the same.
func meaning(r Row) rowKey {
	i := slices.IndexFunc(all2payRows, func(own Row) bool { return own.Message == r.Message && own.Code == r.Code && own.HTTP == r.HTTP })
	if r.key != 0 || i < 0 {
		return r.key
	}
	return all2payRows[i].key
}

// has reports whether the bank's own table has the row.
func (m *Module) has(key rowKey) bool {
	return slices.ContainsFunc(m.dialect.Rows, func(r Row) bool { return r.key == key })
}

func (m *Module) refusal(key rowKey, values ...string) bank.Answer {
	return m.row(key).answer(values...)
}

func (m *Module) noMethod(*bank.Call) bank.Answer { return m.refusal(rowNoMethod) }

// wrongPassword echoes the user name as all2pay does (all2pay:910). Bereke's table has
// no such row.
func (m *Module) wrongPassword(userName string) bank.Answer {
	if !m.has(rowPassword) {
		return m.refusal(rowUnauthenticated)
	}
	return m.refusal(rowPassword, "[user_name]", userName)
}

// violation is the answer to a broken rule of a field.
func (m *Module) violation(v bank.Violation) bank.Answer {
	name := v.Path
	switch v.Rule {
	case bank.Missing:
		if name == "client" || name == "client.name" {
			if m.has(rowNoName) {
				return m.refusal(rowNoName)
			}
			name = "client.name"
		}
		return m.refusal(rowRequired, "[paramName]", name)
	case bank.Pattern, bank.Length:
		if name == "currency" {
			return m.refusal(rowCurrency)
		}
		pattern := "[length]"
		if v.Field.Pattern != nil {
			pattern = v.Field.Pattern.String()
		}
		return m.refusal(rowPattern, "[paramName]", name, "[pattern]", pattern)
	default:
		// Invented: the banks may ignore what they do not know; this one does not.
		return m.refusal(rowInvalid)
	}
}
