package sandbox

import (
	"fmt"
	"slices"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// ModuleDialect is what one bank's Payout Module has of its own. Name and Currency are
// required. What else is left zero is as all2pay's module has it, so that another bank
// on the module says only where it differs:
//
//	sandbox.StartModule(sandbox.ModuleDialect{
//		Name:     "Sample Bank",
//		Currency: payout.AMD,
//		Targets:  []sandbox.ModuleTarget{sandbox.ToCard},
//	}, sandbox.ModuleConfig{})
type ModuleDialect struct {
	Name     string
	Currency payout.Currency // the only one that the bank pays in

	// Methods are those that the bank has beside echo, performPayout.do and
	// getPayoutStatus.do; nil is all.
	Methods []ModuleMethod
	// Targets are the ways to name a recipient; nil is all.
	Targets []ModuleTarget
	// Children: the bank takes merchantLogin.
	Children bool

	// Rows is the bank's table of errors; nil is all2pay's. The module refuses by the
	// rows whose messages it knows. Where the table has none for a refusal, it refuses by
	// all2pay's.
	Rows []Row

	// Success is the errorMessage of a call that worked. Completed and Done are the
	// resultCodeDescription of a payout, in the answer to performPayout.do and in a status
	// answer.
	Success, Completed, Done string

	// Statuses are the values of orderStatus.
	Statuses map[bank.State]string

	// Fields are a bank's own fields of a method, in place of all2pay's as far as Methods,
	// Targets and Children leave them.
	Fields map[ModuleMethod]bank.Schema

	source string // the source.bindingId of the samples
	sheet  *sheet
}

// ModuleMethod is a method of the module, as it ends its path.
type ModuleMethod string

// The methods of the module.
const (
	PerformPayout   ModuleMethod = "performPayout.do"
	RegisterPayout  ModuleMethod = "registerPayout.do" // with the page for the recipient
	GetPayoutStatus ModuleMethod = "getPayoutStatus.do"
	GetAmount       ModuleMethod = "getAmount.do"
	GetKeys         ModuleMethod = "keys.do"

	CreateTargetBindingID ModuleMethod = "createTargetBindingId.do"
	CreateSourceBindingID ModuleMethod = "createSourceBindingId.do" // with the page of 3-D Secure
)

// ModuleTarget is a way to name a recipient: the field of target that it begins with.
type ModuleTarget string

// The ways to name a recipient.
const (
	ToCard      ModuleTarget = "pan"
	ToSavedCard ModuleTarget = "bindingId"
	ToToken     ModuleTarget = "seToken"
	ToPhone     ModuleTarget = "phone" // by SBP
)

// sheet is the form of a bank's status answers, where the two documents differ.
type sheet struct {
	orderID, creationDate, actionCode bool
	verify                            bool   // an operation P2P_VERIFY comes first
	dateAsText                        bool   // "datetime":"..." instead of "operationDate":...
	currency                          string // of the operations; "" is the order's
	pan                               bool   // the operations name card and cardholder
	maskFour                          bool   // 4402XXXXXXXX2639 instead of 411111XXXXXX1111
}

// complete fills in what a dialect does not say.
func (d ModuleDialect) complete() (ModuleDialect, error) {
	if d.Name == "" || d.Currency.Exponent() < 0 {
		return d, fmt.Errorf("sandbox: a dialect of the module needs a name and a currency with minor units, not %q and %q", d.Name, d.Currency)
	}
	base := all2pay()
	if d.Rows == nil {
		d.Rows = base.Rows
	}
	d.Rows = slices.Clone(d.Rows)
	for i := range d.Rows {
		d.Rows[i].key = meaning(d.Rows[i])
	}
	for _, word := range []struct{ of, otherwise *string }{
		{&d.Success, &base.Success}, {&d.Completed, &base.Completed}, {&d.Done, &base.Done}, {&d.source, &base.source},
	} {
		if *word.of == "" {
			*word.of = *word.otherwise
		}
	}
	if d.Statuses == nil {
		d.Statuses = base.Statuses
	}
	if d.sheet == nil {
		d.sheet = base.sheet
	}
	return d, nil
}

// has reports whether the bank has a method.
func (d ModuleDialect) has(m ModuleMethod) bool {
	return d.Methods == nil || slices.Contains(d.Methods, m)
}

// fields returns the fields of a method.
func (d ModuleDialect) fields(m ModuleMethod) bank.Schema {
	schema := d.Fields[m]
	if schema == nil {
		schema = moduleFields[m]
	}
	var all bank.Schema
	for _, f := range schema {
		switch {
		case f.Name == "merchantLogin" && !d.Children:
			continue
		case f.Name == "target" && d.Targets != nil:
			f.Fields = slices.DeleteFunc(slices.Clone(f.Fields), func(f bank.Field) bool { return !slices.Contains(d.Targets, way(f.Name)) })
		}
		all = append(all, f)
	}
	return all
}

// way is the way to name a recipient that a field of target belongs to.
func way(field string) ModuleTarget {
	switch field {
	case "bankId", "lastName", "firstName", "middleName":
		return ToPhone
	}
	return ModuleTarget(field)
}

func all2pay() ModuleDialect {
	return ModuleDialect{
		Name:      "all2pay",
		Currency:  payout.RUB, // all2pay:32
		Methods:   []ModuleMethod{RegisterPayout, GetKeys, CreateTargetBindingID, CreateSourceBindingID},
		Children:  true,
		Rows:      all2payRows,
		Success:   "Success",
		Completed: "Payout completed",                  // all2pay:479
		Done:      "Request is processed successfully", // all2pay:613
		Statuses: map[bank.State]string{
			bank.Registered: "-1", // all2pay:382
			bank.Pending:    "0",
			bank.Paid:       "2",
			bank.Declined:   "6",
			bank.Returned:   "4",
		},
		source: All2PaySource,
		// all2pay:588-628
		sheet: &sheet{orderID: true, creationDate: true, actionCode: true, verify: true, maskFour: true},
	}
}

func bereke() ModuleDialect {
	return ModuleDialect{
		Name:      "Bereke",
		Currency:  payout.KZT, // bereke:35
		Methods:   []ModuleMethod{RegisterPayout, GetAmount},
		Targets:   []ModuleTarget{ToCard, ToSavedCard},
		Rows:      berekeRows,
		Success:   "Успешно",
		Completed: "Перевод исполнен", // bereke:393
		Done:      "Перевод исполнен",
		Statuses: map[bank.State]string{ // bereke:320-327
			bank.Registered: "0",
			bank.Pending:    "0",
			bank.Paid:       "2",
			bank.Declined:   "6",
			bank.Returned:   "4",
		},
		Fields: berekeFields,
		source: BerekeSource,
		// bereke:493-524: the operations are in 643 there, in a KZT order
		sheet: &sheet{dateAsText: true, currency: "643", pan: true},
	}
}
