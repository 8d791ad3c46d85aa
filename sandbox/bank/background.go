package bank

import "context"

// Go runs f beside the server, for what a bank does by itself. The context ends when
// the server closes; f has to return then, for [Server.Close] waits for it. Call it
// before the first request comes in.
func (s *Server) Go(f func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	s.connections.Go(func() {
		<-s.done
		cancel()
	})
	s.connections.Go(func() { f(ctx) })
}
