package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
)

const jsonVersion = "https://jsonfeed.org/version/1.1"

type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	HomeURL     string       `json:"home_page_url"`
	FeedURL     string       `json:"feed_url"`
	Description string       `json:"description,omitempty"`
	Icon        string       `json:"icon,omitempty"`
	Authors     []jsonPerson `json:"authors,omitempty"`
	Language    string       `json:"language,omitempty"`
	Hubs        []jsonHub    `json:"hubs,omitempty"`
	Items       []jsonItem   `json:"items"`
}

type jsonPerson struct {
	Name string `json:"name,omitempty"`
	URL  string `json:"url,omitempty"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title,omitempty"`
	HTML      *string      `json:"content_html,omitempty"`
	Text      *string      `json:"content_text,omitempty"`
	Summary   string       `json:"summary,omitempty"`
	Image     string       `json:"image,omitempty"`
	Published string       `json:"date_published"`
	Modified  string       `json:"date_modified,omitempty"`
	Authors   []jsonPerson `json:"authors,omitempty"`
	Tags      []string     `json:"tags,omitempty"`
	Language  string       `json:"language,omitempty"`
	Files     []jsonFile   `json:"attachments,omitempty"`
	Picture   *jsonPicture `json:"_image,omitempty"`
}

type jsonHub struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type jsonFile struct {
	URL   string `json:"url"`
	Mime  string `json:"mime_type"`
	Title string `json:"title,omitempty"`
	Size  int64  `json:"size_in_bytes,omitempty"`
}

// jsonPicture says whose picture "image" is; an extension, as its name says.
type jsonPicture struct {
	Alt     string `json:"alt,omitempty"`
	Caption string `json:"caption,omitempty"`
	Credit  string `json:"credit,omitempty"`
	Width   int    `json:"width,omitempty"`
	Height  int    `json:"height,omitempty"`
}

// JSON writes a feed as JSON Feed 1.1 (https://jsonfeed.org/version/1.1).
func JSON(f Feed) ([]byte, error) {
	f = tidy(f)
	out := jsonFeed{Version: jsonVersion, Title: f.Title, HomeURL: f.HomeURL, FeedURL: f.SelfURL, Description: f.Description,
		Icon: f.IconURL, Authors: []jsonPerson{{Name: f.Author, URL: f.HomeURL}}, Language: f.Lang, Items: []jsonItem{}}
	for _, h := range f.Hubs {
		out.Hubs = append(out.Hubs, jsonHub{"WebSub", h})
	}
	for _, it := range f.Items {
		x := jsonItem{ID: it.name(), URL: it.URL, Title: it.Title, Summary: it.Summary, Published: rfc3339(it.Published), Tags: it.Categories}
		if it.Updated.After(it.Published) {
			x.Modified = rfc3339(it.Updated)
		}
		if x.HTML = &it.HTML; it.HTML == "" { // one of the two must be there
			x.HTML, x.Text = nil, &it.Summary
		}
		if it.Lang != f.Lang {
			x.Language = it.Lang
		}
		for _, p := range it.Authors {
			x.Authors = append(x.Authors, jsonPerson(p))
		}
		if m := it.Image; m != nil {
			x.Image = m.URL
			p := jsonPicture{Alt: m.Alt, Caption: m.Caption, Credit: m.Credit, Width: m.Width, Height: m.Height}
			if p != (jsonPicture{}) {
				x.Picture = &p
			}
		}
		for _, m := range it.Files { // the picture above has a member of its own
			x.Files = append(x.Files, jsonFile{URL: m.URL, Mime: m.Mime, Title: orElse(m.Caption, m.Alt), Size: max(m.Bytes, 0)})
		}
		out.Items = append(out.Items, x)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(out); err != nil {
		return nil, fmt.Errorf("writing a feed as json: %w", err)
	}
	if err := Check("json", b.Bytes()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
