package hiring_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"hireloop/hiring"
)

func ExampleNormalizePhone() {
	fmt.Println(hiring.NormalizePhone("0049 (0)30 / 123-456"))
	// Output: +4930123456
}

func TestNormalizeEmail(t *testing.T) {
	for _, c := range []struct{ rule, given, want string }{
		{"case does not matter", " Ada.Lovelace@Example.ORG ", "ada.lovelace@example.org"},
		{"nor does the way an accent is written", "jose\u0301@example.org", "jos\u00e9@example.org"},
		{"what is after a plus does", "ada+jobs@example.org", "ada+jobs@example.org"},
		{"addresses may be international", "мария@почта.рф", "мария@почта.рф"},
		{"nothing", "", ""},
		{"a name", "Ada", ""},
		{"a name with its address", "Ada <ada@example.org>", ""},
		{"two addresses", "ada@example.org, bob@example.org", ""},
		{"two at signs", "ada@home@example.org", ""},
		{"nobody at a host", "@example.org", ""},
		{"somebody at no host", "ada@", ""},
		{"a host without a domain", "ada@gmailcom", ""},
		{"a dot too much", "ada@example..org", ""},
		{"a space within", "ada @example.org", ""},
	} {
		if got := hiring.NormalizeEmail(c.given); got != c.want {
			t.Errorf("%s: %q becomes %q, want %q", c.rule, c.given, got, c.want)
		}
	}
}

func TestNormalizePhone(t *testing.T) {
	for _, c := range []struct{ rule, given, want string }{
		{"punctuation does not matter", "+1 (555) 010-99.88", "+15550109988"},
		{"nor do other dashes and spaces", "+1\u00a0555\u2013010\u20119988", "+15550109988"},
		{"00 is +", "0044 20 7946 0000", "+442079460000"},
		{"the trunk digit of a national number is not dialled from abroad", "+44 (0)20 7946 0000", "+442079460000"},
		{"a national number stays one", "030 123456", "030123456"},
		{"digits may be wide", "＋８１ ３ １２３４ ５６７８", "+81312345678"},
		{"nothing", "", ""},
		{"too short", "1234", ""},
		{"too long", "+1234567890123456", ""},
		{"letters", "1-800-FLOWERS", ""},
		{"a plus within", "030+123456", ""},
	} {
		if got := hiring.NormalizePhone(c.given); got != c.want {
			t.Errorf("%s: %q becomes %q, want %q", c.rule, c.given, got, c.want)
		}
	}
}

// What is normal stays as it is: contacts can be normalised again and compared.
func TestNormalizingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		email := hiring.NormalizeEmail(rapid.StringMatching(`[A-Za-zÀ-ÿ.+]{1,8}@[A-Za-zÀ-ÿ]{1,8}\.[A-Z]{2}`).Draw(t, "email"))
		if again := hiring.NormalizeEmail(email); again != email {
			t.Errorf("%q becomes %q", email, again)
		}
		phone := hiring.NormalizePhone(rapid.StringMatching(`(\+|00)?[0-9 ()/.-]{5,20}`).Draw(t, "phone"))
		if again := hiring.NormalizePhone(phone); again != phone {
			t.Errorf("%q becomes %q", phone, again)
		}
	})
}
