"""Languages that people in the United Kingdom speak, each by the name that it has in itself.

The tags are BCP 47. In the page’s own language they are named by the Unicode CLDR, where it has them.
"""

from collections.abc import Iterable

from babel import Locale

# The languages of these islands, then others by the alphabet of their English names.
LANGUAGES: dict[str, str] = {
    "en": "English",
    "cy": "Cymraeg",
    "gd": "Gàidhlig",
    "ga": "Gaeilge",
    "sco": "Scots",
    "kw": "Kernewek",
    "bfi": "British Sign Language (BSL)",
    "isg": "Irish Sign Language (ISL)",
    "sq": "Shqip",
    "am": "አማርኛ",
    "ar": "العربية",
    "bn": "বাংলা",
    "bg": "Български",
    "yue": "粵語",
    "zh": "中文",
    "cs": "Čeština",
    "fr": "Français",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "gu": "ગુજરાતી",
    "he": "עברית",
    "hi": "हिन्दी",
    "hu": "Magyar",
    "it": "Italiano",
    "ckb": "کوردیی ناوەندی",
    "ku": "Kurdî",
    "lv": "Latviešu",
    "lt": "Lietuvių",
    "ml": "മലയാളം",
    "ne": "नेपाली",
    "ps": "پښتو",
    "fa": "فارسی",
    "pl": "Polski",
    "pt": "Português",
    "pa": "ਪੰਜਾਬੀ",
    "ro": "Română",
    "rom": "Romani",
    "ru": "Русский",
    "sn": "ChiShona",
    "si": "සිංහල",
    "sk": "Slovenčina",
    "so": "Soomaali",
    "es": "Español",
    "sw": "Kiswahili",
    "fil": "Filipino",
    "ta": "தமிழ்",
    "te": "తెలుగు",
    "ti": "ትግርኛ",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "yi": "ייִדיש",
    "yo": "Yorùbá",
}


def language_names(tags: Iterable[str]) -> list[str]:
    """Return what languages call themselves, in the order of the list; unknown tags are left out."""
    wanted = set(tags)
    return [name for tag, name in LANGUAGES.items() if tag in wanted]


def language_choices(locale: str) -> list[tuple[str, str]]:
    """Return each language’s tag with its own name and, where it differs, the page’s name for it."""
    known = Locale.parse(locale).languages
    return [(tag, _both(name, known.get(tag))) for tag, name in LANGUAGES.items()]


def _both(own: str, here: str | None) -> str:
    return own if here is None or here.casefold() == own.casefold() else f"{own} · {here}"
