package house

// What the rules must let pass, and why. A line here needs a reason that would
// convince somebody who has never seen the code.

var inits []Exception

var html = []Exception{
	{"richtext", "renders bodies after its own sanitiser, the last thing that happens to them"},
	{"theme", "its helpers make whole elements (pictures, JSON-LD, social tags)"},
	{"desk/panel.go", "sets into a page what a room's own html/template has just made of its panel"},
}

var sqlOutsideStores = []Exception{
	{"db", "the engine room: pragmas, migrations and the change table are its subject"},
}

var files = []Exception{
	{"blob", "the door to files"},
	{"db", "SQLite's file and its folder; nobody else may open it, or POSIX locks are lost"},
	{"app", "the data folder, secrets of mode 0600, the demo's folder"},
	{"cmd", "reports, backups and exports that an operator names"},
	{"importer", "the operator's export files and uploads folder"},
	{"theme", "themes that an operator keeps in a folder"},
	{"encoder", "what it hands to a program, in a folder that is gone afterwards"},
	{"lang/zones.go", "zone data that an operator puts beside the binary, newer than the release"},
}

var environment = []Exception{
	{"app", "configuration is read once, here"},
	{"cmd", "flags' defaults"},
}

var connections = []Exception{
	{"outbound", "the door to the network"},
	{"db", "LISTEN needs a connection of its own, to the operator's own server"},
	{"app", "asks itself over loopback in doctor"},
}

var listening = []Exception{
	{"app", "serves"},
	{"cmd", "takes the addresses that the operator names, or the next free port"},
}

var programs = []Exception{
	{"encoder", "codes pictures by avifenc and cwebp: no cgo, and what breaks in them breaks in a process of its own"},
	{"cmd", "opens the operator's browser on the demo"},
}

var doors = []Door{
	{"os", []string{
		"Open", "OpenFile", "OpenRoot", "OpenInRoot", "Create", "CreateTemp", "ReadFile", "WriteFile", "ReadDir", "DirFS",
		"Mkdir", "MkdirAll", "MkdirTemp", "Remove", "RemoveAll", "Rename", "Link", "Symlink", "Truncate", "Chmod", "CopyFS",
	}, "only blob touches files", files},
	{"io/ioutil", nil, "only blob touches files", nil},
	{"path/filepath", []string{"Walk", "WalkDir", "Glob"}, "only blob touches files", files},
	{"os", []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Setenv", "Unsetenv", "Clearenv"},
		"only app and cmd read the environment", environment},
	{"net", []string{
		"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer", "LookupHost", "LookupIP", "LookupAddr", "LookupMX", "LookupTXT", "Resolver", "DefaultResolver",
	}, "only outbound opens connections", connections},
	{"net", []string{"Listen", "ListenPacket", "ListenTCP", "ListenUDP", "ListenUnix", "ListenConfig"}, "only app and cmd listen", listening},
	{"net/http", []string{"Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport", "DefaultTransport"},
		"only outbound opens connections", connections},
	{"net/http", []string{"ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS"}, "only app and cmd listen", listening},
	{"os/exec", nil, "only encoder runs programs on what readers ask for", programs},
	{"net/smtp", nil, "only mail speaks SMTP", []Exception{{"mail", "the door to mail servers"}}},
	{"net/http/pprof", nil, "its init hangs pages on the default mux", nil},
	{"math/rand", nil, "random numbers come from crypto/rand; tests pass their own", nil},
	{"math/rand/v2", nil, "random numbers come from crypto/rand; tests pass their own", nil},
	{"encoding/gob", nil, "a stranger's gob exhausts the stack (GO-2024-3106)", nil},
	{"text/template", nil, "html/template escapes, this one does not", nil},
	{"unsafe", nil, "nothing here is worth it", nil},
	{"C", nil, "the binary is built without cgo", nil},
}
