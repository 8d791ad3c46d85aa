package rbs_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// traps are the places where the two documents contradict themselves, each other, or
// the vendor's other documents; what the adapters do about each; and the tests that
// hold it, which name it by its number.
var traps = []struct {
	trap, decision string
	tests          []string // package and function
}{
	1:  {"userName in the tables, username in the examples", "userName is sent, never both", []string{"all2pay.TestPay", "bereke.TestPay", "all2pay.TestDocumentedRequests", "bereke.TestDocumentedRequests"}},
	2:  {"target.pan or target.card.pan", "target.pan, as in the signed example", []string{"all2pay.TestPay", "bereke.TestPay"}},
	3:  {"examples in tenge where roubles alone are paid", "the currency is the adapter's, any other is refused and not believed", []string{"all2pay.TestDocumentedAnswers", "rbs.TestRules", "rbs.TestEvidence"}},
	4:  {"an operation in another currency than its order", "the order's counts, the operation's is shown", []string{"bereke.TestDocumentedAnswers", "rbs.TestOperations", "rbs.TestEvidence"}},
	5:  {"a currency as a number or a text", "either is read", []string{"rbs.TestEvidence", "rbs.TestOperations"}},
	6:  {"OrderStatus or orderStatus, a number or a text", "either is read; two that differ are unreadable", []string{"rbs.TestOrderStatus"}},
	7:  {"a mandatory orderStatus that may be missing", "a missing one is unknown, never 0", []string{"rbs.TestOrderStatus"}},
	8:  {"a list of statuses that is lost", "the sister document's, and the rest is unknown", []string{"rbs.TestOrderStatus"}},
	9:  {"operationDate or datetime", "either is read, the first before the second", []string{"rbs.TestDates", "bereke.TestDocumentedAnswers"}},
	10: {"a timestamp without a unit", "milliseconds; what would be seconds is no time", []string{"rbs.TestDates"}},
	11: {"a masked number under three names", "all are read, and masked again", []string{"rbs.TestMasks"}},
	12: {"three styles of masks", "the last four digits count", []string{"rbs.TestMasks"}},
	13: {"cvv in the table, cvc in the example", "cvv, or cvc by configuration, never both", []string{"all2pay.TestSaveCardRequests", "all2pay.TestDocumentedRequests"}},
	14: {"orderNumber is not in createSourceBindingId's table", "it is required and sent", []string{"all2pay.TestSaveCardRequests"}},
	15: {"examples that are not JSON", "the reader stays strict; tests repair the examples", []string{"all2pay.TestDocumentedRequests", "bereke.TestDocumentedRequests", "all2pay.TestDocumentedCards"}},
	16: {"is3DSVer2 false beside a page of version 2", "it decides nothing", []string{"all2pay.TestDocumentedCards", "all2pay.TestSaveCardAnswers", "rbs.TestThreeDSecure"}},
	17: {"an errorCode that its table has not", "a page without a code is taken too", []string{"all2pay.TestSaveCardAnswers", "all2pay.TestDocumentedCards"}},
	18: {"an errorMessage beside success", "errorCode alone says success", []string{"rbs.TestEvidence", "all2pay.TestDocumentedCards"}},
	19: {"a required orderId that the example lacks", "it may be missing", []string{"all2pay.TestDocumentedCards", "rbs.TestRegisterAnswers"}},
	20: {"a bindingId that is returned on errors", "an identifier counts only with errorCode 0", []string{"all2pay.TestSaveCardAnswers"}},
	21: {"keys with or without markers, in seconds or milliseconds", "all are read", []string{"all2pay.TestSEToken", "all2pay.TestKeys"}},
	22: {"clientId of 30 characters, in examples 36, in answers 255", "255 is the limit", []string{"rbs.TestRules"}},
	23: {"an e-mail address of 30 characters", "checked before sending", []string{"rbs.TestRules"}},
	24: {"client.name optional, mandatory or missing; in Latin letters", "required at both, at most 24, Latin at Bereke, nothing rewritten", []string{"rbs.TestRules", "rbs.TestNameLetters"}},
	25: {"two formats of telephone numbers in one request", "one strict reader, two ways of writing", []string{"rbs.TestRecipientPhones", "all2pay.TestSBPPhones", "rbs.TestRules"}},
	26: {"an orderNumber of 32, 36 or any length", "1 to 32 letters, digits, '-' and '_'", []string{"rbs.TestRules", "all2pay.TestSETokenParts"}},
	27: {"orderNumber described as absent for some types", "a pasted text: it is always sent", []string{"rbs.TestEveryField"}},
	28: {"operationList's ids with three meanings", "nothing is compared with them", []string{"rbs.TestOperations"}},
	29: {"an example that answers another order", "an answer about another order is unknown, with an alarm", []string{"all2pay.TestDocumentedAnswers", "rbs.TestEvidence"}},
	30: {"orderId and creationDate that may be missing", "optional; questions go by orderNumber", []string{"rbs.TestEvidence", "all2pay.TestFindAndPing", "bereke.TestFindAndPing"}},
	31: {"3-D Secure in answers, and not supported", "an answer with a page waits for somebody, whatever else it says", []string{"rbs.TestThreeDSecure", "all2pay.TestPayoutWithThreeDSecure"}},
	32: {"a source in an answer that was not asked for", "accepted, not compared", []string{"rbs.TestEvidence", "bereke.TestDocumentedAnswers"}},
	33: {"balanceDescriptionList is an object", "an object or a list", []string{"bereke.TestBalanceAnswers"}},
	34: {"a balance is promised, and its method is not named", "off until the configuration turns it on", []string{"all2pay.TestNoBalance", "rbs.TestBalanceIsOffByDefault"}},
	35: {"when a source is given: the list is lost", "none unless configured or asked for", []string{"all2pay.TestPay", "bereke.TestPay"}},
	36: {"addresses in examples that are not what they seem", "absolute and https; a browser that comes back proves nothing", []string{"rbs.TestRegisterRules", "all2pay.TestDocumentedRequests"}},
	37: {"EN where ISO 639-1 has en", "lower case, or nothing", []string{"rbs.TestEveryField", "rbs.TestRegisterRequest", "rbs.TestRules"}},
	38: {"returnUrl is mandatory in an object that is not", "required for a page", []string{"rbs.TestRegisterRules", "rbs.TestRegisterRequest"}},
	39: {"pages on other hosts than the bank's", "any host, and https only", []string{"rbs.TestRegisterAnswers"}},
	40: {"Cyrillic letters in English messages", "messages decide nothing", []string{"rbs.TestRows"}},
	41: {"98 under HTTP 502, with odd spaces", "HTTP status and code decide together", []string{"rbs.TestRows"}},
	42: {"typing errors, Russian in the English document", "messages decide nothing", []string{"rbs.TestRows"}},
	43: {"one code under several HTTP statuses", "HTTP status and code decide together", []string{"rbs.TestRows", "rbs.TestRefusalsThatContradictThemselves"}},
	44: {"refusals under HTTP 200", "200 is not success", []string{"rbs.TestRows", "rbs.TestRefusalsThatContradictThemselves"}},
	45: {"messages that echo user names", "no message reaches an error, a log or a payout", []string{"adapters.TestEchoes"}},
	46: {"headers that one page has lost", "both on every POST", []string{"rbs.TestRegisterRequest", "all2pay.TestSaveCardRequests"}},
	47: {"V1 in a footer, v2 in the paths, text from echo", "v2; echo is read as text, loosely", []string{"all2pay.TestFindAndPing", "bereke.TestFindAndPing"}},
	48: {"alphabetic currency codes in registries", "the API speaks numbers; letters in an answer are unreadable", []string{"rbs.TestEvidence"}},
	49: {"sessionTimeoutSecs belongs to registerPayout", "always sent there, refused elsewhere", []string{"rbs.TestRegisterRequest", "rbs.TestRegisterRules"}},
	50: {"cards of one country only", "the bank says so: its refusals are the destination's fault", []string{"rbs.TestRows"}},
	51: {"operationList as an object", "an object or a list", []string{"rbs.TestOperations"}},
	52: {"orderParams of any type", "texts are read, the rest was not ours; texts are sent", []string{"rbs.TestParams"}},
	53: {"amounts of 12 digits", "whole minor units, 1 to 999999999999", []string{"rbs.TestRules", "rbs.TestEvidence"}},
	54: {"a default currency in an answer's table", "a pasted text: an answer without one is no evidence", []string{"rbs.TestEvidence"}},
}

// Every trap has a decision, and every test that is said to hold one exists and names
// it.
func TestTraps(t *testing.T) {
	require.Len(t, traps, 55)
	folders := map[string]string{"rbs": ".", "all2pay": "../../all2pay", "bereke": "../../bereke", "adapters": "../.."}
	sources := map[string]map[string]string{}
	for name, folder := range folders {
		sources[name] = testsIn(t, folder)
	}
	for n, row := range traps {
		if n == 0 {
			continue
		}
		require.NotEmpty(t, row.trap, n)
		require.NotEmpty(t, row.decision, n)
		require.NotEmpty(t, row.tests, n)
		number := regexp.MustCompile(`#` + fmt.Sprint(n) + `\b`)
		for _, test := range row.tests {
			pkg, name, _ := strings.Cut(test, ".")
			source, ok := sources[pkg][name]
			if assert.True(t, ok, "trap %d: there is no %s", n, test) {
				assert.Regexp(t, number, source, "trap %d: %s does not name it", n, test)
			}
		}
	}
}

// testsIn returns the text of each test function in a folder, with its comment.
func testsIn(t *testing.T, folder string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	require.NoError(t, err)
	out := map[string]string{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, raw, parser.ParseComments)
		require.NoError(t, err)
		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(f.Name.Name, "Test") {
				continue
			}
			begin := f.Pos()
			if f.Doc != nil {
				begin = f.Doc.Pos()
			}
			out[f.Name.Name] = string(raw[set.Position(begin).Offset:set.Position(f.End()).Offset])
		}
	}
	return out
}
