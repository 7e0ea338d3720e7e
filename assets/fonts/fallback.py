"""Makes the faces that hold the place of ours until ours have come:

    fallback.py                  writes css/11-fallbacks.css of both themes
    fallback.py --measure DIR    reads the letters of machines anew into machines.json

DIR holds, anywhere below it, Tinos and Arimo (of the widths of Times New Roman and
Arial, as Liberation's are), Noto Serif, Roboto, DejaVu Serif and DejaVu Sans as TrueType.
Needs fonttools 4.38 and brotli.

Why: a letter that comes late may move no line. So a line of the machine's letters is to
be as wide as one of ours, whatever words it has. One size-adjust a face makes texts
equally wide on the average, yet one headline in thirty takes another line: an "m" of
Times is wider than ours, its space much wider. So letters are sorted into groups of
like proportion, each a face with its own size-adjust and unicode-range.

Which letter goes where is chosen for what a line of 25 letters is wrong by, in the demo's
texts in English, Russian and Kazakh, and for few ranges: those are most of what the sheet
weighs, so one sorting serves all of our faces that a machine's face stands for, and their
lines differ in their ends alone, which gzip packs into a dozen bytes. The sizes are then
fitted to lines of the demo, kerning included.

Ours have optical sizes and are narrower where they are larger. Styles name the optical
size of large headlines and, beside it, a weight of their own (602 looks like 600 and asks
for other letters of the machine's).
"""
import collections
import glob
import gzip
import html
import json
import os
import re
import sys

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
MEASURES = os.path.join(HERE, "machines.json")
LANGS = ("en", "ru", "kk")
LINE = 25  # letters

# Machines: for each kind of letters the local names, and the file that is as wide.
MACHINES = {
    "Times": {400: (["Times New Roman", "TimesNewRomanPSMT", "Liberation Serif", "Tinos", "Tinos Regular"], "Tinos_400Regular.ttf"),
              700: (["Times New Roman Bold", "TimesNewRomanPS-BoldMT", "Liberation Serif Bold", "Tinos Bold"], "Tinos_700Bold.ttf"),
              "italic": (["Times New Roman Italic", "TimesNewRomanPS-ItalicMT", "Liberation Serif Italic", "Tinos Italic"], "Tinos_400Regular_Italic.ttf")},
    "Noto": {400: (["Noto Serif", "Noto Serif Regular", "NotoSerif"], "NotoSerif_400Regular.ttf"),
             700: (["Noto Serif Bold", "NotoSerif-Bold"], "NotoSerif_700Bold.ttf"),
             "italic": (["Noto Serif Italic", "NotoSerif-Italic"], "NotoSerif_400Regular_Italic.ttf")},
    "DejaVu": {400: (["DejaVu Serif"], "DejaVuSerif.ttf"), 700: (["DejaVu Serif Bold"], "DejaVuSerif-Bold.ttf"),
               "italic": (["DejaVu Serif Italic"], "DejaVuSerif-Italic.ttf")},
    "Arial": {400: (["Arial", "ArialMT", "Liberation Sans", "Arimo", "Arimo Regular"], "Arimo_400Regular.ttf"),
              700: (["Arial Bold", "Arial-BoldMT", "Liberation Sans Bold", "Arimo Bold"], "Arimo_700Bold.ttf")},
    "Roboto": {400: (["Roboto", "Roboto Regular", "Roboto-Regular"], "Roboto_400Regular.ttf"),
               700: (["Roboto Bold", "Roboto-Bold"], "Roboto_700Bold.ttf")},
    "DejaVu Sans": {400: (["DejaVu Sans"], "DejaVuSans.ttf"), 700: (["DejaVu Sans Bold"], "DejaVuSans-Bold.ttf")},
}
SERIFS, SANSES = ("Times", "Noto", "DejaVu"), ("Arial", "Roboto", "DejaVu Sans")

# Faces of ours: family, files, machines, and sortings: for each how many groups, and for
# the kinds of the machine's letters that share it those of ours that they stand for:
# font-weight in the style sheet, weight, optical size.
FACES = {
    "default": [
        ("Lamp Serif", "serif", SERIFS, [(14, {400: [("400", 400, 20)]}),
                                          (14, {700: [("600", 600, 20), ("602", 600, 28), ("603", 600, 40), ("604", 600, 60), ("700", 700, 20)]}),
                                          (1, {700: [("701", 700, 48)]})]),
        ("Lamp Serif", "serif-italic", SERIFS, [(8, {"italic": [("400", 400, 20)]})]),
        ("Lamp Sans", "sans", SANSES, [(12, {400: [("400", 400, 0)]}), (12, {700: [("600 604", 600, 0), ("700", 700, 0)]})]),
    ],
    "broadside": [
        ("Lamp Serif", "serif", SERIFS, [(14, {400: [("400", 400, 20)]}), (6, {700: [("600 700", 700, 20)]})]),
        ("Lamp Serif", "serif-italic", SERIFS, [(6, {"italic": [("400", 400, 20)]})]),
        ("Lamp Sans", "sans", SANSES, [(1, {400: [("400", 400, 0)], 700: [("600 700", 600, 0)]})]),
        ("Lamp Display", "display", SANSES, [(10, {400: [("400", 400, 0), ("500", 500, 0)]}), (12, {700: [("600 604", 600, 0), ("700", 700, 0)]})]),
    ],
}
SIGNS = "0123456789 .,:;!?-–—()«»“”„‘’\"'/%&+…·№\u00a0"
ALPHABET = sorted(set(SIGNS) | {chr(c) for r in (range(0x41, 0x5B), range(0x61, 0x7B), range(0x410, 0x450)) for c in r}
                  | set("ЁёІіҰұҒғҚқҢңҮүҺһӘәӨө"))
RANGE = 2e-5  # what one more range in the sheet is worth in squared error (of em, a line)


def texts():
    """Language → headlines, standfirsts and paragraphs of the demo."""
    found = {}
    for lang in LANGS:
        own = found[lang] = []
        for file in sorted(glob.glob(os.path.join(ROOT, "demo", "articles", "*.%s.html" % lang))):
            with open(file, encoding="utf-8") as f:
                head, _, body = f.read().partition("-->")
            own += [m[1] for m in re.finditer(r"^(?:headline|standfirst): (.*)$", head, re.M)]
            own += [re.sub(r"\s+", " ", html.unescape(re.sub(r"<.*?>", "", m[1]))) for m in re.finditer(r"<p>(.*?)</p>", body, re.S)]
    return found


class Corpus:
    """How often each letter stands in a language, and what follows it in all."""

    def __init__(self):
        self.texts = texts()
        self.share, self.following = {}, collections.defaultdict(collections.Counter)
        for lang, own in self.texts.items():
            count = collections.Counter({c: 1 for c in ALPHABET})
            for text in own:
                count.update(c for c in text if c in count)
                for a, b in zip(text, text[1:]):
                    self.following[a][b] += 1
            total = sum(count.values())
            self.share[lang] = {c: n / total for c, n in count.items()}


def kerning(font, glyphs):
    """(glyph, glyph) → units, of a font without variations."""
    pairs = {}
    if "GPOS" not in font:
        return pairs
    table = font["GPOS"].table
    wanted = {i for f in table.FeatureList.FeatureRecord if f.FeatureTag == "kern" for i in f.Feature.LookupListIndex}
    for i in sorted(wanted):
        for sub in table.LookupList.Lookup[i].SubTable:
            if sub.LookupType == 9:
                sub = sub.ExtSubTable
            if sub.LookupType != 2:
                continue
            if sub.Format == 1:
                for first, set_ in zip(sub.Coverage.glyphs, sub.PairSet):
                    if first not in glyphs:
                        continue
                    for r in set_.PairValueRecord:
                        pairs.setdefault((first, r.SecondGlyph), getattr(r.Value1, "XAdvance", 0) if r.Value1 else 0)
                continue
            second = collections.defaultdict(list)
            for g in sorted(glyphs):
                second[sub.ClassDef2.classDefs.get(g, 0)].append(g)
            for first in sub.Coverage.glyphs:
                if first not in glyphs:
                    continue
                for c, r in enumerate(sub.Class1Record[sub.ClassDef1.classDefs.get(first, 0)].Class2Record):
                    x = getattr(r.Value1, "XAdvance", 0) if r.Value1 else 0
                    for g in second[c]:
                        pairs.setdefault((first, g), x)
    return pairs


def measure(folder, corpus):
    """Widths and kerning of the machines' letters, in ten-thousandths of an em; kerning
    only of letters that the texts have beside one another."""
    files = {os.path.basename(f): f for f in glob.glob(os.path.join(folder, "**", "*.ttf"), recursive=True)}
    out = {}
    for machine, kinds in MACHINES.items():
        for kind, (_, file) in kinds.items():
            font = TTFont(files[file])
            unit, cmap = font["head"].unitsPerEm, {chr(c): g for c, g in font.getBestCmap().items() if chr(c) in ALPHABET}
            pairs = kerning(font, set(cmap.values()))
            closer = {}
            for a in sorted(cmap):
                for b in sorted(set(corpus.following[a]) & set(cmap)):
                    x = round(10000 * pairs.get((cmap[a], cmap[b]), 0) / unit)
                    if x:
                        closer[a + b] = x
            out["%s %s" % (machine, kind)] = {"wide": {c: round(10000 * font["hmtx"][g][0] / unit) for c, g in sorted(cmap.items())}, "closer": closer}
    with open(MEASURES, "w", encoding="utf-8") as f:
        f.write("{\n" + ",\n".join('"%s": %s' % (name, json.dumps(m, ensure_ascii=False, separators=(",", ":"))) for name, m in out.items()) + "\n}\n")
    print("machines.json", os.path.getsize(MEASURES), "bytes")


class Theirs:
    """The letters of a machine, in em."""

    def __init__(self, measured):
        self.wide = {c: x / 10000 for c, x in measured["wide"].items()}
        self.closer = {p: x / 10000 for p, x in measured["closer"].items()}


def folder(face):
    return os.path.join(ROOT, "themes", "broadside", "fonts") if face == "display" else HERE


class Ours:
    """Our letters at a weight and an optical size, in em, kerned within each file."""

    def __init__(self, face, weight, size):
        self.wide, self.closer = {}, {}
        for name in ("common", "latin", "latin-more", "cyrillic"):
            file = os.path.join(folder(face), "%s-%s.woff2" % (face, name))
            if not os.path.exists(file):
                continue
            font = TTFont(file)
            if "fvar" in font:
                place = {"wght": weight, "opsz": size}
                font = instancer.instantiateVariableFont(font, {a.axisTag: place[a.axisTag] for a in font["fvar"].axes})
            unit, cmap = font["head"].unitsPerEm, {chr(c): g for c, g in font.getBestCmap().items() if chr(c) in ALPHABET and chr(c) not in self.wide}
            pairs = kerning(font, set(cmap.values()))
            for a, g in cmap.items():
                self.wide[a] = font["hmtx"][g][0] / unit
                for b, h in cmap.items():
                    if pairs.get((g, h)):
                        self.closer[a + b] = pairs[g, h] / unit

    def following(self, following):
        out = {}
        for c, w in self.wide.items():
            total = sum(following[c].values()) or 1
            out[c] = w + sum(n * self.closer.get(c + d, 0) for d, n in following[c].items()) / total
        return out


def solve(a, b):
    """x of a·x = b."""
    n = len(b)
    a = [row[:] + [y] for row, y in zip(a, b)]
    for i in range(n):
        p = max(range(i, n), key=lambda r: abs(a[r][i]))
        a[i], a[p] = a[p], a[i]
        for r in range(n):
            if r != i:
                f = a[r][i] / a[i][i]
                a[r] = [x - f * y for x, y in zip(a[r], a[i])]
    return [a[i][n] / a[i][i] for i in range(n)]


def sizes(place, groups, share, ours, their):
    """The size-adjust of each group: what a line is wrong by, squared, is least. A line's
    error is each letter's own, and what a language's letters have in common."""
    a, b = [[0.0] * groups for _ in range(groups)], [0.0] * groups
    for p in share.values():
        all_, mean = [0.0] * groups, 0.0
        for c, g in place.items():
            a[g][g] += LINE * p[c] * their[c] ** 2
            b[g] += LINE * p[c] * their[c] * ours[c]
            all_[g] += p[c] * their[c]
            mean += p[c] * ours[c]
        for i in range(groups):
            b[i] += LINE ** 2 * all_[i] * mean
            for j in range(groups):
                a[i][j] += LINE ** 2 * all_[i] * all_[j]
    for i in range(groups):
        a[i][i] += 1e-9
    return solve(a, b)


def sort(letters, groups, share, views):
    """Letter → group, for one sorting of all the views (ours, theirs)."""
    ratio = {c: sum(o[c] / t[c] for o, t in views) for c in letters}
    weight = {c: sum(p[c] for p in share.values()) for c in letters}
    order, total, at, place = sorted(letters, key=lambda c: (ratio[c], c)), sum(weight.values()), 0, {}
    for c in order:
        place[c] = min(groups - 1, int(groups * (at + weight[c] / 2) / total))
        at += weight[c]
    neighbours = {c: (letters[i - 1] if i else None, letters[i + 1] if i + 1 < len(letters) else None) for i, c in enumerate(letters)}

    def edges(c, g):  # ranges that end beside a letter; the first group needs none
        return sum((h != g) * ((h != 0) + (g != 0)) for h in (place[n] for n in neighbours[c] if n)) / 2

    best = None
    for _ in range(30):
        sized = [sizes(place, groups, share, o, t) for o, t in views]
        bias = [[sum(p[c] * (o[c] - s[place[c]] * t[c]) for c in letters) for p in share.values()] for (o, t), s in zip(views, sized)]
        moved = False
        for c in letters:
            def cost(g):
                total = RANGE * len(views) * edges(c, g)
                for (o, t), s, own in zip(views, sized, bias):
                    e, was = o[c] - s[g] * t[c], o[c] - s[place[c]] * t[c]
                    for p, b in zip(share.values(), own):
                        total += (LINE * p[c] * e ** 2 + LINE ** 2 * (b + p[c] * (e - was)) ** 2) / len(share)
                return total
            g = min(range(groups), key=lambda g: (cost(g), g))
            if g != place[c] and cost(g) < cost(place[c]) - 1e-12:
                for (o, t), s, own in zip(views, sized, bias):
                    change = (s[place[c]] - s[g]) * t[c]
                    for i, p in enumerate(share.values()):
                        own[i] += p[c] * change
                place[c], moved = g, True
        if not moved:
            break
    return place


def fit(place, groups, set_, ours, their):
    """The size-adjust of each group: what the lines set are wrong by, squared, is least."""
    a, b = [[1e-6 * (i == j) for j in range(groups)] for i in range(groups)], [0.0] * groups
    for text in set_:
        wide = width(text, ours)
        of = [0.0] * groups
        for c, d in zip(text, text[1:] + "\0"):
            if c in place:
                of[place[c]] += their.wide[c] + (their.closer.get(c + d, 0) if place.get(d) == place[c] else 0)
        for i in range(groups):
            if of[i]:
                b[i] += of[i] / wide
                for j in range(groups):
                    a[i][j] += of[i] * of[j] / wide ** 2
    return solve(a, b)


def ranges(letters, all_):
    """The ranges of a group. What lies between two of its letters and is none that we know
    goes along."""
    out, own = [], set(letters)
    for c in all_:
        if c not in own:
            if out and out[-1][2]:
                out[-1][2] = False
            continue
        if out and out[-1][2] and (ord(c) < 0x80 or ord(c) - out[-1][1] < 16):
            out[-1][1] = ord(c)
        else:
            out.append([ord(c), ord(c), True])
    return ",".join("U+%X" % a if a == b else "U+%X-%X" % (a, b) for a, b, _ in out)


def percent(x):
    return ("%.1f" % (100 * x)).rstrip("0").rstrip(".") + "%"


def width(text, letters, place=None, sized=None):
    """How wide a text is; letters of two groups are not kerned."""
    total = 0.0
    for a, b in zip(text, text[1:] + "\0"):
        if a in letters.wide:
            x = letters.wide[a] + (letters.closer.get(a + b, 0) if place is None or place.get(a) == place.get(b) else 0)
            total += x * (sized[place[a]] if place is not None else 1)
    return total


def lines(corpus, lang):
    """Some lines of a newspaper."""
    out = []
    for text in corpus.texts[lang][:240]:
        line = ""
        for word in text.split(" "):
            line = line + " " + word if line else word
            if len(line) >= LINE:
                out.append(line)
                line = ""
    return out


def wrong(corpus, ours, their, place, sized):
    """What lines are wrong by, in thousandths: the mean and the spread of each language."""
    said = []
    for lang in LANGS:
        e = [1000 * (width(s, their, place, sized) / width(s, ours) - 1) for s in lines(corpus, lang)]
        mean = sum(e) / len(e)
        said.append("%s %+.1f±%.1f" % (lang, mean, (sum((x - mean) ** 2 for x in e) / len(e)) ** .5))
    return " ".join(said)


def main(*args):
    corpus = Corpus()
    if args:
        measure(args[1], corpus)
        return
    with open(MEASURES, encoding="utf-8") as f:
        measured = json.load(f)
    set_ = [line for lang in LANGS for line in lines(corpus, lang)]
    kept = {}

    def our(face, weight, size):
        if (face, weight, size) not in kept:
            kept[face, weight, size] = Ours(face, weight, size)
        return kept[face, weight, size]

    for theme, faces in FACES.items():
        out = ["/* Until our letters come: the machine's, as wide and as high as ours, so that no line\n   moves. Made by assets/fonts/fallback.py, which says how; TestLateLetters holds it. */"]
        for family, face, names, sortings in faces:
            first = TTFont(os.path.join(folder(face), face + "-latin.woff2"))
            up, down = first["hhea"].ascent / first["head"].unitsPerEm, -first["hhea"].descent / first["head"].unitsPerEm
            for name in names:
                for groups, kinds in sortings:
                    their = {k: Theirs(measured["%s %s" % (name, k)]) for k in kinds}
                    each = [(k, v, our(face, v[1], v[2])) for k, variants in kinds.items() for v in variants]
                    letters = [c for c in ALPHABET if all(c in t.wide for t in their.values()) and all(c in o.wide for _, _, o in each)]
                    views = [(o.following(corpus.following), their[k].wide) for k, _, o in each]
                    place = sort(letters, groups, corpus.share, views)
                    # The first group needs no range. It is the space's, which says where a line stands.
                    sets = [[c for c in letters if place[c] == g] for g in range(groups)]
                    sets = sorted((s for s in sets if s), key=lambda s: (" " not in s, -len(ranges(s, letters))))
                    place = {c: i for i, s in enumerate(sets) for c in s}
                    sized = []
                    for k, v, o in each:
                        sized.append([round(x, 3) for x in fit(place, len(sets), set_, o, their[k])])
                        print("%-9s %-12s %-11s %-7s %s" % (theme, face, name, v[0], wrong(corpus, o, their[k], place, sized[-1])))
                    for i, s in enumerate(sets):
                        for (k, v, _), size in zip(each, sized):
                            local = MACHINES[name][k][0]
                            out.append('@font-face{font-family:"%s like %s";%ssrc:%s%s;font-weight:%s;size-adjust:%s%s}' % (
                                family, name.replace(" Sans", ""), "font-style:italic;" if k == "italic" else "", ",".join('local("%s")' % l for l in local),
                                ";unicode-range:" + ranges(s, letters) if i else "", v[0], percent(size[i]),
                                ";ascent-override:%s;descent-override:%s;line-gap-override:0%%" % (percent(round(up / size[i], 3)), percent(round(down / size[i], 3))) if i == 0 else ""))
        target = os.path.join(ROOT, "themes", theme, "css", "11-fallbacks.css")
        with open(target, "w", encoding="utf-8") as f:
            f.write("\n".join(out) + "\n")
        print(target, len(out) - 1, "faces,", os.path.getsize(target), "bytes,", len(gzip.compress("\n".join(out).encode(), 9)), "packed")


main(*sys.argv[1:])
