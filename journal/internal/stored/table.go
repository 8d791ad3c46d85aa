package stored

// Kind is what a column holds.
type Kind int

// Kinds, and what a row has of them when it is carried: int64, int64 of 0 and 1, string,
// string, []byte.
const (
	Integer Kind = iota
	Boolean
	Text
	JSON
	Bytes
)

// Column is a column of a table.
type Column struct {
	Name string
	Kind Kind
	// Null says that there may be nothing: nil.
	Null bool
	// Place says that it is part of an event's place in the feed of PostgreSQL, and of
	// nothing elsewhere.
	Place bool
}

// Table is a table that a journal takes along when it is moved.
type Table struct {
	Name    string
	Columns []Column
	// Numbered says that id is a number that the database gives out.
	Numbered bool
}

// Carried are the columns that are carried from one journal to another: all of them, or
// all but places.
func (t Table) Carried(places bool) (out []Column) {
	for _, c := range t.Columns {
		if places || !c.Place {
			out = append(out, c)
		}
	}
	return out
}

func integer(name string) Column { return Column{Name: name} }
func text(name string) Column    { return Column{Name: name, Kind: Text} }
func document() Column           { return Column{Name: "document", Kind: JSON} }

// Payouts is the table of how payouts stand. The columns are the fields of [Payout], and
// whether what is personal was erased.
var Payouts = Table{Name: "payouts", Columns: []Column{
	text("reference"), integer("version"), text("state"), integer("queue"), integer("due"), integer("created_at"), integer("amount"),
	text("currency"), document(), {Name: "sealed", Kind: Bytes, Null: true}, {Name: "erased", Kind: Boolean},
}}

// Tables are all of them but the journal's own row, see [Journal], and what is counted of
// others.
func Tables() []Table {
	return []Table{
		{Name: "journal_events", Numbered: true, Columns: []Column{integer("id"), integer("at"), text("kind"), document()}},
		{Name: "epochs", Columns: []Column{integer("number"), text("nonce"), integer("began_at"), text("holder")}},
		Payouts,
		{Name: "attempts", Columns: []Column{text("account"), text("reference_key"), text("payout"), text("provider")}},
		{Name: "events", Numbered: true, Columns: []Column{
			integer("id"), {Name: "era", Place: true}, {Name: "tx", Place: true},
			text("reference"), integer("version"), integer("at"), text("kind"), text("state"), document(),
		}},
		{Name: "limits", Columns: []Column{text("bucket"), integer("count"), integer("minor")}},
		{Name: "shown", Columns: []Column{text("account"), integer("sent"), integer("at")}},
		{Name: "holds", Columns: []Column{text("provider"), document()}},
		{Name: "hold_events", Numbered: true, Columns: []Column{integer("id"), integer("at"), text("provider"), document()}},
		{Name: "payout_keys", Columns: []Column{text("reference"), {Name: "key", Kind: Bytes}}},
		{Name: "batch_rows", Columns: []Column{{Name: "overlap", Kind: Bytes}, text("reference")}},
	}
}

// PayoutOf returns what a row of [Payouts] says.
func PayoutOf(row []any) Payout {
	p := Payout{
		Reference: row[0].(string), Version: row[1].(int64), State: row[2].(string), Queue: int(row[3].(int64)), Due: row[4].(int64),
		CreatedAt: row[5].(int64), Amount: row[6].(int64), Currency: row[7].(string), Document: []byte(row[8].(string)),
	}
	p.Sealed, _ = row[9].([]byte)
	return p
}

// Journal is what of a journal's own row is carried.
type Journal struct {
	Lineage    string
	CreatedAt  int64
	Epoch      int64
	Doubt      int64
	DoubtSince int64
	DoubtWhy   string
	MovedTo    string // "": not moved
	Importing  bool
	Era        int64 // of PostgreSQL's feed; 0 elsewhere
}

// Arrival is what is written at the end of a move, at once, to the journal that has
// arrived.
type Arrival struct {
	Journal Journal // the old one's
	Places  bool    // were carried
	At      int64
	Aged    []Aged // what was being sent
	Note    []byte // the document of its NoteMoved
}

// Aged is a payout of which nobody will say what became of its sending, after commits
// that say so.
type Aged struct {
	Payout Payout
	Events []Event
}
