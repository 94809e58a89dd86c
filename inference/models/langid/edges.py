"""Texts that an executor could get wrong: the borders of the normalisation, of the length, and of UTF-8."""

TEXTS = [
    "", " ", "1234 5678 ... !!! 🙂🙂", "a", "é", "日", "ß\u0130\u0178ŁŻǼ", "e\u0301a\u0300 combining", "\ufeffBOM first",
    "don't stop_now well-known", "Ελλάδα ΆΈΉΊΌΎΏ", "ЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏ Ґ", "ԱԲԳ армянский", "مرحبا بالعالم ٣٤",
    "नमस्ते। दुनिया", "this sentence has words de plusieurs langues und noch mehr", "x" * 219, "x" * 220, "x" * 221,
    "ab " * 200, "語" * 1365, "\U0001f600" * 1024,
]

# First and last code points around every border of the rules that fold one code point to another.
AROUND = [
    (0x00, 0x24F), (0x2A0, 0x30F), (0x370, 0x590), (0x5F0, 0x6E0), (0x95A, 0x97A), (0x1DF0, 0x1F10), (0x1FF0, 0x2010),
    (0x2BF0, 0x2C10), (0x2DF0, 0x2E90), (0x2FF0, 0x3050), (0x30F0, 0x3110), (0xD7F0, 0xD7FF), (0xE000, 0xE010),
    (0xF8F0, 0xF910), (0xFDF0, 0xFFFF), (0x1EFF0, 0x1F010), (0x1FAF0, 0x1FB10), (0xDFFF0, 0xE0010), (0x10FFF0, 0x10FFFF),
]
# Short of the 220 that the model reads, so that none of a piece is cut off.
PIECE = 100


def texts():
    """All of them; code points that letters surround show whether they count as letters."""
    yield from TEXTS
    for first, last in AROUND:
        for start in range(first, last + 1, PIECE):
            yield "".join(chr(point) for point in range(start, min(start + PIECE, last + 1)))
            yield "".join(f"{chr(point)}z" for point in range(start, min(start + PIECE, last + 1)))
