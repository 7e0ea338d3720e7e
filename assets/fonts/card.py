"""Makes the fonts of the drawn cards (internal/card/fonts) from the files of
this folder: card.py FROM MORE TO. Needs fonttools 4.38 and brotli. MORE holds the
packaged subsets serif-latin-ext.woff2 and sans-latin-ext.woff2 of the same fonts,
of which the signs of currencies are taken: the pages have the common ones and leave
the rest to the reader's own fonts, and a drawing has none.

Why: a program that draws needs one file a face with a fixed weight, and Go
reads TrueType but not WOFF2. So the parts that subset.py has made are joined
again, bold (cards are mostly seen small) and at an optical size for large letters,
without what a drawing has no use for.
"""
import os
import sys

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

PARTS = {
    "serif": ["serif-common", "serif-latin", "serif-latin-more", "serif-cyrillic", "serif-short-u", "serif-cyrillic-more", "serif-tajik", "serif-cyrillic-ext"],
    "sans": ["sans-latin", "sans-cyrillic", "sans-short-u", "sans-tajik", "sans-cyrillic-ext"],
}


CURRENCIES = set(range(0x20A0, 0x20C1))


def main(source, more, target):
    for face, parts in PARTS.items():
        made = []
        for part in parts + [face + "-latin-ext"]:
            font = TTFont(os.path.join(more if part.endswith("latin-ext") else source, part + ".woff2"))
            if part.endswith("latin-ext"):
                s = subset.Subsetter(subset.Options(hinting=False, layout_features=[]))
                s.populate(unicodes=CURRENCIES & set(font.getBestCmap()))
                s.subset(font)
            limits = {"wght": 700}
            if any(a.axisTag == "opsz" for a in font["fvar"].axes):
                limits["opsz"] = 40
            font = instancer.instantiateVariableFont(font, limits)
            for table in ("STAT", "GSUB", "GDEF", "HVAR", "MVAR", "DSIG", "BASE"):
                if table in font:
                    del font[table]
            font.flavor = None
            file = os.path.join(target, part + ".tmp.ttf")
            font.save(file)
            made.append(file)
        font = merge.Merger().merge(made)
        options = subset.Options()
        options.layout_features, options.notdef_outline, options.hinting = ["kern"], True, False
        options.name_IDs, options.drop_tables = [0, 1, 2, 4, 13, 14], ["GDEF"]
        options.glyph_names = False
        s = subset.Subsetter(options)
        s.populate(unicodes=font.getBestCmap().keys())
        s.subset(font)
        file = os.path.join(target, face + ".ttf")
        font.save(file)
        for m in made:
            os.remove(m)
        print(os.path.basename(file), os.path.getsize(file), len(font.getBestCmap()), "letters")


main(sys.argv[1], sys.argv[2], sys.argv[3])
