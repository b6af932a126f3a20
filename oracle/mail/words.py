"""What mails say, in English and Italian; the words are those of mails.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from gettone.errors import InputError

FILE = Path(__file__).with_name("mails.toml")
LANGUAGES = ("en", "it")
DEFAULT_LANGUAGE = "it"


@cache
def kinds() -> Mapping[str, Any]:
    """Every kind of mail with its words by language, and whether it is about safety."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def is_safety(kind: str) -> bool:
    """Whether a kind is about safety, and always sent; InputError for a kind that has no words."""
    return bool(_words(kind)["safety"])


def mail_words(kind: str, fields: Mapping[str, str], language: str | None) -> tuple[str, str]:
    """Subject and body of a mail; InputError for a kind that has no words."""
    words = _words(kind)[language or DEFAULT_LANGUAGE]
    return words["subject"], words["body"].format(**fields)


def _words(kind: str) -> Any:
    if kind not in kinds():
        raise InputError("mail_kind", f"there are no words for mails of kind {kind!r}")
    return kinds()[kind]
