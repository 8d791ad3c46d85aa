package postgres_test

import (
	"bytes"
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/journal/postgres"
)

// stall is a process that is stopped right before it sends a statement.
type stall struct {
	before  []byte
	reached chan struct{}
	goOn    chan struct{}
	once    sync.Once
}

type stalledConn struct {
	net.Conn
	*stall
}

func (c stalledConn) Write(b []byte) (int, error) {
	if bytes.Contains(b, c.before) {
		c.once.Do(func() { close(c.reached) })
		<-c.goOn
	}
	return c.Conn.Write(b)
}

// A process that is stopped in the middle of beginning an epoch, with the journal's row
// locked, does not keep the others from beginning theirs.
func TestStoppedInTransaction(t *testing.T) {
	_, pool := fresh(t, postgres.Config{})
	s := &stall{before: []byte("epochs (number"), reached: make(chan struct{}), goOn: make(chan struct{})}
	stopped := opened(t, connect(t, pool.Config().ConnString(), func(c *pgxpool.Config) {
		dial := c.ConnConfig.DialFunc
		c.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(ctx, network, address)
			return stalledConn{conn, s}, err
		}
	}), postgres.Config{})
	other := opened(t, pool, postgres.Config{})
	failed := make(chan error)
	go func() { _, err := stopped.Epoch(context.Background()); failed <- err }()
	<-s.reached
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err := other.Epoch(ctx)
	require.NoError(t, err)
	close(s.goOn)
	require.Error(t, <-failed, "its epoch was not begun")
	_, err = stopped.Epoch(t.Context())
	require.NoError(t, err, "and the next one is")
}
