package wordpress

// elem is an element of WXR that means something to us.
type elem uint8

const (
	eNone elem = iota
	eRSS
	eChannel
	eItem
	eImage
	eTitle
	eLink
	eDescription
	eLanguage
	eGenerator
	ePubDate
	eGUID
	eCreator
	eContent
	eExcerpt
	eItemTerm // RSS <category> of an item
	eVersion
	eBaseSite
	eBaseBlog
	eAuthor
	eAuthorID
	eAuthorLogin
	eAuthorName
	eAuthorFirst
	eAuthorLast
	eCategory // the channel's <wp:category>, <wp:tag>, <wp:term>
	eTag
	eTerm
	eTermID
	eTermTaxonomy
	eTermSlug
	eTermParent
	eTermName
	eTermDescription
	eTermLang  // of <wp:termmeta>, as WPML exports it
	eTermGroup // the same
	ePostID
	ePostDate
	ePostDateGMT
	eModified
	eModifiedGMT
	eCommentStatus
	ePostName
	eStatus
	eParent
	eOrder
	eType
	ePassword
	eSticky
	eAttachmentURL
	ePostmeta
	eMetaKey
	eMetaValue
	eComment
	eCommentID
	eCommentAuthor
	eCommentEmail
	eCommentDate
	eCommentDateGMT
	eCommentContent
	eCommentApproved
	eCommentType
	eCommentParent
	eCommentUser
	eDropped // known, and dropped: commenters' addresses, ping status …
	elems
)

// vocabulary is WXR's: namespace (named by its usual prefix), local name.
var vocabulary = []struct {
	ns, local string
	e         elem
}{
	{"", "rss", eRSS}, {"", "channel", eChannel}, {"", "item", eItem},
	{"", "image", eImage}, {"", "textInput", eImage}, {"", "textinput", eImage},
	{"", "title", eTitle}, {"", "link", eLink}, {"", "description", eDescription}, {"", "language", eLanguage},
	{"", "generator", eGenerator}, {"", "pubDate", ePubDate}, {"", "guid", eGUID}, {"", "category", eItemTerm},
	{"dc", "creator", eCreator}, {"content", "encoded", eContent}, {"excerpt", "encoded", eExcerpt},
	{"wp", "wxr_version", eVersion}, {"wp", "base_site_url", eBaseSite}, {"wp", "base_blog_url", eBaseBlog},
	{"wp", "author", eAuthor}, {"wp", "author_id", eAuthorID}, {"wp", "author_login", eAuthorLogin},
	{"wp", "author_display_name", eAuthorName}, {"wp", "author_first_name", eAuthorFirst}, {"wp", "author_last_name", eAuthorLast},
	{"wp", "author_email", eDropped},
	{"wp", "category", eCategory}, {"wp", "tag", eTag}, {"wp", "term", eTerm}, {"wp", "term_id", eTermID},
	{"wp", "term_taxonomy", eTermTaxonomy},
	{"wp", "category_nicename", eTermSlug}, {"wp", "tag_slug", eTermSlug}, {"wp", "term_slug", eTermSlug},
	{"wp", "category_parent", eTermParent}, {"wp", "term_parent", eTermParent},
	{"wp", "cat_name", eTermName}, {"wp", "tag_name", eTermName}, {"wp", "term_name", eTermName},
	{"wp", "category_description", eTermDescription}, {"wp", "tag_description", eTermDescription},
	{"wp", "term_description", eTermDescription}, {"wp", "termmeta", eDropped},
	{"wp", "post_id", ePostID}, {"wp", "post_date", ePostDate}, {"wp", "post_date_gmt", ePostDateGMT},
	{"wp", "post_modified", eModified}, {"wp", "post_modified_gmt", eModifiedGMT},
	{"wp", "comment_status", eCommentStatus}, {"wp", "ping_status", eDropped}, {"wp", "post_name", ePostName},
	{"wp", "status", eStatus}, {"wp", "post_parent", eParent}, {"wp", "menu_order", eOrder}, {"wp", "post_type", eType},
	{"wp", "post_password", ePassword}, {"wp", "is_sticky", eSticky}, {"wp", "attachment_url", eAttachmentURL},
	{"wp", "postmeta", ePostmeta}, {"wp", "meta_key", eMetaKey}, {"wp", "meta_value", eMetaValue},
	{"wp", "comment", eComment}, {"wp", "comment_id", eCommentID}, {"wp", "comment_author", eCommentAuthor},
	{"wp", "comment_author_email", eCommentEmail}, {"wp", "comment_author_url", eDropped}, {"wp", "comment_author_IP", eDropped},
	{"wp", "comment_date", eCommentDate}, {"wp", "comment_date_gmt", eCommentDateGMT},
	{"wp", "comment_content", eCommentContent}, {"wp", "comment_approved", eCommentApproved},
	{"wp", "comment_type", eCommentType}, {"wp", "comment_parent", eCommentParent}, {"wp", "comment_user_id", eCommentUser},
	{"wp", "commentmeta", eDropped},
}

// names finds elements by the names a file uses: under WXR's usual prefixes,
// under the prefixes the file declares for the same namespaces (which differ
// by version: http://wordpress.org/export/1.2/), and without any, where that
// is no other element.
type names struct {
	elems map[string]elem
	outer map[string]bool // names that can only stand outside a leaf
}

func newNames() *names {
	n := &names{map[string]elem{}, map[string]bool{}}
	for _, v := range vocabulary {
		if v.ns == "" {
			n.elems[v.local] = v.e
			continue
		}
		n.add(v.ns, v.local, v.e)
	}
	for _, v := range vocabulary {
		if n.elems[v.local] == eNone && v.local != "encoded" && v.local != "author" && v.local != "comment" {
			n.elems[v.local] = v.e
		}
	}
	n.elems["content"], n.elems["excerpt"], n.elems["creator"] = eContent, eExcerpt, eCreator
	n.outer["item"], n.outer["channel"], n.outer["rss"] = true, true, true
	return n
}

func (n *names) add(prefix, local string, e elem) {
	n.elems[prefix+":"+local] = e
	n.outer[prefix+":"+local] = true
}

func (n *names) of(name []byte) elem { return n.elems[string(name)] }

// isOuter is for the scanner: no leaf can hold this element.
func (n *names) isOuter(name []byte) bool { return len(name) > 0 && n.outer[string(name)] }

// declare takes the namespace declarations of a root element.
func (n *names) declare(t tag) {
	for _, f := range fields(t.attrs) {
		prefix, ok := cutPrefix(f.key, "xmlns:")
		if !ok {
			continue
		}
		ns := namespace(f.value)
		if ns == "" || ns == prefix {
			continue
		}
		for _, v := range vocabulary {
			if v.ns == ns {
				n.add(prefix, v.local, v.e)
			}
		}
	}
}
