package calibration

// Report is what ratings, cards and decisions say of interviewing as a whole and
// of each interviewer. Everything that names somebody is in Interviewers, Pairs
// and Load.Warnings.
type Report struct {
	Units        int // signals of a candidate that two or more interviewers rated
	Applications int // with such a unit
	Raters       int // interviewers of such a unit
	Majors       []int

	Alpha         Figure // Krippendorff's, ordinal, with its interval
	Reading       Reading
	ICC1          Figure // of one rating
	ICC1k         Figure // of the mean of as many as there are on average
	MeanOf        []Projection
	Sufficient    bool // whether there is enough for Alpha and the correlations
	Note          string
	Timeliness    Timeliness
	Agreement     Agreement
	Load          Load
	Distributions Distributions

	Interviewers []Profile // all of the input, by id
	Pairs        []Pair    // who share a unit, by ids
}

// Profile is what is known of one interviewer.
type Profile struct {
	Interviewer  string // id
	Eligible     bool
	RatedUnits   int // that others rated as well
	Applications int // of those units
	// ComparisonGroup numbers, from 1, the sets of interviewers whose leniencies can
	// be compared, because shared units link them; 0 for who shares none.
	ComparisonGroup int

	Leniency       Leniency
	PeerDifference PeerDifference
	Discrimination Discrimination
	Halo           Halo
	Timeliness     Timeliness
	Agreement      Agreement
}

// Pair is two interviewers who rated the same units.
type Pair struct {
	First, Second string // ids, in order
	SharedUnits   int
	Kappa         Figure // Cohen's, weighted by the square of the difference
}

// data is the input in the order of ids, and what all figures are made of.
type data struct {
	raters      []int32 // rank of each interviewer
	rows        []int32 // interviewer at each rank
	panel       *panel
	pairs       []pair
	groups      groups
	comparisons []comparison
	severity    *severity
}

func prepare(in *Input, o Options) (*data, error) {
	if err := check(in, o); err != nil {
		return nil, err
	}
	raters, rows, err := ranking("interviewers", len(in.Interviewers), func(i int) string { return in.Interviewers[i].ID })
	if err != nil {
		return nil, err
	}
	applications, _, err := ranking("applications", len(in.Applications), func(i int) string { return in.Applications[i] })
	if err != nil {
		return nil, err
	}
	p, err := gather(in, o, applications, raters)
	if err != nil {
		return nil, err
	}
	d := &data{raters: raters, rows: rows, panel: p, pairs: p.pairs(), comparisons: p.compare()}
	d.groups = p.groups(d.pairs)
	d.severity = p.severity(d.pairs, d.groups, o.Model.Shrinkage)
	return d, nil
}

// Calibrate computes every figure, those without enough of a sample being nil
// and saying what is missing. The error is a fault.List of what is wrong with
// the input, at most a hundred problems.
func Calibrate(in Input, o Options) (*Report, error) {
	d, err := prepare(&in, o)
	if err != nil {
		return nil, err
	}
	m := o.minima()
	r := &Report{Units: len(d.panel.units)}
	for i, u := range d.panel.units {
		if i == 0 || d.panel.units[i-1].application != u.application {
			r.Applications++
		}
	}
	for i := range d.comparisons {
		if d.comparisons[i].units > 0 {
			r.Raters++
		}
	}
	for _, major := range d.panel.majors {
		r.Majors = append(r.Majors, int(major))
	}
	r.reliability(d.panel, o.Seed, m)
	r.profiles(d, &in, o, m)
	for i := range d.pairs {
		q := &d.pairs[i]
		r.Pairs = append(r.Pairs, Pair{
			First: in.Interviewers[d.rows[q.first]].ID, Second: in.Interviewers[d.rows[q.second]].ID, SharedUnits: q.shared,
			Kappa: figure(q.kappa(), "both always give the same rating", need{q.shared, m.pairUnits, "shared units"}),
		})
	}
	r.Distributions = distributions(r.Interviewers, r.Pairs, m)
	return r, nil
}

func (r *Report) reliability(p *panel, seed uint64, m minima) {
	enough := []need{
		{r.Units, m.units, "units"}, {r.Applications, m.applications, "applications"}, {r.Raters, m.interviewers, "interviewers"},
	}
	r.Note = missing(enough...)
	r.Sufficient = r.Note == ""
	const same = "all ratings are the same"
	if len(p.categories) < 2 || !r.Sufficient {
		none := figure(nil, same, enough...)
		r.Alpha, r.ICC1, r.ICC1k = none, none, none
		return
	}
	alpha, interval := p.alpha(seed)
	r.Alpha = figure(alpha, same)
	r.Alpha.Interval = interval
	r.Reading = Read(*alpha)
	if v, ok := p.analyse(); ok {
		one := v.one()
		r.ICC1, r.ICC1k = figure(one, same), figure(v.mean(), "all units have the same mean")
		r.MeanOf = projections(one)
	} else {
		r.ICC1 = figure(nil, "", need{r.Units, 2, "units"})
		r.ICC1k = r.ICC1
	}
}

func (r *Report) profiles(d *data, in *Input, o Options, m minima) {
	l, interviews := load(in, o, d.raters)
	r.Load = l
	var overall punctuality
	each := make([]punctuality, len(d.raters))
	for i := range in.Cards {
		c := &in.Cards[i]
		each[d.raters[c.Interviewer]].add(c, o)
		overall.add(c, o)
	}
	weeks := o.weeks()
	advised, all := advices(in, o, d.raters)
	r.Agreement = all.agreement(m)
	halos, numbers := d.panel.halos(in, d.raters, m), d.groups.numbers()
	for rank, row := range d.rows {
		c := &d.comparisons[rank]
		each[rank].Interviews = interviews[rank]
		overall.Interviews += interviews[rank]
		r.Interviewers = append(r.Interviewers, Profile{
			Interviewer: in.Interviewers[row].ID, Eligible: in.Interviewers[row].Eligible,
			RatedUnits: c.units, Applications: c.applications, ComparisonGroup: numbers[rank],
			Leniency: d.severity.of(rank, c, m, o.Model), PeerDifference: c.difference(m), Discrimination: c.discrimination(m),
			Halo: halos[rank], Timeliness: each[rank].sum(m, weeks), Agreement: advised[rank].agreement(m),
		})
	}
	r.Timeliness = overall.sum(m, weeks)
}
