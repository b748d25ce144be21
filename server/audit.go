package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"hireloop/hiring"
)

type auditCommand struct {
	Verify verifyCommand `cmd:"" help:"Follow the chain of the audit trail and print its end: number and hash of the last entry. Keep it elsewhere."`
}

type verifyCommand struct {
	database
	Known []string `name:"known" help:"An end that was kept, as NUMBER:HASH; fails when the trail up to there is another one now. Repeat for several."`
}

// Run prints the end of the audit trail, or fails when the trail was touched.
func (c *verifyCommand) Run(ctx context.Context, term *terminal) error {
	var known []hiring.AuditHead
	for _, text := range c.Known {
		number, hash, _ := strings.Cut(text, ":")
		length, err := strconv.ParseInt(number, 10, 64)
		if sum, malformed := hex.DecodeString(hash); err != nil || malformed != nil || len(sum) != 32 {
			return usagef("--known %s: is not what audit verify prints", text)
		}
		known = append(known, hiring.AuditHead{Length: length, Hash: strings.ToLower(hash)})
	}
	url, err := c.existing()
	if err != nil {
		return err
	}
	app, err := openApp(ctx, url, term.logger)
	if err != nil {
		return err
	}
	defer app.store.Close()
	head, err := app.hiring.VerifyAudit(ctx, known...)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(term.out, "%d:%s\n", head.Length, head.Hash)
	return err
}
