package gqlappend

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// Marshal appends a value that can only write itself.
func (w *Writer) Marshal(value graphql.Marshaler) bool {
	value.MarshalGQL((*buffer)(&w.Buf))
	return true
}

type buffer []byte

func (b *buffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

func (b *buffer) WriteString(s string) (int, error) {
	*b = append(*b, s...)
	return len(s), nil
}

// Boolean appends v.
func Boolean(b []byte, v bool) []byte { return strconv.AppendBool(b, v) }

// Int appends v.
func Int(b []byte, v int) []byte { return strconv.AppendInt(b, int64(v), 10) }

// String appends v, escaped as gqlgen does.
func String(b []byte, v string) []byte {
	const hex = "0123456789ABCDEF"
	b = append(b, '"')
	from := 0
	for i := 0; i < len(v); i++ {
		c := v[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, v[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\t':
			b = append(b, '\\', 't')
		case '\r':
			b = append(b, '\\', 'r')
		case '\n':
			b = append(b, '\\', 'n')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(b, v[from:]...), '"')
}
