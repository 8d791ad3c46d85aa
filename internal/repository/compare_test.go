package repository

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// proof is how a value is called that proves something to whoever has it: whoever can
// measure how long it is compared learns it, byte by byte.
var proof = regexp.MustCompile(`(?i)(control|signature|signed|hmac|^mac|token|password|secret|digest|sum|hash|fingerprint)(of)?$`)

// harmless are comparisons of what proves nothing, by file and operand.
var harmless = map[string]string{
	"journal/witness/file.go sum":               "a check sum against damage, without a key",
	"adapters/all2pay/config.go SignDigest":     "a way to sign",
	"adapters/connpay/endpoint.go otherToken":   "the name of a parameter",
	"adapters/connpay/parameters.go otherToken": "the name of a parameter",
}

// What proves something is compared in constant time, by hmac.Equal or
// subtle.ConstantTimeCompare, in code that runs at a platform's.
func TestProofsAreComparedInConstantTime(t *testing.T) {
	t.Parallel()
	constant, quick := 0, []string{}
	goFiles(t, func(file string, parsed *ast.File, fset *token.FileSet) {
		if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "sandbox/") { // simulated banks have nobody's secrets
			return
		}
		note := func(at token.Pos, operands ...ast.Expr) {
			for _, o := range operands {
				if plain(o) {
					return // with nil, "" or a number: only whether there is one
				}
			}
			for _, o := range operands {
				if name := called(o); proof.MatchString(name) && harmless[file+" "+name] == "" {
					quick = append(quick, fmt.Sprintf("%s:%d: %s", file, fset.Position(at).Line, name))
				}
			}
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if n.Op == token.EQL || n.Op == token.NEQ {
					note(n.Pos(), n.X, n.Y)
				}
			case *ast.CallExpr:
				s, ok := n.Fun.(*ast.SelectorExpr)
				if !ok {
					break
				}
				x, _ := s.X.(*ast.Ident)
				switch name := s.Sel.Name; {
				case x == nil:
				case x.Name == "hmac" && name == "Equal", x.Name == "subtle" && name == "ConstantTimeCompare":
					constant++
				case name == "Equal" || name == "Compare" || name == "EqualFold":
					if x.Name == "bytes" || x.Name == "strings" || x.Name == "slices" || x.Name == "reflect" {
						note(n.Pos(), n.Args...)
					}
				}
			}
			return true
		})
	})
	require.Empty(t, quick)
	require.GreaterOrEqual(t, constant, 3, "what is looked for is there")
}

// plain reports whether an expression is nil or a literal.
func plain(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return e.Name == "nil"
	}
	return false
}

// called is the name of what an expression is: of a variable, a field or a function,
// through conversions and slices of it.
func called(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.ParenExpr:
		return called(e.X)
	case *ast.StarExpr:
		return called(e.X)
	case *ast.SliceExpr:
		return called(e.X)
	case *ast.IndexExpr:
		return called(e.X)
	case *ast.CallExpr:
		name := called(e.Fun)
		if name == "len" {
			return ""
		}
		if len(e.Args) == 1 && !proof.MatchString(name) {
			if inner := called(e.Args[0]); inner != "" {
				return inner
			}
		}
		return name
	}
	return ""
}
