// Package connpay pays out through ConnPay's /api/v4/payout.
package connpay
