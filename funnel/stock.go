package funnel

// StockRow is how many active applications are in one stage or kind of stage.
type StockRow struct {
	Stage  int // position, or index into Kinds
	Active int
}

// Stock is where the active applications of one group are at the moment of the
// selection.
type Stock struct {
	Group            int
	Active           int
	Visits, Inferred int
	Rows             []StockRow // without the stage of the hired
}

// CountStock counts active applications where they are: one Stock for each
// group. The selection's periods do not matter.
func CountStock(s Selection) []Stock {
	c := count(s, func() *stocks { return newStocks(s) })
	has, hired := s.has(), s.hiredStage()
	for i := range c.cells {
		cell := &c.cells[i]
		cell.Group = i
		rows := cell.Rows
		cell.Rows = nil
		for stage, r := range rows {
			if has[stage] && stage != hired {
				r.Stage = stage
				cell.Rows = append(cell.Rows, r)
			}
		}
	}
	return c.cells
}

// stocks counts stock.
type stocks struct{ cells []Stock }

func newStocks(s Selection) *stocks {
	c := &stocks{cells: make([]Stock, s.Groups)}
	for i := range c.cells {
		c.cells[i].Rows = make([]StockRow, s.stages())
	}
	return c
}

func (c *stocks) count(t *teller, groups []int, stays []stay) {
	if t.status(stays) != isActive {
		return
	}
	last := stays[len(stays)-1]
	for _, g := range groups {
		cell := &c.cells[g]
		cell.Active++
		cell.Visits++
		if last.quality == inferred {
			cell.Inferred++
		}
		cell.Rows[last.stage].Active++
	}
}

func (c *stocks) merge(other *stocks) {
	for i := range c.cells {
		x, y := &c.cells[i], &other.cells[i]
		x.Active += y.Active
		x.Visits += y.Visits
		x.Inferred += y.Inferred
		for s := range x.Rows {
			x.Rows[s].Active += y.Rows[s].Active
		}
	}
}
