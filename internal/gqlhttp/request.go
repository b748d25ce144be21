package gqlhttp

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// readParams reads a GraphQL request from r, or says why it is none. No
// refusal quotes the request.
func readParams(w http.ResponseWriter, r *http.Request, most int64) (*graphql.RawParams, *answer) {
	start := graphql.Now()
	if encoding := strings.Join(r.Header.Values("Content-Encoding"), ","); encoding != "" &&
		!strings.EqualFold(encoding, "identity") {
		return nil, refusal(http.StatusUnsupportedMediaType, CodeBadRequest, "encoded bodies are not accepted")
	}
	var members map[string]any
	var refused *answer
	if r.Method == http.MethodGet {
		members, refused = fromURL(r.URL)
	} else {
		members, refused = fromBody(w, r, most)
	}
	if refused != nil {
		return nil, refused
	}
	params, refused := fromMembers(members)
	if refused != nil {
		return nil, refused
	}
	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	return params, nil
}

func fromBody(w http.ResponseWriter, r *http.Request, most int64) (map[string]any, *answer) {
	types := r.Header.Values("Content-Type")
	if len(types) != 1 || !isJSON(types[0]) {
		return nil, refusal(http.StatusUnsupportedMediaType, CodeBadRequest,
			"the Content-Type of a POST must be %s in UTF-8", mediaJSON)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, refusal(http.StatusRequestEntityTooLarge, CodeBadRequest,
			"the body is longer than %d bytes", most)
	}
	if err != nil {
		return nil, badRequest("the body could not be read to its end")
	}
	value, err := decodeStrict(body)
	if err != nil {
		return nil, badRequest("the body %v", err)
	}
	members, ok := value.(map[string]any)
	if !ok {
		return nil, badRequest("the body must be one JSON object; batches are not accepted")
	}
	return members, nil
}

// fromURL reads the parameters of a GET; parameters of other names belong to
// whoever put them there.
func fromURL(u *url.URL) (map[string]any, *answer) {
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, badRequest("the query string is malformed")
	}
	members := map[string]any{}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		given := values[name]
		if len(given) > 1 {
			return nil, badRequest("the parameter %q is repeated", name)
		}
		if len(given) == 0 || given[0] == "" {
			continue
		}
		members[name] = given[0]
		if name == "variables" || name == "extensions" {
			if members[name], err = decodeStrict([]byte(given[0])); err != nil {
				return nil, badRequest("the parameter %q %v", name, err)
			}
		}
	}
	return members, nil
}

func fromMembers(members map[string]any) (*graphql.RawParams, *answer) {
	for name := range members {
		switch name {
		case "query", "operationName", "variables", "extensions":
		default:
			return nil, badRequest("the request has a key that is not one of query, operationName, variables, extensions")
		}
	}
	params := &graphql.RawParams{}
	var ok bool
	if query, given := members["query"]; given {
		if params.Query, ok = query.(string); !ok {
			return nil, badRequest(`"query" must be a string`)
		}
	}
	if strings.TrimSpace(params.Query) == "" {
		return nil, badRequest(`"query" is missing`)
	}
	if params.OperationName, ok = optional[string](members["operationName"]); !ok {
		return nil, badRequest(`"operationName" must be a string or null`)
	}
	if params.Variables, ok = optional[map[string]any](members["variables"]); !ok {
		return nil, badRequest(`"variables" must be an object or null`)
	}
	if params.Extensions, ok = optional[map[string]any](members["extensions"]); !ok {
		return nil, badRequest(`"extensions" must be an object or null`)
	}
	return params, nil
}

// optional reads a member that may be absent or null.
func optional[T any](value any) (T, bool) {
	if value == nil {
		var none T
		return none, true
	}
	v, ok := value.(T)
	return v, ok
}

func isJSON(contentType string) bool {
	media, params, err := mime.ParseMediaType(contentType)
	return err == nil && media == mediaJSON && utf8Charset(params)
}

func badRequest(format string, args ...any) *answer {
	return refusal(http.StatusBadRequest, CodeBadRequest, format, args...)
}
