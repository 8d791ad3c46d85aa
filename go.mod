module github.com/payoutkit/payout

go 1.26.0

require (
	github.com/dghubble/oauth1 v0.7.3
	github.com/google/go-querystring v1.2.0
	github.com/shopspring/decimal v1.6.0
	github.com/stretchr/testify v1.12.1
	go.uber.org/goleak v1.3.0
	golang.org/x/time v0.16.0
	pgregory.net/rapid v1.3.0
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect
