// Package hireloop is the root of an open-source GraphQL API for hiring
// pipelines. It owns the order in which generated code is made, and the tests
// that hold the layout; the program is in server.
package hireloop

//go:generate go run ./internal/entgen
//go:generate go run ./internal/gqlgen
