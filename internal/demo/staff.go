package demo

import (
	"context"
	"io/fs"

	"dateline/internal/fault"
	"dateline/internal/user"
)

// mail is the newsroom's domain: nobody's (RFC 2606).
const mail = "@tasozen-lamp.example"

// Staff gives accounts to those of the newsroom who have none yet, and returns one
// that may do everything.
func Staff(ctx context.Context, rooms Rooms, files fs.FS) (user.Account, error) {
	n, _, err := readNewsroom(files)
	if err != nil {
		return user.Account{}, err
	}
	site, err := rooms.Editions.Site(ctx)
	if err != nil {
		return user.Account{}, err
	}
	people := map[string]contributor{}
	for _, c := range n.Contributors {
		people[c.Key] = c
	}
	var chief user.Account
	for _, s := range n.Staff {
		c, ok := people[s.Person]
		if !ok {
			return chief, fault.New(fault.Internal, "staff: there is no contributor %q", s.Person)
		}
		a, err := rooms.Users.ByEmail(ctx, site.Publication.ID, c.Slug+mail)
		if fault.Is(err, fault.NotFound) {
			a, err = staffed(ctx, rooms, site.Publication.ID, c, user.Input{Email: c.Slug + mail, Name: c.Name[s.Lang], Role: s.Role, Lang: s.Lang})
		}
		if err != nil {
			return chief, err
		}
		if chief.ID == 0 && a.Role == user.Admin && a.State == user.Active {
			chief = a
		}
	}
	return chief, nil
}

func staffed(ctx context.Context, rooms Rooms, pub int64, c contributor, in user.Input) (user.Account, error) {
	who, ok, err := rooms.Authors.BySlug(ctx, rooms.DB, pub, c.Slug)
	if err != nil {
		return user.Account{}, err
	}
	if ok {
		in.EntityID = who.EntityID
	}
	return rooms.Users.Add(ctx, user.Actor{Name: "dateline demo"}, pub, in)
}
