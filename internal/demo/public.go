package demo

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"dateline/internal/address"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/web"
)

// failures are the errors that no link leads to, by the status they become.
var failures = map[string]fault.Kind{"400": fault.Invalid, "403": fault.Forbidden, "409": fault.Conflict, "413": fault.TooLarge,
	"429": fault.TooMany, "500": fault.Internal, "503": fault.Unavailable}

// States are the pages of the newsroom that no link leads to: /-/demo/ru/429 is the
// Russian page of an error, /-/demo/ru/410 leads to the article that was withdrawn.
// Whoever looks at the demo looks at them; no other site has these addresses.
func States(rooms Rooms, addresses *address.Store, files fs.FS, now func() time.Time) web.Route {
	return web.Route{Method: "GET", Pattern: "/-/demo/{lang}/{status}", Room: "demo", Permission: web.Public, Kind: web.Page,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			site, err := rooms.Editions.Site(r.Context())
			if err != nil {
				web.Fail(w, r, err)
				return
			}
			e, ok := site.ByLang(r.PathValue("lang"))
			if !ok {
				web.Fail(w, r, fault.New(fault.NotFound, "there is no edition in %s", r.PathValue("lang")))
				return
			}
			in := r.Clone(r.Context()) // an error speaks the language of the edition whose address failed
			in.URL.Path = e.Prefix + r.URL.Path
			status := r.PathValue("status")
			kind, ok := failures[status]
			switch {
			case status == "410":
				path, err := withdrawn(r.Context(), rooms, addresses, files, e, now())
				if err != nil {
					web.Fail(w, in, err)
					return
				}
				http.Redirect(w, r, path, http.StatusFound)
			case !ok:
				web.Fail(w, in, fault.New(fault.NotFound, "the demo has no page of %s", status))
			default:
				web.Fail(w, in, fault.New(kind, "nothing is wrong: the demo shows its page of %s", status))
			}
		})}
}

// withdrawn is the address of an edition's withdrawn article. Its day was counted from
// the day the newsroom was filled, which may be long ago.
func withdrawn(ctx context.Context, rooms Rooms, addresses *address.Store, files fs.FS, e edition.Edition, now time.Time) (string, error) {
	texts, err := readTexts(files, "articles")
	if err != nil {
		return "", err
	}
	changes, err := rooms.Articles.LastChanges(ctx, e.PublicationID, now, 30)
	if err != nil {
		return "", err
	}
	for _, t := range texts {
		if t.lang != e.Lang || t.head["withdrawn"] == "" {
			continue
		}
		for _, c := range changes {
			path := fmt.Sprintf("%04d/%02d/%02d/%s", c.Day/10000, c.Day/100%100, c.Day%100, t.head["slug"])
			if _, _, err := addresses.Lookup(ctx, e.ID, path); c.Edition == e.ID && err == nil {
				return e.Prefix + "/" + path, nil
			}
		}
	}
	return "", fault.New(fault.NotFound, "nothing was withdrawn")
}
