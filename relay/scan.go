package relay

import (
	"reflect"

	"entgo.io/ent/dialect/sql"
)

// ScanOnce lets all rows of one query be scanned into the same values: ent
// copies a row's values before it reads the next row. Only a column that ent
// does not know needs a value for each row, of the type that ent found for the
// first one; else ent would ask the driver for it with every row.
func ScanOnce(scan func(columns []string) ([]any, error)) func(columns []string) ([]any, error) {
	if scan == nil { // the query counts
		return nil
	}
	var values []any
	var unknown []int
	return func(columns []string) ([]any, error) {
		if values != nil {
			for _, i := range unknown {
				values[i] = reflect.New(reflect.TypeOf(values[i]).Elem()).Interface()
			}
			return values, nil
		}
		var err error
		values, err = scan(columns)
		for i, v := range values {
			if _, ok := v.(*sql.UnknownType); ok {
				unknown = append(unknown, i)
			}
		}
		return values, err
	}
}
