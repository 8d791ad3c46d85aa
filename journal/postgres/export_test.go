package postgres

// Gathered returns how many commits wait for others to be written, and Running how many
// statements for many are under way.
func (j *Journal) Gathered() int { return j.commits.Waiting() }

// Running returns how many statements write commits together.
func (j *Journal) Running() int { return j.commits.Running() }
