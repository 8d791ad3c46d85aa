// Package simulate runs the simulated banks as servers that stay up, for the other
// commands to be tried on: it writes a configuration with their addresses and their test
// credentials, and takes orders from other processes to misbehave.
package simulate
