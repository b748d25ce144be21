package hiring_test

import (
	"testing"

	"hireloop/ent/db/rubricversion"
	"hireloop/internal/gid"
)

// Levels that are not the ladder's are told both at once, the first one first.
func TestLevelDiffRefusesLevelsOfAnotherLadder(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		version, err := d.DB.RubricVersion.Query().Where(rubricversion.StatusEQ(rubricversion.StatusPUBLISHED)).OnlyID(d.system())
		d.must(err)
		compare := func(from, to gid.ID) func() error {
			return func() error { _, err := d.LevelDiff(d.as("interviewer"), version, from, to); return err }
		}
		em, designer := d.levels["em"], d.levels["designer"]
		d.refuses(t,
			refusal{"the first", "NOT_FOUND at fromLevelId", compare(designer, em)},
			refusal{"the second", "NOT_FOUND at toLevelId", compare(em, designer)},
			refusal{"both", "NOT_FOUND at fromLevelId, NOT_FOUND at toLevelId", compare(designer, d.id(gid.Level))},
		)
		d.must(compare(em, d.levels["senior_em"])())
	})
}
