package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Executor is gqlgen's executor behind a guard: a document is measured,
// parsed, validated and priced, and variables are coerced, before gqlgen sees
// them. Any gqlgen transport can use it.
type Executor struct {
	inner         *executor.Executor
	schema        *ast.Schema
	limits        Limits
	introspection bool
	documents     *documents
	sizes         map[string]func(map[string]any) int
	budgets       *Budgets
	principal     func(context.Context) string
}

var _ graphql.GraphExecutor = (*Executor)(nil)

// Where the operation's Stats keep its Cost and what is left to pay for more.
const (
	costExtension = "cost"
	rateExtension = "rateLimit"
)

func newExecutor(schema graphql.ExecutableSchema, o Options) *Executor {
	e := &Executor{
		inner:         executor.New(schema),
		schema:        schema.Schema(),
		limits:        o.Limits.withDefaults(),
		introspection: o.Introspection,
		sizes:         o.Sizes,
		budgets:       o.Budgets,
		principal:     o.Principal,
	}
	e.documents = newDocuments(e.limits.CacheBytes)
	present := o.ErrorPresenter
	if present == nil {
		present = Present
	}
	e.inner.SetErrorPresenter(present)
	e.inner.SetRecoverFunc(func(ctx context.Context, v any) error { return recovered(ctx, v) })
	e.inner.SetQueryCache(handover{})
	if o.AroundResponses != nil {
		e.inner.AroundResponses(o.AroundResponses)
	}
	e.inner.AroundResponses(e.finish)
	return e
}

// CreateOperationContext checks params and makes them ready to run. On errors
// the context it returns has neither document nor operation.
func (e *Executor) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	ctx = graphql.StartOperationTrace(ctx)
	refused := &graphql.OperationContext{
		RawQuery: params.Query, OperationName: params.OperationName,
		Headers: params.Headers, Extensions: params.Extensions,
	}
	doc, errs := e.document(params.Query)
	if len(errs) > 0 {
		return refused, errs
	}
	op, err := pick(doc, params.OperationName)
	if err != nil {
		return refused, gqlerror.List{err}
	}
	if err := e.limits.checkLists(params.Variables); err != nil {
		return refused, gqlerror.List{err}
	}
	variables, errs := CoerceVariables(e.schema, op, params.Variables)
	if len(errs) > 0 {
		return refused, errs
	}
	coerced := *params
	coerced.Variables = variables
	opCtx, errs := e.inner.CreateOperationContext(context.WithValue(ctx, handoverKey{}, doc), &coerced)
	if len(errs) > 0 {
		return opCtx, e.tidy(errs, errcode.ValidationFailed)
	}
	opCtx.DisableIntrospection = !e.introspection
	cost := Cost{Requested: costOf(op, opCtx.Variables, e.sizes), Limit: e.limits.Cost}
	opCtx.Stats.SetExtension(costExtension, cost)
	if cost.Requested > cost.Limit {
		err := tooMuch("cost", cost.Requested, cost.Limit)
		err.Extensions["hint"] = "ask for smaller pages, or nest fewer of them"
		return opCtx, gqlerror.List{err}
	}
	if e.budgets != nil {
		allowance := e.budgets.Take(e.principal(ctx), e.budgets.payable(cost.Requested)-requestCost) // which is paid
		opCtx.Stats.SetExtension(rateExtension, allowance)
		if refused := allowance.refusal(); refused != nil {
			return opCtx, refused.errors
		}
	}
	return opCtx, nil
}

// DispatchOperation runs what CreateOperationContext made.
func (e *Executor) DispatchOperation(ctx context.Context, opCtx *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	return e.inner.DispatchOperation(ctx, opCtx)
}

// DispatchError makes the response to a request that was refused.
func (e *Executor) DispatchError(ctx context.Context, errs gqlerror.List) *graphql.Response {
	return e.inner.DispatchError(ctx, errs)
}

// document parses and validates text, or finds it in the cache. Whatever is in
// the cache has passed everything that does not depend on variables.
func (e *Executor) document(text string) (*ast.QueryDocument, gqlerror.List) {
	if len(text) > e.limits.Text {
		return nil, gqlerror.List{tooMuch("text", len(text), e.limits.Text)}
	}
	if doc := e.documents.get(text); doc != nil {
		return doc, nil
	}
	if why := notText(text); why != "" {
		return nil, gqlerror.List{Errorf(CodeBadUserInput, "the document %s", why)}
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, e.limits.Tokens)
	if err != nil {
		return nil, e.tidy(gqlerror.List{gqlerror.WrapIfUnwrapped(err)}, errcode.ParseFailed)
	}
	if len(doc.Operations) == 0 {
		return nil, gqlerror.List{Errorf(errcode.ValidationFailed, "the document has no operation")}
	}
	if err := e.limits.check(doc); err != nil {
		return nil, gqlerror.List{err}
	}
	if !e.introspection && introspective(doc) {
		return nil, gqlerror.List{Errorf(errcode.ValidationFailed, "introspection is off; read the published schema instead")}
	}
	if errs := validator.ValidateWithRules(e.schema, doc, withoutSuggestions()); len(errs) > 0 {
		return nil, e.tidy(errs, errcode.ValidationFailed)
	}
	if errs := e.limits.checkLiterals(doc); len(errs) > 0 {
		return nil, errs
	}
	e.documents.put(text, doc)
	return doc, nil
}

// tidy bounds what comes from the parser and the validator: they quote the
// document, and repeat themselves for each mistake.
func (e *Executor) tidy(errs gqlerror.List, code string) gqlerror.List {
	errs = errs[:min(len(errs), e.limits.Errors)]
	for _, err := range errs {
		err.Message = shorten(err.Message)
		err.Extensions = map[string]any{"code": code}
	}
	return errs
}

// finish shows the cost and bounds the errors of each response.
func (e *Executor) finish(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	if cost, ok := CostOf(ctx); ok {
		graphql.RegisterExtension(ctx, costExtension, cost)
		if allowance, ok := graphql.GetOperationContext(ctx).Stats.GetExtension(rateExtension).(Allowance); ok {
			graphql.RegisterExtension(ctx, rateExtension, allowance)
		}
	}
	r := next(ctx)
	if r == nil || len(r.Errors) <= e.limits.Errors {
		return r
	}
	if r.Extensions == nil {
		r.Extensions = map[string]any{}
	}
	r.Extensions["errorsOmitted"] = len(r.Errors) - e.limits.Errors
	r.Errors = r.Errors[:e.limits.Errors]
	return r
}

// pick finds the operation to run.
func pick(doc *ast.QueryDocument, name string) (*ast.OperationDefinition, *gqlerror.Error) {
	if op := doc.Operations.ForName(name); op != nil {
		return op, nil
	}
	if name == "" {
		return nil, Errorf(errcode.ValidationFailed, "operationName is needed: the document has %d operations", len(doc.Operations))
	}
	return nil, Errorf(errcode.ValidationFailed, "the document has no operation of the name in operationName")
}

// introspective says whether doc asks for the schema, in whatever place.
func introspective(doc *ast.QueryDocument) bool {
	for _, op := range doc.Operations {
		if introspectiveSet(op.SelectionSet) {
			return true
		}
	}
	for _, fragment := range doc.Fragments {
		if introspectiveSet(fragment.SelectionSet) {
			return true
		}
	}
	return false
}

func introspectiveSet(set ast.SelectionSet) bool {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if introspects(s.Name) || introspectiveSet(s.SelectionSet) {
				return true
			}
		case *ast.InlineFragment:
			if introspectiveSet(s.SelectionSet) {
				return true
			}
		}
	}
	return false
}

// withoutSuggestions are the specification's rules; their messages do not
// offer names that the client did not know.
func withoutSuggestions() *rules.Rules {
	r := rules.NewDefaultRules()
	r.ReplaceRule(rules.FieldsOnCorrectTypeRule.Name, rules.FieldsOnCorrectTypeRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.KnownArgumentNamesRule.Name, rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.KnownTypeNamesRule.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.ScalarLeafsRule.Name, rules.ScalarLeafsRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc)
	return r
}
