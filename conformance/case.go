package conformance

import (
	"cmp"
	"slices"
)

// Case is one thing that every adapter has to prove.
type Case struct {
	// Name is what exceptions and reports call it: "answer lost".
	Name string
	// Rule is what it checks, in a sentence.
	Rule string
	// Cost is what a platform pays for an adapter that breaks the rule.
	Cost string
	// Money: the rule is about money moving twice or a fate believed wrongly. Such a
	// case can't be excepted.
	Money bool

	run func(*T)
}

// Cases returns all cases, in the order in which they run.
func Cases() []Case {
	all := slices.Concat(
		infoCases(), outcomeCases(), answerCases(), ownFormCases(), lossCases(), connectionCases(), contextCases(), permitCases(), credentialCases(),
		bodyCases(), findCases(), duplicateCases(), referenceCases(), amountCases(), inputCases(),
		concurrencyCases(), secrecyCases(), abilityCases(), savedCardCases(), callbackCases(),
	)
	return all
}

// caseNamed is for exceptions.
func caseNamed(name string) (Case, bool) {
	all := Cases()
	i := slices.IndexFunc(all, func(c Case) bool { return c.Name == name })
	if i < 0 {
		return Case{}, false
	}
	return all[i], true
}

// cost is the general answer to "why does it matter".
func (c Case) cost() string {
	return cmp.Or(c.Cost, "Whoever relies on it pays again, or takes for unpaid what was paid.")
}
