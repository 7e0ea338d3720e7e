// Command assets bundles the desk's scripts and styles: assets/desk/*.ts and the
// hand-picked packages of assets/desk/package.json into assets/dist, which is
// committed and embedded, so that building the program needs no Node.
//
//	(cd assets/desk && npm ci --ignore-scripts)
//	go run . [-check]       in tools/assets
//
// With -check it writes nothing and fails when what is committed is not what the
// sources make, byte for byte. The same sources make the same bytes in any folder,
// but not through a symlinked node_modules: that is refused.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	check := flag.Bool("check", false, "compare instead of writing")
	root := flag.String("root", filepath.Join("..", ".."), "the repository")
	flag.Parse()
	if err := run(*root, *check); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run(root string, check bool) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	source, dist := filepath.Join(root, "assets", "desk"), filepath.Join(root, "assets", "dist")
	info, err := os.Lstat(filepath.Join(source, "node_modules"))
	if err != nil {
		return fmt.Errorf("%w: run `npm ci --ignore-scripts` in assets/desk", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is no folder: the names of files behind a link change the bundle", filepath.Join(source, "node_modules"))
	}
	made, err := bundle(source)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(keys(made)) {
		file := filepath.Join(dist, name)
		if !check {
			if err := os.MkdirAll(dist, 0o777); err != nil {
				return err
			}
			if err := os.WriteFile(file, made[name], 0o666); err != nil {
				return err
			}
			fmt.Printf("%s: %d bytes\n", name, len(made[name]))
			continue
		}
		have, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if !bytes.Equal(have, made[name]) {
			return fmt.Errorf("assets/dist/%s is not what assets/desk makes: run `make assets` and commit what it writes", name)
		}
	}
	return nil
}

func keys(m map[string][]byte) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

const banner = "/* Dateline, Apache-2.0. Holds ProseMirror and other packages: their licences are in LEGAL.txt beside this file. */"

// bundle makes the files of assets/dist.
func bundle(source string) (map[string][]byte, error) {
	result := api.Build(api.BuildOptions{
		AbsWorkingDir: source,
		EntryPoints:   []string{"desk-editor.ts", "desk-editor.css"},
		Outdir:        filepath.Join(source, "out"), // nothing is written there
		Bundle:        true,
		Format:        api.FormatIIFE,
		Platform:      api.PlatformBrowser,
		Target:        api.ES2022,
		Charset:       api.CharsetUTF8,
		LegalComments: api.LegalCommentsNone,
		Banner:        map[string]string{"js": banner},
		Metafile:      true,
		// ProseMirror wants a policy of its own for what is pasted. Pages allow one
		// policy alone, ours, and policy.ts hands it over.
		Define:            map[string]string{"window.trustedTypes": "trustedForPaste"},
		Inject:            []string{filepath.Join(source, "policy.ts")},
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LogLevel:          api.LogLevelSilent,
	})
	if len(result.Errors) > 0 || len(result.Warnings) > 0 {
		lines := api.FormatMessages(append(result.Errors, result.Warnings...), api.FormatMessagesOptions{})
		return nil, fmt.Errorf("%s", strings.Join(lines, "\n"))
	}
	made := map[string][]byte{}
	for _, f := range result.OutputFiles {
		made[filepath.Base(f.Path)] = f.Contents
	}
	var err error
	made["LEGAL.txt"], err = legal(source, result.Metafile)
	return made, err
}

// legal collects the licences of the packages that are in the bundle.
func legal(source, metafile string) ([]byte, error) {
	var meta struct {
		Inputs map[string]struct{ Bytes int }
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil, err
	}
	packages := map[string][]byte{}
	for input := range meta.Inputs {
		if rest, ok := strings.CutPrefix(input, "node_modules/"); ok {
			name, rest, _ := strings.Cut(rest, "/")
			if strings.HasPrefix(name, "@") {
				second, _, _ := strings.Cut(rest, "/")
				name += "/" + second
			}
			packages[name] = nil
		}
	}
	var b bytes.Buffer
	b.WriteString("desk-editor.js holds these packages, under the licences that follow.\n")
	for _, name := range slices.Sorted(keys(packages)) {
		dir := filepath.Join(source, "node_modules", filepath.FromSlash(name))
		raw, err := os.ReadFile(filepath.Join(dir, "package.json"))
		if err != nil {
			return nil, err
		}
		var p struct{ Version, License string }
		if err := json.Unmarshal(raw, &p); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "LICENSE"))
		if err != nil {
			return nil, fmt.Errorf("the licence of %s: %w", name, err)
		}
		fmt.Fprintf(&b, "\n\n%s %s (%s)\n\n%s\n", name, p.Version, p.License, bytes.TrimSpace(text))
	}
	return b.Bytes(), nil
}
