package sandbox

// Row is one row of a bank's table of errors.
type Row struct {
	HTTP    int
	Code    string // errorCode; "" where the table has none
	Message string // errorMessage, with the document's placeholders in brackets
	Doc     string // the line of the document
	key     rowKey // the rows that the simulated module answers by itself
}

type rowKey uint8

const (
	_ rowKey = iota
	rowFunds
	rowLimit
	rowRestricted
	rowRequired
	rowPattern
	rowNoName
	rowNoID
	rowNotFound
	rowCurrency
	rowCard
	rowNoCredentials
	rowSource
	rowUnauthenticated
	rowPassword
	rowParse
	rowBinding
	rowBIN
	rowMrBin
	rowInvalid
	rowNoMethod
)

// The tables stand as printed, with their typing errors, their Cyrillic letters in
// English words (bereke:577, 584) and their open boxes (all2pay:921).
var (
	all2payRows = []Row{
		{200, "116", "Insufficient funds", "all2pay:890", rowFunds},
		{200, "121", "Limit is depleted", "all2pay:891", rowLimit},
		{200, "902", "Card is restricted", "all2pay:892", rowRestricted},
		{400, "98", "[paramName] is a required parameter", "all2pay:893", rowRequired},
		{400, "98", "[paramName] does not match required pattern [pattern]", "all2pay:894", rowPattern},
		{400, "98", "Errors while parsing incoming request: [requestMessage] is not set for method [api_method]", "all2pay:895", 0},
		{400, "98", "Invalid request", "all2pay:896", rowInvalid},
		{400, "98", "No order identification provided to find order in database", "all2pay:897", rowNoID},
		{400, "98", "Order not found in payout proxy. Check orderId or orderNumber", "all2pay:898", rowNotFound},
		{400, "98", "Currency does not match required pattern", "all2pay:899", rowCurrency},
		{400, "98", "Card affiliation does not match required pattern", "all2pay:900", rowCard},
		{400, "98", "userName and password are mandatory fields", "all2pay:901", rowNoCredentials},
		{400, "98", "Payout config error: debit method is incorrect for specified payout type", "all2pay:902", 0},
		{400, "98", "Source is not specified or is incorrect compared to configured debit tools", "all2pay:903", rowSource},
		{400, "98", "Invalid request. client.name is empty", "all2pay:904", rowNoName},
		{400, "98", "The order[orderNumber] is not registered in the gateway and contains errors. Please register a new order.", "all2pay:905", 0},
		{401, "90", "User not authenticated", "all2pay:906", rowUnauthenticated},
		{404, "", "", "all2pay:907", rowNoMethod},
		{500, "99", "Order was not processed correctly. Please check order status manually", "all2pay:908", 0},
		{500, "99", "No merchant settings available", "all2pay:909", 0},
		{401, "90", "Wrong password for user [user_name]", "all2pay:910", rowPassword},
		{500, "99", "There was an error getting gateway parameters", "all2pay:911", 0},
		{500, "99", "Failed to parse incoming request for [messageType]", "all2pay:912", rowParse},
		{502, "99", "Failed to call hessian method: [hessian_method]", "all2pay:913", 0},
		{502, "99", "Error calling rest method [service_name]", "all2pay:914", 0},
		{502, "99", "Rest response was unsuccessfull", "all2pay:915", 0},
		{502, "99", "3DS authorization was requested but is not supported in API calls", "all2pay:916", 0},
		{502, "99", "Unable to get card data for specified bindingId", "all2pay:917", rowBinding},
		{502, "204", "Cannot find any bin range in db for [bin]", "all2pay:918", rowBIN},
		{502, "204", "Unsupported pan", "all2pay:919", 0},
		{502, "400", "Invalid request: bin is empty or is not numeric", "all2pay:920", 0},
		{502, "98", "Mrbin␣can't␣find␣this␣card", "all2pay:921", rowMrBin},
		{504, "91", "Timeout when requesting [gateway]", "all2pay:922", 0},
		{504, "91", "Timeout when requesting [service_name]", "all2pay:923", 0},
	}

	berekeRows = []Row{
		{400, "98", "[paramName] is а required parameter", "bereke:577", rowRequired},
		{400, "98", "[paramName] does not match required pattern [pattern]", "bereke:578", rowPattern},
		{400, "98", "Errors while parsing incoming request: [requestMessage] is not set for method [api_method]", "bereke:579", 0},
		{400, "98", "Invalid request", "bereke:580", rowInvalid},
		{400, "98", "No order identification provided to find order in database", "bereke:581", rowNoID},
		{400, "98", "Order not found in payout proxy. Check orderId or orderNumber", "bereke:582", rowNotFound},
		{400, "98", "Currency does not match required pattern", "bereke:583", rowCurrency},
		{400, "98", "Сard affiliation does not match required pattern", "bereke:584", rowCard},
		{400, "98", "userName and password are mandatory fields", "bereke:585", rowNoCredentials},
		{400, "98", "Payout config error: debit method is incorrect for specified payout type", "bereke:586", 0},
		{400, "98", "Source is not specified or is incorrect compared to configured debit tools", "bereke:587", rowSource},
		{401, "90", "User not authenticated", "bereke:588", rowUnauthenticated},
		{404, "", "", "bereke:589", rowNoMethod},
		{500, "99", "No merchant settings available", "bereke:590", 0},
		{500, "99", "There was an error getting gateway parameters", "bereke:591", 0},
		{500, "99", "Failed to parse incoming request for [messageType]", "bereke:592", rowParse},
		{502, "99", "Failed to call hessian method: [hessian_method]", "bereke:593", 0},
		{502, "99", "Error calling rest method [service_name]", "bereke:594", 0},
		{502, "99", "Rest response was unsuccessfull", "bereke:595", 0},
		{502, "99", "3DS authorization was requested but is not supported in API calls", "bereke:596", 0},
		{502, "99", "Unable to get card data for specified bindingId", "bereke:597", rowBinding},
		{502, "204", "Cannot find any bin range in db for [bin]", "bereke:598", rowBIN},
		{502, "204", "Unsupported pan", "bereke:599", 0},
		{502, "400", "Invalid request: bin is empty or is not numeric", "bereke:600", 0},
		{502, "98", "Mrbin␣can't␣find␣this␣card", "bereke:601", rowMrBin},
		{504, "91", "Timeout when requesting [gateway]", "bereke:602", 0},
		{504, "91", "Timeout when requesting [service_name]", "bereke:603", 0},
	}
)
