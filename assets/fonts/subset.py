"""Makes the files of this folder from packaged subsets of Source Serif 4 and
Source Sans 3 (variable, OFL 1.1): subset.py FROM TO. Needs fonttools 4.38 and brotli.

Why: a page may load at most 120 KB of fonts for its language. So weights go
from 400 to 700 (italics have 400 alone), optical sizes begin at 20, features that no style asks for
are dropped, and letters are split by who needs them: signs and figures, Latin,
accented Latin with rare signs, signs of currencies, Russian (with the Kazakh і and ұ), the seven other Kazakh letters,
the rest of Cyrillic. It prints the unicode-range of each file, for
themes/default/css/10-fonts.css.
"""
import os
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

LATIN = set(range(0x41, 0x5B)) | set(range(0x61, 0x7B))
RUSSIAN = set(range(0x410, 0x450)) | {0x401, 0x451, 0x406, 0x456, 0x4B0, 0x4B1, 0x2116, 0x301}
KAZAKH = {0x4D8, 0x4D9, 0x492, 0x493, 0x49A, 0x49B, 0x4A2, 0x4A3, 0x4E8, 0x4E9, 0x4AE, 0x4AF, 0x4BA, 0x4BB}
SIGNS = (set(range(0x20, 0x41)) | set(range(0x5B, 0x61)) | set(range(0x7B, 0x7F)) | set(range(0x2010, 0x2016)) | set(range(0x2018, 0x201F))
         | {0xA0, 0xA7, 0xA9, 0xAB, 0xAD, 0xB0, 0xB1, 0xB7, 0xBB, 0xBD, 0xD7, 0x2009, 0x2022, 0x2026, 0x2032, 0x20AC, 0x2122, 0x2191, 0x2193, 0x2212})
MONEY = {0x20A6, 0x20A9, 0x20AB, 0x20B8, 0x20B9, 0x20BA, 0x20BD}  # the euro is among the signs, the hryvnia with its letters
SERIF = {
    "latin": [("common", SIGNS.__contains__), ("latin", LATIN.__contains__), ("latin-more", lambda c: c not in SIGNS | LATIN)],
    "latin-ext": [("money", MONEY.__contains__)],
    "cyrillic": [("cyrillic", RUSSIAN.__contains__), ("cyrillic-more", lambda c: c not in RUSSIAN)],
    "cyrillic-ext": [("kazakh", KAZAKH.__contains__), ("cyrillic-ext", lambda c: c not in KAZAKH)],
}
SANS = {"latin": [("latin", (SIGNS | LATIN).__contains__), ("latin-more", lambda c: c not in SIGNS | LATIN)],
        "latin-ext": SERIF["latin-ext"], "cyrillic": SERIF["cyrillic"], "cyrillic-ext": SERIF["cyrillic-ext"]}
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "lnum", "tnum", "calt", "rvrn", "rlig", "clig"]


def ranges(codes):
    out, codes = [], sorted(codes)
    for c in codes:
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return ",".join("U+%04X" % a if a == b else "U+%04X-%04X" % (a, b) for a, b in out)


def rename(font, family, style):
    names = {1: family, 2: style, 3: family + " " + style, 4: family + " " + style, 6: family.replace(" ", "") + "-" + style,
             16: family, 17: style, 25: family.replace(" ", "")}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]


def main(source, target):
    for face, family, style, split in (("serif", "Lamp Serif", "Regular", SERIF), ("serif-italic", "Lamp Serif", "Italic", SERIF), ("sans", "Lamp Sans", "Regular", SANS)):
        for script, parts in split.items():
            font = TTFont(os.path.join(source, "%s-%s.woff2" % (face, script)))
            limits = {"wght": 400 if style == "Italic" else instancer.AxisTriple(400, 400, 700)}
            if any(a.axisTag == "opsz" for a in font["fvar"].axes):
                limits["opsz"] = instancer.AxisTriple(20, 20, 60)  # the smallest serif on a page is 17 px
            font = instancer.instantiateVariableFont(font, limits)
            font.flavor = None
            font.save(os.path.join(target, "tmp.ttf"))
            for part, wanted in parts:
                font = TTFont(os.path.join(target, "tmp.ttf"))
                codes = [c for c in font.getBestCmap() if wanted(c) and (script.startswith("latin") or c >= 0x300)]
                options = subset.Options()
                options.layout_features, options.notdef_outline, options.hinting = FEATURES, True, False
                options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17, 25]
                s = subset.Subsetter(options)
                s.populate(unicodes=codes)
                s.subset(font)
                rename(font, family, style)
                font.flavor = "woff2"
                file = os.path.join(target, "%s-%s.woff2" % (face, part))
                font.save(file)
                print(os.path.basename(file), os.path.getsize(file), ranges(codes))
            os.remove(os.path.join(target, "tmp.ttf"))


main(sys.argv[1], sys.argv[2])
