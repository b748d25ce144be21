package funnel

import "time"

// Flow is how applications move through the stages of one opening: what a
// forecast goes by.
type Flow struct {
	// Moved counts visits that ended between two moments by moving on: from the
	// first stage to the second. Rejected and Withdrawn count those that ended so.
	Moved               [][]int
	Rejected, Withdrawn []int

	// Began counts applications whose first event lies between the moments, by the
	// stage that they began in.
	Began []int

	// Stays are how long the visits of each stage last that began since the earlier
	// moment.
	Stays [][]Stay

	// Active are the applications that are in the pipeline.
	Active []InStage
}

// InStage is where an active application is, and for how long it has been there.
type InStage struct {
	Application int // index
	Stage       int
	Days        float64
}

// Flows tells from a moment how the applications of a pipeline moved since
// another.
func Flows(p *Pipeline, m Moment, since time.Time) Flow {
	n := len(p.kinds)
	f := Flow{Moved: make([][]int, n), Rejected: make([]int, n), Withdrawn: make([]int, n), Began: make([]int, n), Stays: make([][]Stay, n)}
	for i := range f.Moved {
		f.Moved[i] = make([]int, n)
	}
	var t teller
	t.begin(p, m, false)
	from := since.UnixMicro()
	for i := range p.Applications() {
		stays := t.visits(i)
		if len(stays) == 0 {
			continue
		}
		if stays[0].entered >= from {
			f.Began[stays[0].stage]++
		}
		for v, s := range stays {
			if s.entered >= from {
				f.Stays[s.stage] = append(f.Stays[s.stage], Stay{Days: days(min(s.left, t.at) - s.entered), Left: s.outcome != open})
			}
			if s.outcome == open || s.left < from {
				continue
			}
			switch s.outcome {
			case rejected:
				f.Rejected[s.stage]++
			case withdrawn:
				f.Withdrawn[s.stage]++
			default:
				f.Moved[s.stage][stays[v+1].stage]++
			}
		}
		if last := stays[len(stays)-1]; t.status(stays) == isActive {
			f.Active = append(f.Active, InStage{Application: i, Stage: int(last.stage), Days: days(t.at - last.entered)})
		}
	}
	return f
}

// days turns microseconds into days.
func days(micros int64) float64 { return float64(micros) / (day * 1e6) }
