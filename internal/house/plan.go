package house

import (
	"fmt"
	"strings"
)

// Floor of packages that only tests import.
const testFloor = -1

// A Room is one line of floors.txt.
type Room struct {
	Name    string
	Floor   int      // 0 is the lowest; testFloor for what only tests use
	Doors   []string // rooms of the same floor that it may import
	Closets []string // packages room/x
}

// A Plan is floors.txt, read.
type Plan struct {
	Rooms map[string]Room
}

// ParsePlan reads the form of floors.txt: floor, room, words, then `|` and the
// doors, then `closets` and their names. An error names the line.
func ParsePlan(text string) (*Plan, error) {
	plan := &Plan{Rooms: map[string]Room{}}
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(fields) < 2 {
			return nil, fmt.Errorf("floors.txt:%d: want a floor and a room", i+1)
		}
		r := Room{Name: fields[1]}
		switch f := fields[0]; {
		case f == "test":
			r.Floor = testFloor
		case len(f) == 1 && f[0] >= '0' && f[0] <= '9':
			r.Floor = int(f[0] - '0')
		default:
			return nil, fmt.Errorf("floors.txt:%d: %q is no floor", i+1, f)
		}
		if _, twice := plan.Rooms[r.Name]; twice {
			return nil, fmt.Errorf("floors.txt:%d: room %s stands here twice", i+1, r.Name)
		}
		rest := strings.Join(fields[2:], " ")
		rest, closets, _ := strings.Cut(rest, " closets ")
		for _, c := range strings.Split(closets, ",") {
			if c = strings.TrimSpace(c); c == "" {
				continue
			}
			if !strings.HasPrefix(c, r.Name+"/") {
				return nil, fmt.Errorf("floors.txt:%d: closet %s is not in room %s", i+1, c, r.Name)
			}
			r.Closets = append(r.Closets, c)
		}
		if _, doors, ok := strings.Cut(rest+" ", " | "); ok {
			r.Doors = strings.Fields(doors)
		}
		plan.Rooms[r.Name] = r
	}
	for _, r := range plan.Rooms {
		for _, d := range r.Doors {
			other, ok := plan.Rooms[d]
			if !ok {
				return nil, fmt.Errorf("floors.txt: %s has a door to %s, which is nowhere", r.Name, d)
			}
			if other.Floor != r.Floor {
				return nil, fmt.Errorf("floors.txt: the door from %s to %s leaves its floor", r.Name, d)
			}
			if reaches(plan, d, r.Name, map[string]bool{}) {
				return nil, fmt.Errorf("floors.txt: doors lead from %s round to itself", r.Name)
			}
		}
	}
	return plan, nil
}

func reaches(p *Plan, from, to string, seen map[string]bool) bool {
	if seen[from] {
		return false
	}
	seen[from] = true
	for _, d := range p.Rooms[from].Doors {
		if d == to || reaches(p, d, to, seen) {
			return true
		}
	}
	return false
}

// place finds the room of a package path inside the module ("article",
// "article/editor", "cmd/dateline") and whether the package is a closet of it.
func (p *Plan) place(pkg string) (r Room, closet, ok bool) {
	name, _, nested := strings.Cut(pkg, "/")
	r, ok = p.Rooms[name]
	if !ok || !nested {
		return r, false, ok
	}
	if name == "cmd" {
		return r, false, true
	}
	for _, c := range r.Closets {
		if c == pkg {
			return r, true, true
		}
	}
	return r, false, false
}

// mayImport answers whether package from may import package to outside tests.
// It returns the reason why not, or "".
func (p *Plan) mayImport(from, to string) string {
	a, aCloset, okA := p.place(from)
	b, bCloset, okB := p.place(to)
	switch {
	case !okA || !okB:
		return "" // reported once, as a package that is not in the plan
	case b.Floor == testFloor:
		if a.Floor == testFloor {
			return ""
		}
		return "only tests may"
	case a.Floor == testFloor:
		return ""
	case bCloset && a.Name != "app" && from != to:
		return "only app opens a closet"
	case aCloset && a.Name == b.Name:
		return ""
	case a.Name == b.Name:
		return ""
	case b.Floor < a.Floor:
		return ""
	}
	for _, d := range a.Doors {
		if d == b.Name {
			return ""
		}
	}
	if b.Floor == a.Floor {
		return fmt.Sprintf("both stand on floor %d and there is no door", a.Floor)
	}
	return fmt.Sprintf("floor %d is above floor %d", b.Floor, a.Floor)
}
