package payout_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestPollingNext(t *testing.T) {
	const s, m, h = time.Second, time.Minute, time.Hour
	two := payout.Polling{{Every: 3 * s, For: m}, {Every: 10 * s, For: m}, {Every: h, For: m}}
	for name, row := range map[string]struct {
		polling payout.Polling
		elapsed time.Duration
		want    time.Duration
	}{
		"first step":                   {two, 0, 3 * s},
		"before the first step ends":   {two, m - 1, 3 * s},
		"second step":                  {two, m, 10 * s},
		"before the second step ends":  {two, 2*m - 1, 10 * s},
		"last step":                    {two, 2 * m, h},
		"the last step never ends":     {two, 3 * m, h},
		"after 290 years":              {two, math.MaxInt64, h},
		"a clock that went back":       {two, -h, 3 * s},
		"nil":                          {nil, 0, 2 * s},
		"empty":                        {payout.Polling{}, 29 * s, 2 * s},
		"default, second":              {nil, 30 * s, 15 * s},
		"default, third":               {nil, 10*m + 30*s, 5 * m},
		"default, last":                {nil, 7 * h, h},
		"one step":                     {payout.Polling{{Every: s}}, 9 * h, s},
		"zero step":                    {payout.Polling{{}}, 0, m},
		"negative Every":               {payout.Polling{{Every: -s}}, 0, m},
		"an Every of nearly nothing":   {payout.Polling{{Every: 1}}, 0, time.Millisecond},
		"a step of no length":          {payout.Polling{{Every: s}, {Every: m}}, 0, m},
		"a step of negative length":    {payout.Polling{{Every: s, For: -h}, {Every: m, For: s}, {Every: h}}, 0, m},
		"it does not lengthen another": {payout.Polling{{Every: s, For: -h}, {Every: m, For: s}, {Every: h}}, 2 * s, h},
		"a step of 290 years":          {payout.Polling{{Every: s, For: s}, {Every: m, For: math.MaxInt64}, {Every: h}}, 2 * s, m},
	} {
		require.Equal(t, row.want, row.polling.Next(row.elapsed), name)
	}
}

func TestDefaultPollingIsTheCallersOwn(t *testing.T) {
	payout.DefaultPolling()[0].Every = time.Hour
	require.Equal(t, 2*time.Second, payout.DefaultPolling()[0].Every)
}
