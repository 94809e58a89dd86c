"""Readers: each walks one kind of document in the unpacked packages and yields `(language, document, paragraph)`.

A document's name is the same in all languages it was translated into, so that a split by name never trains on the
translation of a text it is tested on.
"""

import html
import os
import re
import struct
import subprocess
import zlib
from xml.etree import ElementTree

from .languages import LANGUAGE_OF, LANGUAGES, SPELLINGS

MAN_PAGES_PER_LANGUAGE = 450
# mandoc refuses much wider lines; a wide line keeps a paragraph in one piece.
MANDOC_WIDTH = 900

# `%s`, `%1$d`, `%(name)s`, `%1`, `$name`, `${name}`, `$name|`, `{0}`, and `\n` written out.
_PLACEHOLDER = re.compile(
    r"%(\([^)]*\)|\d+\$)?[-+ #0]*\d*(\.\d+)?[a-zA-Z]|\$\{?[\w|.:]+\}?\|?|\{[^{}]*\}|%\d+|\\[nt\"]"
)


def man(root):
    """Manual pages, at most 450 a language."""
    for language in LANGUAGES:
        folders = ["man"] if language == "en" else [f"man/{spelling}" for spelling in SPELLINGS[language]]
        pages = []
        for folder in folders:
            for path in sorted((root / "usr/share" / folder).glob("man[1-8]/*")):
                pages.append(path)
        pages.sort(key=lambda path: zlib.crc32(_page_name(path).encode()))
        pages = pages[:MAN_PAGES_PER_LANGUAGE]
        for path in pages:
            for line in _render(path).splitlines():
                yield language, _page_name(path), line.strip()


def _page_name(path):
    name = path.name.removesuffix(".gz")
    return f"man/{name}"


def _render(path):
    shown = subprocess.run(
        ["mandoc", "-Kutf-8", "-Tutf8", f"-Owidth={MANDOC_WIDTH}", path], capture_output=True, check=False
    ).stdout.decode("utf-8", errors="ignore")
    return re.sub(".\x08", "", shown)


def gettext_catalogues(root):
    """Translated messages of programs (.mo), without the games kept apart for testing."""
    yield from _catalogues(root / "usr/share/locale", "mo")


def wesnoth(root):
    """Dialogue and descriptions of the game Battle for Wesnoth: never trained on."""
    for folder in sorted((root / "usr/share/games/wesnoth").glob("*/locale")):
        yield from _catalogues(folder, "wesnoth")


def strangers(root, languages):
    """Translated messages in languages that the model does not know."""
    yield from _catalogues(root / "usr/share/locale", "mo", {language: language for language in languages})


def _catalogues(folder, kind, language_of=LANGUAGE_OF):
    for spelling in sorted(os.listdir(folder)):
        language = language_of.get(spelling)
        if language is None or spelling in ("C", "en", "en_US"):
            continue
        for path in sorted((folder / spelling / "LC_MESSAGES").glob("*.mo")):
            document = f"{kind}/{path.stem}"
            for original, translated in _messages(path):
                if language == "en":
                    yield "en", document, original
                elif translated != original:
                    yield language, document, translated
                    # British catalogues are few: English comes from the originals of the German ones as well.
                    if spelling == "de":
                        yield "en", document, original


def _messages(path):
    """Pairs of original and translation, read from the catalogue's two string tables."""
    data = path.read_bytes()
    order = {0x950412DE: "<", 0xDE120495: ">"}.get(struct.unpack("<I", data[:4])[0] if len(data) >= 28 else 0)
    if order is None:
        return
    count, originals, translations = struct.unpack(f"{order}3I", data[8:20])
    for i in range(count):
        original, translated = (_string(data, order, table + 8 * i) for table in (originals, translations))
        # The header is the translation of the empty string. A context ends in EOT; Wesnoth writes it before a caret.
        if original and translated:
            yield _plain(original.rsplit("\x04", 1)[-1].rsplit("^", 1)[-1]), _plain(translated)


def _string(data, order, at):
    length, offset = struct.unpack(f"{order}2I", data[at : at + 8])
    # Plural forms follow each other with NUL between; the first is enough. Old catalogues are not all UTF-8.
    return data[offset : offset + length].split(b"\0")[0].decode("utf-8", errors="ignore")


def _plain(message):
    message = re.sub(r"<[^<>]{1,200}>", " ", message)
    message = html.unescape(message)
    message = _PLACEHOLDER.sub(" ", message)
    # Marks of keyboard shortcuts: `_File`, `&File`, `(_F)`, `(&F)`.
    message = re.sub(r"\([_&]\w\)", "", message)
    return re.sub(r"(?<!\w)_(?=\w)|(?<=\w)_(?=\w)|&(?=\w)", "", message)


def help_pages(root):
    """Help of desktop programs (Mallard `.page`, DocBook)."""
    for spelling in sorted(os.listdir(root / "usr/share/help")):
        language = LANGUAGE_OF.get(spelling)
        if language is None:
            continue
        folder = root / "usr/share/help" / spelling
        for path in sorted([*folder.glob("*/*.page"), *folder.glob("*/*.docbook")]):
            try:
                tree = ElementTree.fromstring(path.read_bytes())
            except (ElementTree.ParseError, OSError):
                continue
            for element in tree.iter():
                if str(element.tag).rsplit("}", 1)[-1] in ("p", "title", "para"):
                    document = f"help/{path.parent.name}/{path.stem}"
                    yield language, document, " ".join("".join(element.itertext()).split())


def guide(root):
    """The Debian installation guide and FAQ."""
    installation = root / "usr/share/doc/installation-guide-amd64"
    for spelling in sorted(os.listdir(installation)):
        language = LANGUAGE_OF.get(spelling)
        if language:
            for path in sorted((installation / spelling).glob("*.html")):
                for paragraph in _paragraphs(path):
                    yield language, f"guide/{path.stem}", paragraph
    for path in sorted((root / "usr/share/doc/debian/FAQ").glob("*.*.html")):
        chapter, spelling = path.stem.rsplit(".", 1)
        language = LANGUAGE_OF.get(spelling.replace("zh-cn", "zh_CN"))
        if language:
            for paragraph in _paragraphs(path):
                yield language, f"faq/{chapter}", paragraph


def _paragraphs(path):
    text = path.read_text(encoding="utf-8", errors="ignore")
    text = re.sub(r"<(pre|tt|code|script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    for part in re.split(r"</?(?:p|div|li|dd|dt|td|h\d|br)\b[^>]*>", text):
        yield " ".join(html.unescape(re.sub(r"<[^>]*>", "", part)).split())


TRAINED = {"man": man, "mo": gettext_catalogues, "help": help_pages, "guide": guide}
UNTRAINED = {"wesnoth": wesnoth}
