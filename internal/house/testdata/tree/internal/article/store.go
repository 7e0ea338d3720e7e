package article

const (
	own   = `with last as (select id from revision) select * from article a join last on last.id = a.id`
	other = "select * from job join article_public on true"
	piece = " left join feed_item f on f.id = a.id"
	words = "read from disk"
)

func computed(table string) string {
	return "delete from " + table + " where id in (select id from ledger) and " + not("select x from drawer")
}

func init() {}
