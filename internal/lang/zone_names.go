package lang

import (
	"sort"
	"strings"
	"time"
)

// zoneWords name the zones' time in a language, "zones" of its data file.
type zoneWords struct {
	// Pattern is what a name stands in: "{zone} time". Empty: the names are
	// whole ("по московскому времени").
	Pattern string
	// Names are by IANA name: the city (or country) whose clock it is.
	Names map[string]string
}

// ZoneName names a zone's time as it stands in brackets behind an hour:
// "Moscow time", "по московскому времени", "Мәскеу уақыты". A zone that the
// language's data does not name, or a fixed offset, is named by its offset at
// that instant: "UTC+05:00". An empty zone is the one that at is in.
func (l *Locale) ZoneName(zone string, at time.Time) string {
	if zone == "" {
		zone = at.Location().String()
	}
	if to, ok := zoneAliases[zone]; ok {
		zone = to
	}
	z := l.forms.Zones
	n, ok := z.Names[zone]
	switch {
	case !ok:
		if loc, err := Zone(zone); err == nil {
			at = at.In(loc)
		}
		_, offset := at.Zone()
		return offsetName(offset)
	case z.Pattern == "":
		return n
	}
	return strings.Replace(z.Pattern, "{zone}", n, 1)
}

// NamedZones lists the IANA names that have English names, for choosing one.
func NamedZones() []string {
	table := known()["en"].forms.Zones.Names
	names := make([]string, 0, len(table))
	for n := range table {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// zoneAliases are older names that systems and exports still use.
var zoneAliases = map[string]string{
	"Europe/Kiev":          "Europe/Kyiv",
	"Europe/Uzhgorod":      "Europe/Kyiv",
	"Europe/Zaporozhye":    "Europe/Kyiv",
	"Europe/Tiraspol":      "Europe/Chisinau",
	"Europe/Belfast":       "Europe/London",
	"Europe/Nicosia":       "Asia/Nicosia",
	"Asia/Istanbul":        "Europe/Istanbul",
	"Turkey":               "Europe/Istanbul",
	"GB":                   "Europe/London",
	"Eire":                 "Europe/Dublin",
	"Portugal":             "Europe/Lisbon",
	"Poland":               "Europe/Warsaw",
	"W-SU":                 "Europe/Moscow",
	"Iceland":              "Atlantic/Reykjavik",
	"Asia/Ashkhabad":       "Asia/Ashgabat",
	"Asia/Calcutta":        "Asia/Kolkata",
	"Asia/Katmandu":        "Asia/Kathmandu",
	"Asia/Dacca":           "Asia/Dhaka",
	"Asia/Rangoon":         "Asia/Yangon",
	"Asia/Saigon":          "Asia/Ho_Chi_Minh",
	"Asia/Thimbu":          "Asia/Thimphu",
	"Asia/Ulan_Bator":      "Asia/Ulaanbaatar",
	"Asia/Choibalsan":      "Asia/Ulaanbaatar",
	"Asia/Kashgar":         "Asia/Urumqi",
	"Asia/Chongqing":       "Asia/Shanghai",
	"Asia/Chungking":       "Asia/Shanghai",
	"Asia/Harbin":          "Asia/Shanghai",
	"PRC":                  "Asia/Shanghai",
	"Hongkong":             "Asia/Hong_Kong",
	"Asia/Macao":           "Asia/Macau",
	"ROC":                  "Asia/Taipei",
	"ROK":                  "Asia/Seoul",
	"Japan":                "Asia/Tokyo",
	"Singapore":            "Asia/Singapore",
	"Iran":                 "Asia/Tehran",
	"Israel":               "Asia/Jerusalem",
	"Asia/Tel_Aviv":        "Asia/Jerusalem",
	"Egypt":                "Africa/Cairo",
	"Libya":                "Africa/Tripoli",
	"NZ":                   "Pacific/Auckland",
	"Australia/ACT":        "Australia/Sydney",
	"Australia/Canberra":   "Australia/Sydney",
	"Australia/NSW":        "Australia/Sydney",
	"Australia/Victoria":   "Australia/Melbourne",
	"Australia/Queensland": "Australia/Brisbane",
	"Australia/Tasmania":   "Australia/Hobart",
	"Australia/West":       "Australia/Perth",
	"Australia/South":      "Australia/Adelaide",
	"Australia/North":      "Australia/Darwin",
	"US/Eastern":           "America/New_York",
	"US/Central":           "America/Chicago",
	"US/Mountain":          "America/Denver",
	"US/Pacific":           "America/Los_Angeles",
	"US/Arizona":           "America/Phoenix",
	"US/Alaska":            "America/Anchorage",
	"US/Hawaii":            "Pacific/Honolulu",
	"US/Michigan":          "America/Detroit",
	"Canada/Eastern":       "America/Toronto",
	"Canada/Central":       "America/Winnipeg",
	"Canada/Mountain":      "America/Edmonton",
	"Canada/Pacific":       "America/Vancouver",
	"Canada/Atlantic":      "America/Halifax",
	"Canada/Newfoundland":  "America/St_Johns",
	"Canada/Saskatchewan":  "America/Regina",
	"America/Montreal":     "America/Toronto",
	"America/Buenos_Aires": "America/Argentina/Buenos_Aires",
	"America/Godthab":      "America/Nuuk",
	"Brazil/East":          "America/Sao_Paulo",
	"Brazil/West":          "America/Manaus",
	"Chile/Continental":    "America/Santiago",
	"Mexico/General":       "America/Mexico_City",
	"Cuba":                 "America/Havana",
	"Jamaica":              "America/Jamaica",
}
