"""The languages, in the order of the model's output, and how each source spells them."""

LANGUAGES = [
    "en", "de", "fr", "es", "it", "pt", "nl", "da", "sv", "nb", "fi", "pl", "cs",
    "hu", "ro", "ru", "uk", "el", "tr", "id", "vi", "ja", "zh", "ko", "sr", "mk",
]

NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "da": "Danish", "sv": "Swedish", "nb": "Norwegian Bokmål", "fi": "Finnish", "pl": "Polish",
    "cs": "Czech", "hu": "Hungarian", "ro": "Romanian", "ru": "Russian", "uk": "Ukrainian", "el": "Greek",
    "tr": "Turkish", "id": "Indonesian", "vi": "Vietnamese", "ja": "Japanese", "zh": "Chinese", "ko": "Korean",
    "sr": "Serbian", "mk": "Macedonian",
}

# Serbian means Cyrillic: `sr@latin` reads like Croatian, which is not among the languages. Both scripts of Chinese and
# both spellings of Portuguese count as one language.
SPELLINGS = {language: [language] for language in LANGUAGES} | {
    "en": ["C", "en", "en_GB", "en_US"],
    "es": ["es", "es_ES"],
    "id": ["id", "id_ID"],
    "ja": ["ja", "ja_JP"],
    "ko": ["ko", "ko_KR"],
    "nb": ["nb", "nb_NO", "no"],
    "pt": ["pt", "pt_BR", "pt_PT"],
    "zh": ["zh_CN", "zh_TW", "zh_HK", "zh"],
}

LANGUAGE_OF = {spelling: language for language, spellings in SPELLINGS.items() for spelling in spellings}

# (first, last) code points that letters of a language not written in Latin must mostly come from.
SCRIPTS = {
    "ru": [(0x400, 0x52F)], "uk": [(0x400, 0x52F)], "sr": [(0x400, 0x52F)], "mk": [(0x400, 0x52F)],
    "el": [(0x370, 0x3FF), (0x1F00, 0x1FFF)],
    "ko": [(0xAC00, 0xD7A3), (0x1100, 0x11FF), (0x3130, 0x318F)],
    "zh": [(0x4E00, 0x9FFF), (0x3400, 0x4DBF)],
    "ja": [(0x4E00, 0x9FFF), (0x3040, 0x30FF)],
}
LATIN = [(0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x1E00, 0x1EFF), (0x300, 0x36F)]
