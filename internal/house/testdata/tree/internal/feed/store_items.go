package feed

const q = "select id from article_public where id in (select article from revision)"
