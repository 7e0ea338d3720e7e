"""Reads {"name": {"address", "type", "text"}} from standard input and prints by name what the
W3C feed validator, whose src is the argument, has against each feed: what it shows as
an error or as a warning (level AA, that of validator.w3.org)."""

import io
import json
import sys
import warnings

warnings.simplefilter("ignore")
sys.path.insert(0, sys.argv[1])

import feedvalidator  # noqa: E402
from feedvalidator import compatibility  # noqa: E402
from feedvalidator.formatter.text_plain import Formatter  # noqa: E402


def faults(feed):
    got = feedvalidator.validateStream(io.BytesIO(feed["text"].encode()), contentType=feed["type"], base=feed["address"])
    if not got["feedType"]:  # then nothing of it has been looked at
        return ["no feed"]
    return [type(e).__name__ + ": " + Formatter([e]).format(e) for e in compatibility.AA(got["loggedEvents"])]


json.dump({n: faults(f) for n, f in json.load(sys.stdin).items()}, sys.stdout)
