"""Makes the files of this folder from packaged subsets of Oswald (variable,
OFL 1.1): subset.py FROM TO. Needs fonttools 4.38 and brotli.

Why: headlines need few signs and no weight below 400, and a page may load at
most 120 KB of fonts for its language. Signs, figures and the letters of English,
which stands in every masthead, are one file, Latin letters with accents another,
Cyrillic a third, the letters that Kazakh has beside Russian a fourth. It prints
the unicode-range of each, for css/11-fonts.css.
"""
import os
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

RUSSIAN = set(range(0x410, 0x450)) | {0x401, 0x451, 0x406, 0x456, 0x4B0, 0x4B1, 0x2116, 0x301}
KAZAKH = {0x4D8, 0x4D9, 0x492, 0x493, 0x49A, 0x49B, 0x4A2, 0x4A3, 0x4E8, 0x4E9, 0x4AE, 0x4AF, 0x4BA, 0x4BB, 0x20B8}
BASIC = set(range(0x20, 0x7F)) - set(map(ord, "<>\\^`{|}~")) | {0xA0, 0xA7, 0xA9, 0xAB, 0xB7, 0xBB, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x20AC, 0x2212}
PARTS = {
    "latin": [("latin", BASIC.__contains__), ("latin-more", lambda c: c not in BASIC)],
    "cyrillic": [("cyrillic", lambda c: c >= 0x300)],
    "cyrillic-ext": [("kazakh", KAZAKH.__contains__), ("cyrillic-ext", lambda c: 0x400 <= c < 0x530 and c not in KAZAKH)],
}
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "lnum", "tnum", "rvrn", "rlig"]


def ranges(codes):
    out = []
    for c in sorted(codes):
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return ",".join("U+%04X" % a if a == b else "U+%04X-%04X" % (a, b) for a, b in out)


def main(source, target):
    for script, parts in PARTS.items():
        for part, wanted in parts:
            font = TTFont(os.path.join(source, "oswald-%s-wght-normal.woff2" % script))
            font = instancer.instantiateVariableFont(font, {"wght": (400, 700)})
            codes = [c for c in font.getBestCmap() if wanted(c)]
            options = subset.Options()
            options.layout_features, options.notdef_outline, options.hinting = FEATURES, True, False
            options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17, 25]
            s = subset.Subsetter(options)
            s.populate(unicodes=codes)
            s.subset(font)
            for record in font["name"].names:
                if record.nameID in (1, 4, 16):
                    record.string = "Lamp Display"
                elif record.nameID in (6, 25):
                    record.string = "LampDisplay"
            font.flavor = "woff2"
            file = os.path.join(target, "display-%s.woff2" % part)
            font.save(file)
            print(os.path.basename(file), os.path.getsize(file), ranges(codes))


main(sys.argv[1], sys.argv[2])
