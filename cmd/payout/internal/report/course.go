package report

import "time"

// course counts what became final when: by the minute or, once that takes too much
// memory, by the hour.
type course struct {
	each    time.Duration
	periods map[int64]*Period
}

// minutes is how many are told apart.
const minutes = 3000

func newCourse() course { return course{time.Minute, map[int64]*Period{}} }

func (c *course) add(at time.Time, paid bool) {
	p := Period{From: at}
	if paid {
		p.Paid++
	} else {
		p.Failed++
	}
	c.put(p)
	if c.each < time.Hour && len(c.periods) > minutes {
		old := c.periods
		*c = course{time.Hour, map[int64]*Period{}}
		for _, p := range old {
			c.put(*p)
		}
	}
}

func (c *course) put(p Period) {
	p.From = p.From.UTC().Truncate(c.each)
	at := c.periods[p.From.Unix()]
	if at == nil {
		c.periods[p.From.Unix()] = &p
		return
	}
	at.Paid += p.Paid
	at.Failed += p.Failed
}
