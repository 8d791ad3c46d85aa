module github.com/payoutkit/payout/bench

go 1.26.0

require (
	github.com/Rhymond/go-money v1.0.15
	github.com/cockroachdb/apd/v3 v3.2.3
	github.com/govalues/decimal v0.1.36
	github.com/nyaruka/phonenumbers v1.8.1
	github.com/payoutkit/payout v0.0.0
	github.com/payoutkit/payout/batch v0.0.0
	github.com/shopspring/decimal v1.6.0
	github.com/stretchr/testify v1.12.1
	go.uber.org/goleak v1.3.0
)

require (
	github.com/dghubble/oauth1 v0.7.3 // indirect
	github.com/google/go-querystring v1.2.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.34.0 // indirect
	golang.org/x/time v0.16.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)
