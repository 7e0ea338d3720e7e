package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"dateline/internal/lang"
)

// kind says what a type must and may have besides "@type", "@id" and
// "@context", and which type it is a kind of.
type kind struct {
	of        string
	must, may string
}

// The types that we write.
var kinds = map[string]kind{
	"Thing":                    {may: "name url description image sameAs alternateName"},
	"CreativeWork":             {of: "Thing", may: "inLanguage headline publisher dateModified datePublished genre keywords"},
	"CreativeWorkSeries":       {of: "CreativeWork", must: "name url"},
	"Periodical":               {of: "CreativeWorkSeries"},
	"Article":                  {of: "CreativeWork"},
	"NewsArticle":              {of: "Article"},
	"AdvertiserContentArticle": {of: "Article"},
	"AnalysisNewsArticle":      {of: "NewsArticle"},
	"AskPublicNewsArticle":     {of: "NewsArticle"},
	"BackgroundNewsArticle":    {of: "NewsArticle"},
	"OpinionNewsArticle":       {of: "NewsArticle"},
	"ReportageNewsArticle":     {of: "NewsArticle"},
	"ReviewNewsArticle":        {of: "NewsArticle"},
	"ImageObject":              {of: "CreativeWork", must: "url", may: "width height caption creditText"},
	"CorrectionComment":        {of: "CreativeWork", must: "text datePublished"},
	"WebPage":                  {of: "CreativeWork", may: "breadcrumb mainEntity"},
	"CollectionPage":           {of: "WebPage", must: "name url"},
	"ProfilePage":              {of: "WebPage", must: "mainEntity"},
	"WebSite":                  {of: "CreativeWork", must: "name url inLanguage publisher"},
	"Organization": {of: "Thing", must: "name", may: "logo foundingDate publishingPrinciples ethicsPolicy correctionsPolicy ownershipFundingInfo" +
		" actionableFeedbackPolicy unnamedSourcesPolicy diversityPolicy"},
	"NewsMediaOrganization":  {of: "Organization", must: "url", may: "verificationFactCheckingPolicy masthead"},
	"Person":                 {of: "Thing", must: "name", may: "jobTitle worksFor"},
	"Place":                  {of: "Thing", must: "name"},
	"InteractionCounter":     {of: "Thing", must: "interactionType userInteractionCount"},
	"SpeakableSpecification": {of: "Thing", must: "cssSelector"},
	"ItemList":               {of: "Thing", must: "itemListElement"},
	"BreadcrumbList":         {of: "ItemList"},
	"ListItem":               {of: "Thing", must: "position name", may: "item"},
}

// What an outermost article has besides: one that is only named (a
// translation) needs less. Google wants headline, image, dates and author
// (https://developers.google.com/search/docs/appearance/structured-data/article);
// an article may have no picture.
const (
	articleMust = "@context @id headline url inLanguage datePublished dateModified author publisher isAccessibleForFree commentCount mainEntityOfPage"
	articleMay  = "alternativeHeadline description locationCreated translator editor contributor articleSection image wordCount isPartOf position" +
		" translationOfWork workTranslation speakable interactionStatistic correction"
)

// KnownArticle reports whether t is a type that an article can be of.
func KnownArticle(t string) bool { return t != "Article" && is(t, "Article") }

// IsNews reports whether t is NewsArticle or a kind of it; paid content is not.
func IsNews(t string) bool { return is(t, "NewsArticle") }

func is(t, of string) bool {
	for t != "" && t != of {
		t = kinds[t].of
	}
	return t != ""
}

var (
	links = strings.Fields("@id url sameAs item logo interactionType publishingPrinciples ethicsPolicy correctionsPolicy ownershipFundingInfo" +
		" actionableFeedbackPolicy unnamedSourcesPolicy diversityPolicy verificationFactCheckingPolicy masthead")
	dates  = strings.Fields("datePublished dateModified")
	langID = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)
)

// Check refuses a value that a validator of schema.org or somebody who reads
// it would refuse. The error says in words (lang.Locale.Say) what is wrong, and
// where.
func Check(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("JSON-LD: %w", err)
	}
	var any map[string]any
	if err := json.Unmarshal(b, &any); err != nil {
		return fmt.Errorf("JSON-LD is no object: %w", err)
	}
	var c checker
	c.same("@context", any["@context"], Context)
	t, _ := any["@type"].(string)
	c.object(t, any, true)
	return c.Err("JSON-LD that no reader should get")
}

type checker struct{ lang.Faults }

func (c *checker) same(where string, v, want any) {
	c.Must(v == want, "refused.instead", "field", where, "value", fmt.Sprint(v), "want", fmt.Sprint(want))
}

func (c *checker) object(where string, o map[string]any, outermost bool) {
	t, _ := o["@type"].(string)
	if _, ok := kinds[t]; !ok {
		c.Must(false, "refused.type", "field", where+".@type", "value", t)
		return
	}
	must, may := "", "@type @id"
	for k := t; k != ""; k = kinds[k].of {
		must += " " + kinds[k].must
		may += " " + kinds[k].may
	}
	if outermost {
		may += " @context"
		if KnownArticle(t) {
			must, may = must+" "+articleMust, may+" "+articleMay
			if IsNews(t) {
				may += " dateline"
			}
		}
	}
	needed := strings.Fields(must)
	for _, m := range needed {
		c.Must(!empty(o[m]), "refused.empty", "field", where+"."+m)
	}
	allowed := append(strings.Fields(may), needed...)
	for _, name := range slices.Sorted(maps.Keys(o)) { // what is found first is told
		v := o[name]
		if !slices.Contains(allowed, name) {
			c.Must(false, "refused.member", "field", where, "type", t, "value", name)
			continue
		}
		c.value(where+"."+name, name, v)
	}
}

func (c *checker) value(where, name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		c.object(where, v, false)
	case []any:
		c.Must(len(v) > 0, "refused.empty", "field", where)
		for i, x := range v {
			at := fmt.Sprintf("%s[%d]", where, i)
			c.value(at, name, x)
			if o, ok := x.(map[string]any); ok && name == "itemListElement" {
				c.same(at+".position", o["position"], float64(i+1))
			}
		}
	case string:
		c.text(where, name, v)
	case float64:
		c.Must(v >= 0, "refused.stray", "field", where, "value", fmt.Sprint(v))
	case bool:
	default:
		c.Must(false, "refused.stray", "field", where, "value", fmt.Sprint(v))
	}
}

func (c *checker) text(where, name, s string) {
	switch {
	case strings.TrimSpace(s) == "":
		c.Must(false, "refused.empty", "field", where)
	case slices.Contains(links, name):
		u, err := url.Parse(s)
		c.Must(err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "", "refused.absolute", "field", where, "value", s)
	case slices.Contains(dates, name):
		_, err := time.Parse(time.RFC3339, s)
		c.Must(err == nil, "refused.date", "field", where, "value", s)
	case name == "inLanguage":
		c.Must(langID.MatchString(s), "refused.lang", "field", where, "value", s)
	}
}

// empty reports whether a member says nothing. false and 0 say something.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	}
	return false
}
