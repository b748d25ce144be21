package rubric

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed builtin/*.json
var builtin embed.FS

// Content is a ladder with an edition of its rubric and the loops for it.
type Content struct {
	Ladder  Ladder  `json:"ladder"`
	Edition Edition `json:"edition"`
	Plans   []Plan  `json:"-"`
}

// Builtin is the content that the product comes with: the ladder of engineering
// managers, whose first two levels can be hired at. It has passed Check and
// CheckPlan; an error means that the program was built from broken files.
func Builtin() (Content, error) {
	var content Content
	text, err := builtin.ReadFile("builtin/engineering-management.json")
	if err != nil {
		return Content{}, err
	}
	if content.Ladder, content.Edition, err = Decode(text); err != nil {
		return Content{}, fmt.Errorf("engineering-management.json: %w", err)
	}
	if err := read("builtin/interview-plans.json", &content.Plans); err != nil {
		return Content{}, err
	}
	if err := Check(content.Ladder, content.Edition); err != nil {
		return Content{}, fmt.Errorf("engineering-management.json: %w", err)
	}
	for _, plan := range content.Plans {
		if err := CheckPlan(content.Ladder, content.Edition, plan); err != nil {
			return Content{}, fmt.Errorf("interview-plans.json: %s: %w", plan.Key, err)
		}
	}
	return content, nil
}

// read fills v from a file of ours, in which every field must be one of v's.
func read(name string, v any) error {
	text, err := builtin.ReadFile(name)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
