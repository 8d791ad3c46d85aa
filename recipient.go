package payout

// Recipient is the person who gets the money: what at least two banks, or ISO
// 20022, know of a person. All of it is optional here; a bank may require some.
type Recipient struct {
	ID         string // the platform's own id of the person
	Name       Secret // whole name, as the bank wants to print it
	FirstName  Secret
	MiddleName Secret
	LastName   Secret
	BirthDate  Secret // "1990-12-31"
	Phone      Secret
	Email      Secret
	Address    Address
}

// Address is a postal address.
type Address struct {
	Country string // two letters, ISO 3166-1, capitals
	State   string
	City    Secret
	ZIP     Secret
	Street  Secret // street, house, flat
}

var recipientKind = NewKind("recipient", "the person who gets the money",
	Text(Field{Name: "id", Doc: "the platform's own id of the person"},
		func(r *Recipient) *string { return &r.ID }),
	Hidden(Field{Name: "name", Doc: "whole name"},
		func(r *Recipient) *Secret { return &r.Name }),
	Hidden(Field{Name: "first_name", Doc: "first name"},
		func(r *Recipient) *Secret { return &r.FirstName }),
	Hidden(Field{Name: "middle_name", Doc: "middle name"},
		func(r *Recipient) *Secret { return &r.MiddleName }),
	Hidden(Field{Name: "last_name", Doc: "last name"},
		func(r *Recipient) *Secret { return &r.LastName }),
	Hidden(Field{Name: "birth_date", Doc: "date of birth, YYYY-MM-DD", Check: checkDate},
		func(r *Recipient) *Secret { return &r.BirthDate }),
	Hidden(Field{Name: "phone", Doc: "phone number", Max: 32},
		func(r *Recipient) *Secret { return &r.Phone }),
	Hidden(Field{Name: "email", Doc: "e-mail address", Check: checkEmail},
		func(r *Recipient) *Secret { return &r.Email }),
	Text(Field{Name: "country", Doc: "country of the address, two letters", Check: checkCountry},
		func(r *Recipient) *string { return &r.Address.Country }),
	Text(Field{Name: "state", Doc: "state of the address"},
		func(r *Recipient) *string { return &r.Address.State }),
	Hidden(Field{Name: "city", Doc: "city of the address"},
		func(r *Recipient) *Secret { return &r.Address.City }),
	Hidden(Field{Name: "zip", Doc: "postal code"},
		func(r *Recipient) *Secret { return &r.Address.ZIP }),
	Hidden(Field{Name: "street", Doc: "street, house, flat", Max: 256},
		func(r *Recipient) *Secret { return &r.Address.Street }),
)

// Kind implements [Record].
func (Recipient) Kind() Kind { return recipientKind }
