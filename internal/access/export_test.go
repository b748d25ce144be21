package access

// Walled calls yield with each table behind the second wall, and its entity if
// it is one.
func Walled(yield func(table, entity string)) {
	for _, w := range walled {
		yield(w.table, w.entity)
	}
}
