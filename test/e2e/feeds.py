"""Reads {"name": {"address", "type", "text"}} from standard input and prints by name
what feedparser finds in each feed, or, for JSON Feeds, what breaks their schema."""

import json
import sys
import warnings

warnings.simplefilter("ignore")

import feedparser  # noqa: E402
import jsonschema  # noqa: E402


def read(feed):
    headers = {"content-type": feed["type"], "content-location": feed["address"]}
    got = feedparser.parse(feed["text"].encode(), response_headers=headers)
    return {
        "version": got.version,
        "faults": [str(got.bozo_exception)] if got.bozo else [],
        "language": got.feed.get("language", ""),
        "title": got.feed.get("title", ""),
        "link": got.feed.get("link", ""),
        "entries": [
            {
                "id": e.get("id", ""),
                "title": e.get("title", ""),
                "link": e.get("link", ""),
                "author": e.get("author", ""),
                "published": list(e.get("published_parsed") or []),
                "text": "".join(c.value for c in e.get("content", []) if c.type in ("text/html", "application/xhtml+xml")),
            }
            for e in got.entries
        ],
    }


def check(validator, feed):
    value = json.loads(feed["text"])
    faults = ["/".join(map(str, f.absolute_path)) + ": " + f.message[:200] for f in validator.iter_errors(value)]
    return {"version": value.get("version", ""), "faults": faults, "language": value.get("language", ""),
            "entries": [{"id": str(i.get("id", ""))} for i in value.get("items", [])]}


with open("testdata/jsonfeed-1.1.schema.json") as f:
    schema = json.load(f)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
feeds = json.load(sys.stdin)
json.dump({n: check(validator, f) if f["type"].startswith("application/feed+json") else read(f) for n, f in feeds.items()}, sys.stdout)
