"""Makes the fonts of this folder and of themes/broadside/fonts, and the style sheets that
name them, from the whole fonts: subset.py FROM. FROM holds, anywhere below it,
SourceSerif4Variable-Roman.ttf, SourceSerif4Variable-Italic.ttf (4.005),
SourceSans3VF-Upright.ttf (3.052) and Oswald[wght].ttf (4.103), all SIL OFL 1.1. Needs
fonttools 4.38 and brotli.

Why: a page may load at most 120 KB of fonts for its language. So weights go from 400 to
700 (italics have 400 alone), optical sizes begin at 20, features that no style asks for
are dropped, and letters are split by who needs them. No word may be set in two faces
because the file of one letter has not come, nor its kerning break there: the letters of
Russian and Kazakh, and of English and Uzbek, are one file each. Packaged subsets have
the Kazakh ones in two.

The text of broadside is set at one optical size, so its letters have that one alone:
half as many bytes, of which its headlines need more.
"""
import glob
import os
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
BROADSIDE = os.path.join(ROOT, "themes", "broadside")


def span(*ends):
    return {c for a, b in ends for c in range(a, b + 1)}


LATIN = span((0x41, 0x5A), (0x61, 0x7A), (0x2BB, 0x2BC))  # with the signs of Uzbek oʻ, gʻ, maʼno
RUSSIAN = span((0x410, 0x44F)) | {0x401, 0x451, 0x301, 0x2116}
KAZAKH = set(map(ord, "ӘәҒғҚқҢңӨөҰұҮүҺһІі"))  # of these Kyrgyz has ң, ө and ү
SHORT_U = {0x40E, 0x45E}  # Uzbek, Belarusian
TAJIK = {0x4B2, 0x4B3, 0x4B6, 0x4B7, 0x4E2, 0x4E3, 0x4EE, 0x4EF}  # Uzbek has the first two
TURKISH = {0x11E, 0x11F, 0x130, 0x15E, 0x15F, 0x18F, 0x259}  # with the Azerbaijani ə; ç, ö, ü and ı are in latin-more
LATIN_MORE = (span((0xA1, 0xFF), (0x2C6, 0x2C6), (0x300, 0x301), (0x303, 0x304), (0x308, 0x309), (0x2039, 0x203A))
              | {0x131, 0x152, 0x153, 0x2DA, 0x2DC, 0x323, 0x2002, 0x200B, 0x2033, 0x2044, 0x2215})
EUROPE = span((0x100, 0x17F), (0x218, 0x21B)) - TURKISH - LATIN_MORE
SIGNS = (span((0x20, 0x40), (0x5B, 0x60), (0x7B, 0x7E), (0x2010, 0x2015), (0x2018, 0x201E))
         | {0xA0, 0xA7, 0xA9, 0xAB, 0xAD, 0xB0, 0xB1, 0xB7, 0xBB, 0xBD, 0xD7, 0x2009, 0x2022, 0x2026, 0x2032, 0x20AC, 0x2122, 0x2191, 0x2193, 0x2212})
MONEY = {0x20A6, 0x20A9, 0x20AB, 0x20B4, 0x20B8, 0x20B9, 0x20BA, 0x20BD}  # the euro is among the signs
MORE = span((0x400, 0x45F), (0x490, 0x491)) - RUSSIAN - KAZAKH - SHORT_U
EXT = (span((0x462, 0x463), (0x472, 0x475), (0x496, 0x499), (0x4A0, 0x4A1), (0x4AA, 0x4AB), (0x4C0, 0x4C4), (0x4C7, 0x4C8), (0x4CF, 0x4D1), (0x4D4, 0x4D7),
            (0x4E6, 0x4E7), (0x4F2, 0x4F3), (0x4F6, 0x4F7)))
POSTER = SIGNS - set(map(ord, "<>\\^`{|}~")) - {0xAD, 0xB0, 0xB1, 0xBD, 0xD7, 0x2009, 0x2032, 0x2122, 0x2191, 0x2193} | LATIN

CYRILLIC = [("cyrillic", RUSSIAN | KAZAKH), ("short-u", SHORT_U), ("cyrillic-more", MORE), ("tajik", TAJIK), ("cyrillic-ext", EXT)]
SERIF = [("common", SIGNS), ("latin", LATIN), ("latin-more", LATIN_MORE - SIGNS), ("money", MONEY), ("turkish", TURKISH), ("latin-ext", EUROPE)] + CYRILLIC
SANS = [("latin", SIGNS | LATIN), ("latin-more", LATIN_MORE - SIGNS), ("money", MONEY), ("turkish", TURKISH), ("latin-ext", EUROPE)] + CYRILLIC
DISPLAY = [("latin", POSTER), ("latin-more", (LATIN_MORE | SIGNS) - POSTER), ("money", MONEY), ("turkish", TURKISH), ("latin-ext", EUROPE),
           ("cyrillic", RUSSIAN | KAZAKH), ("cyrillic-more", MORE | SHORT_U), ("tajik", TAJIK), ("cyrillic-ext", EXT)]
# fonttools 4.38 makes false letters between 400 and 700 where a master lies at 600 and the
# axis ends at 700, as Source Sans has them: its axis ends at 900.
WEIGHTS = instancer.AxisTriple(400, 400, 700)
FACES = [  # file, family, style, source, axes, parts, folder, of which these parts alone
    ("serif", "Lamp Serif", "Regular", "SourceSerif4Variable-Roman.ttf", {"wght": WEIGHTS, "opsz": instancer.AxisTriple(20, 20, 60)}, SERIF, HERE, None),
    ("serif-italic", "Lamp Serif", "Italic", "SourceSerif4Variable-Italic.ttf", {"wght": 400, "opsz": 20}, SERIF, HERE, None),
    ("sans", "Lamp Sans", "Regular", "SourceSans3VF-Upright.ttf", {"wght": instancer.AxisTriple(400, 400, 900)}, SANS, HERE, None),
    ("display", "Lamp Display", "Regular", "Oswald*.ttf", {"wght": WEIGHTS}, DISPLAY, os.path.join(BROADSIDE, "fonts"), None),
    ("serif", "Lamp Serif", "Regular", "SourceSerif4Variable-Roman.ttf", {"wght": WEIGHTS, "opsz": 20}, SERIF, os.path.join(BROADSIDE, "fonts"), ("common", "latin", "cyrillic")),
]
SHEETS = [  # style sheet, faces
    (os.path.join(ROOT, "themes", "default", "css", "10-fonts.css"), FACES[:3], """/* Fonts, split by who needs the letters: a page loads what its words use. Letters that come
   late take the place of the machine's, which are as wide (11-fallbacks.css). Made by
   assets/fonts/subset.py. */
"""),
    (os.path.join(BROADSIDE, "css", "11-fonts.css"), FACES[3:4], "/* The poster's letters, made by assets/fonts/subset.py. */\n"),
]
HEIGHTS = {"serif": (1036, 335), "serif-italic": (1036, 335), "sans": (1024, 400), "display": (1193, 289)}  # as in the packaged subsets that the pages were drawn with
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "calt", "rvrn", "rlig", "clig"]


def ranges(codes):
    out = []
    for c in sorted(codes):
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return ",".join("U+%X" % a if a == b else "U+%X-%X" % (a, b) for a, b in out)


def rename(font, family, style):
    """The sources' names are reserved (OFL 1.1, 3)."""
    names = {1: family, 2: style, 3: family + " " + style, 4: family + " " + style, 6: family.replace(" ", "") + "-" + style,
             16: family, 17: style, 25: family.replace(" ", "")}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]


def cut(font, codes):
    options = subset.Options()
    options.layout_features, options.notdef_outline, options.hinting = FEATURES, True, False
    options.name_IDs, options.drop_tables = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17, 25], options.drop_tables + ["BASE", "MVAR"]
    s = subset.Subsetter(options)
    s.populate(unicodes=codes)
    s.subset(font)
    return font


def main(source):
    written = {}
    for face, family, style, name, axes, parts, folder, some in FACES:
        file = glob.glob(os.path.join(source, "**", name), recursive=True)[0]
        whole = os.path.join(folder, "tmp.ttf")
        font = cut(TTFont(file), set().union(*(codes for _, codes in parts)))
        instancer.instantiateVariableFont(font, axes).save(whole)
        for part, codes in parts:
            if some and part not in some:
                continue
            font = TTFont(whole)
            codes = codes & set(font.getBestCmap())
            rename(cut(font, codes), family, style)
            up, down = HEIGHTS[face]
            font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = up, -down, 0
            font["OS/2"].sTypoAscender, font["OS/2"].sTypoDescender, font["OS/2"].sTypoLineGap = up, -down, 0
            font["OS/2"].usWinAscent, font["OS/2"].usWinDescent = up, down
            font.flavor = "woff2"
            to = os.path.join(folder, "%s-%s.woff2" % (face, part))
            font.save(to)
            print(os.path.relpath(to, ROOT), os.path.getsize(to))
            if not some:
                written[face, part] = codes
        os.remove(whole)
    for sheet, faces, says in SHEETS:
        with open(sheet, "w", encoding="utf-8") as f:
            f.write(says)
            for face, family, style, _, axes, parts, _, _ in faces:
                for part, _ in parts:
                    f.write('@font-face{font-family:"%s";font-style:%s;font-weight:%s;font-display:swap;src:asset(fonts/%s-%s.woff2) format("woff2");unicode-range:%s}\n' % (
                        family, "italic" if style == "Italic" else "normal", "400" if axes["wght"] == 400 else "400 700", face, part, ranges(written[face, part])))


main(sys.argv[1])
