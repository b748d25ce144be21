package graph

// last is the last child, or nil when there is none.
func last[E any](children []*E, err error) (*E, error) {
	if err != nil || len(children) == 0 {
		return nil, err
	}
	return children[len(children)-1], nil
}
