package views

import (
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"

	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/web"
)

// Beacon answers POST /-/views/{id}: 204 once the read is stored; also for
// bots and repeats, who need not know.
func (c *Counter) Beacon() http.Handler {
	return web.Func(func(w http.ResponseWriter, r *http.Request) error {
		id, err := articleID(r.PathValue("id"))
		if err != nil {
			return err
		}
		if err := c.count(r, id); err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
}

// count counts the reader of a request, unless their browser only prepares for
// a page that they may never open.
func (c *Counter) count(r *http.Request, id int64) error {
	agent := r.UserAgent()
	site := r.Header.Get("Sec-Fetch-Site")
	if r.Header.Get("Sec-Purpose") != "" || r.Header.Get("Purpose") == "prefetch" || site != "" && site != "same-origin" && site != "none" {
		agent = "" // nobody reads here: a page fetched in advance, or the picture stands on somebody else's page
	}
	return c.Count(r.Context(), id, web.ClientAddr(r), agent, from(r))
}

// from is from where the reader came: the name of the site, which the page's script
// sends. It is the body of what it sends: addresses are written into the logs of
// proxies. A picture cannot know it.
func from(r *http.Request) From {
	if r.Method != http.MethodPost {
		return From{Source: None}
	}
	told, err := io.ReadAll(io.LimitReader(r.Body, 2*maxHost))
	if err != nil {
		return From{Source: None}
	}
	own := r.Header.Get("Origin") // as the reader's browser calls us, whatever proxy stands between
	if own == "" {
		own = r.Host
	}
	return FromHost(string(told), own)
}

// pixel is a transparent picture of one point (GIF89a).
var pixel, _ = base64.StdEncoding.DecodeString("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

// number is an article's, and with ?lang=TAG as that language writes it: not
// every browser knows Kazakh.
type number struct {
	Views int64  `json:"views"`
	Text  string `json:"text,omitempty"`
}

// Number answers GET /-/views/{id} with the number, and /-/views/{id}.gif,
// the one GET that counts: it stands in <noscript>.
func (c *Counter) Number() http.Handler {
	return web.Func(func(w http.ResponseWriter, r *http.Request) error {
		name, gif := strings.CutSuffix(r.PathValue("id"), ".gif")
		id, err := articleID(name)
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-store")
		if gif {
			if r.Method == http.MethodGet {
				if err := c.count(r, id); err != nil {
					return err
				}
			}
			w.Header().Set("Content-Type", "image/gif")
			w.Header().Set("Content-Length", strconv.Itoa(len(pixel)))
			_, err := w.Write(pixel)
			return err
		}
		if _, err := c.public(r.Context(), id); err != nil {
			return err
		}
		totals, err := c.store.Total(r.Context(), []int64{id})
		if err != nil {
			return err
		}
		answer := number{Views: totals[id]}
		if tag := r.FormValue("lang"); tag != "" {
			answer.Text = lang.Of(tag).Number(answer.Views)
		}
		web.WriteJSON(w, r, http.StatusOK, answer)
		return nil
	})
}

func articleID(s string) (int64, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id <= 0 || s[0] == '+' {
		return 0, fault.New(fault.NotFound, "no article %.40q", s)
	}
	return id, nil
}
