package demo

// LoadVia loads by the way for many applications, or by the one for few, which
// differ in speed only.
var LoadVia = load
