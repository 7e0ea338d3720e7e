package web

import "strings"

// agents are browsers and systems by what their User-Agent says, those first whose
// words others carry, too.
var agents = [2][][2]string{
	{{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"YaBrowser/", "Yandex"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"},
		{"Chrome/", "Chrome"}, {"Safari/", "Safari"}},
	{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}},
}

// Agent is a browser as its owner knows it: "Firefox, Linux". No version: it
// would only tell one person from another.
func Agent(agent string) string {
	var parts []string
	for _, list := range agents {
		for _, a := range list {
			if strings.Contains(agent, a[0]) {
				parts = append(parts, a[1])
				break
			}
		}
	}
	return strings.Join(parts, ", ")
}
