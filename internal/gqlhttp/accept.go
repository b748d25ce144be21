package gqlhttp

import (
	"mime"
	"strconv"
	"strings"
)

const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
)

// negotiate picks the media type of the answer from the Accept headers. The
// higher quality wins; at equal quality the type that is named beats the one
// that only a wildcard covers, and GraphQL's own type beats plain JSON. Without
// a preference it is plain JSON, as clients older than the draft expect. ok is
// false when neither type is acceptable; the refusal is then plain JSON.
func negotiate(accept []string) (media string, ok bool) {
	line := strings.TrimSpace(strings.Join(accept, ","))
	if line == "" {
		return mediaJSON, true
	}
	var own, plain preference
	for part := range strings.SplitSeq(line, ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil || !utf8Charset(params) {
			continue
		}
		q := quality(params)
		switch name {
		case mediaGraphQL:
			own.take(3, q)
		case mediaJSON:
			plain.take(3, q)
		case "application/*":
			own.take(2, q)
			plain.take(2, q)
		case "*/*":
			own.take(1, q)
			plain.take(1, q)
		}
	}
	switch {
	case own.q <= 0 && plain.q <= 0:
		return mediaJSON, false
	case own.q > plain.q, own.q == plain.q && own.specific == 3:
		return mediaGraphQL, true
	}
	return mediaJSON, true
}

// preference is the quality that the most specific matching range gives.
type preference struct {
	specific int
	q        float64
}

func (p *preference) take(specific int, q float64) {
	if specific > p.specific {
		*p = preference{specific, q}
	}
}

func quality(params map[string]string) float64 {
	text, given := params["q"]
	if !given {
		return 1
	}
	q, err := strconv.ParseFloat(text, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}

func utf8Charset(params map[string]string) bool {
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}
