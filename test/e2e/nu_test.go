//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// valid holds that the Nu checker has nothing to say about documents, by name.
func valid(t testing.TB, documents map[string][]byte) {
	t.Helper()
	faults := nuErrors(t, documents)
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		each(t, "Nu", name, faults[name])
	}
}

// nuErrors asks the Nu HTML checker about documents, by name. Nine seconds of
// starting Java are spent once for all of them.
func nuErrors(t testing.TB, documents map[string][]byte) map[string][]string {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		t.Fatalf("%v: run `make test`", err)
	}
	dir := t.TempDir()
	named := map[string]string{}
	args := []string{"-Xss4m", "-jar", npm(t, "vnu-jar/build/dist/vnu.jar"), "--errors-only", "--exit-zero-always", "--format", "json"}
	for name, text := range documents {
		file := filepath.Join(dir, fmt.Sprintf("%03d.html", len(named)))
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		named["file:"+file] = name
		args = append(args, file)
	}
	cmd := exec.Command(java, args...)
	var out bytes.Buffer
	cmd.Stderr = &out // where the checker writes its answer
	if err := cmd.Run(); err != nil {
		t.Fatalf("the Nu checker: %v\n%s", err, out.Bytes())
	}
	var answer struct {
		Messages []struct {
			Type, URL, Message, Extract string
			LastLine                    int
		}
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatalf("the Nu checker: %v\n%s", err, out.Bytes())
	}
	faults := map[string][]string{}
	for _, m := range answer.Messages {
		name, ok := named[m.URL]
		if !ok {
			name = m.URL
		}
		faults[name] = append(faults[name], fmt.Sprintf("line %d: %s: %s", m.LastLine, m.Message, m.Extract))
	}
	return faults
}
