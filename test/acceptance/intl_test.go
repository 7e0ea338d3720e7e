//go:build acceptance

package acceptance

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"dateline/internal/lang"
)

// oracle is what ECMA-402, as Node has it from ICU, says of a language.
const oracle = `
const out = {};
for (const [tag, locale] of [["en", "en-GB"], ["ru", "ru"], ["kk", "kk"], ["tr", "tr"]]) {
  const o = out[tag] = {days: {}, numbers: {}, plurals: {}, relative: {}, months: [], monthsShort: [], weekdays: [], weekdaysShort: []};
  const date = (d, f) => new Intl.DateTimeFormat(locale, {timeZone: "UTC", ...f}).format(d);
  for (let d = new Date(Date.UTC(2028, 0, 1)); d.getUTCFullYear() === 2028; d = new Date(+d + 864e5))
    o.days[d.toISOString().slice(0, 10)] = [date(d, {day: "numeric", month: "long", year: "numeric"}), date(d, {day: "numeric", month: "long"}), date(d, {weekday: "long"})];
  for (let m = 0; m < 12; m++) {
    o.months.push(date(new Date(Date.UTC(2028, m, 5)), {month: "long"}));
    o.monthsShort.push(new Intl.DateTimeFormat(tag, {timeZone: "UTC", month: "short"}).format(new Date(Date.UTC(2028, m, 5))));
  }
  for (let w = 0; w < 7; w++) o.weekdaysShort.push(date(new Date(Date.UTC(2028, 0, 2 + w)), {weekday: "short"}));
  const plural = new Intl.PluralRules(locale), number = new Intl.NumberFormat(locale), rel = new Intl.RelativeTimeFormat(locale, {numeric: "auto"});
  for (const n of [...Array(1200).keys(), 9999, 10000, 10001, 99999, 123456, 999999, 1000000, 1000001, 1234567, 2000000011, 9007199254740991]) {
    o.numbers[n] = number.format(n);
    if (n <= 1000000) o.plurals[n] = plural.select(n);
  }
  for (const u of ["second", "minute", "hour", "day", "week", "month", "year"])
    for (const n of [-1001, -101, -25, -22, -21, -12, -11, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 11, 12, 21, 22, 25, 101, 1001]) o.relative[u + " " + n] = rel.format(n, u);
}
out.week = {};
for (const tag of ["en-GB", "en-US", "ru", "ru-RU", "kk", "kk-KZ", "tr", "tr-TR", "ar-EG", "fa-IR", "he-IL", "pt-BR", "uz", "ky", "ur-PK", "ckb-IQ", "uz-AF"] /* not az-Arab: Intl asks the language, not the script */) {
  const l = new Intl.Locale(tag);
  out.week[tag] = [(l.getWeekInfo ? l.getWeekInfo() : l.weekInfo).firstDay % 7, (l.getTextInfo ? l.getTextInfo() : l.textInfo).direction];
}
out.version = process.versions.node + ", ICU " + process.versions.icu + ", CLDR " + process.versions.cldr;
console.log(JSON.stringify(out));`

type language struct {
	Days                                         map[string][3]string
	Numbers, Plurals, Relative                   map[string]string
	Months, MonthsShort, Weekdays, WeekdaysShort []string
}

// ours takes from ICU's words what our patterns leave out on purpose: the
// Russian year's "г.", the capital that CLDR gives a Kazakh month alone.
func ours(tag, s string) string {
	switch tag {
	case "ru":
		return strings.TrimSuffix(strings.TrimSuffix(s, " г."), "\u00a0г.")
	case "kk":
		return strings.ToLower(s)
	}
	return s
}

// TestIntl compares dates, months, weekdays, numbers, plurals, relative times,
// week starts and directions with Node's.
func TestIntl(t *testing.T) {
	raw, err := exec.Command("node", "-e", oracle).Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	compared, counts := 0, map[string]int{}
	same := func(what, got, want string) {
		t.Helper()
		compared++
		counts[strings.Fields(what)[1]]++
		if got != want {
			t.Errorf("%s: %q, Intl says %q", what, got, want)
		}
	}
	for _, tag := range []string{"en", "ru", "kk", "tr"} {
		var o language
		if err := json.Unmarshal(all[tag], &o); err != nil {
			t.Fatal(err)
		}
		l := lang.Of(tag)
		for iso, want := range o.Days {
			d, err := time.Parse(time.DateOnly, iso)
			if err != nil {
				t.Fatal(err)
			}
			same(tag+" date "+iso, l.Date(d), ours(tag, want[0]))
			same(tag+" daymonth "+iso, l.DayMonth(d), ours(tag, want[1]))
			same(tag+" weekday "+iso, l.Weekday(d.Weekday()), want[2])
		}
		for m := range 12 {
			same(tag+" month", l.Month(time.Month(m+1)), ours(tag, o.Months[m]))
			same(tag+" monthshort", l.MonthShort(time.Month(m+1)), o.MonthsShort[m])
		}
		for w := range 7 {
			same(tag+" weekdayshort", l.WeekdayShort(time.Weekday(w)), o.WeekdaysShort[w])
		}
		for n, want := range o.Numbers {
			var v int64
			fmt.Sscan(n, &v)
			same(tag+" number "+n, l.Number(v), want)
		}
		for n, want := range o.Plurals {
			var v int64
			fmt.Sscan(n, &v)
			same(tag+" plural "+n, l.Plural(v), want)
		}
		for what, want := range o.Relative {
			unit, n, _ := strings.Cut(what, " ")
			var v int64
			fmt.Sscan(n, &v)
			same(tag+" relative "+what, l.Relative(v, lang.Unit(unit)), want)
		}
	}
	var week map[string][2]any
	if err := json.Unmarshal(all["week"], &week); err != nil {
		t.Fatal(err)
	}
	for tag, want := range week {
		l := lang.Of(tag)
		same(tag+" week", fmt.Sprint(int(l.WeekStart())), fmt.Sprint(want[0]))
		same(tag+" direction", l.Dir(), fmt.Sprint(want[1]))
	}
	t.Logf("%d forms compared with Node %s: %v", compared, all["version"], counts)
}
