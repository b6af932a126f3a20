"""Databases of tests: empty ones, and copies of one that went through all migrations once in the session.

A migration is tested where it is the subject; everywhere else a copy is the same database for a tenth of the time.
"""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from gettone.db import schema

KINDS = ("sqlite", "postgresql")
_SQLITE = "sqlite:///"
# Before it, copying files is the only way there is; since then it is the faster one for small databases.
_CHOICE_OF_STRATEGY = 150_000


class DatabaseCopies:
    """Makes databases of either kind, each with a name of its own and gone at the end of its block."""

    def __init__(self, folder: Path, server: Callable[[], str]) -> None:
        """`folder` keeps the upgraded file; `server` gives the URL of the cluster, started when it is asked."""
        self._folder = folder
        self._server = server
        self._numbers = itertools.count(1)
        self._upgraded: dict[str, str] = {}

    @contextmanager
    def empty(self, kind: str, folder: Path) -> Iterator[str]:
        """The URL of a database without a table; an SQLite file is not made yet, only its name in `folder`."""
        if kind == "sqlite":
            yield f"{_SQLITE}{folder}/test_{next(self._numbers)}.sqlite"
            return
        url = self._created("")
        try:
            yield url
        finally:
            self._drop(url)

    @contextmanager
    def upgraded(self, kind: str, folder: Path) -> Iterator[str]:
        """The URL of a database at the program's revision, without a row."""
        if kind not in self._upgraded:
            self._upgraded[kind] = self._made(kind)
        with self.copy(self._upgraded[kind], folder) as url:
            yield url

    @contextmanager
    def copy(self, url: str, folder: Path) -> Iterator[str]:
        """The URL of a copy of a database that nobody has open; an SQLite file comes into `folder`."""
        if url.startswith(_SQLITE):
            path = folder / f"test_{next(self._numbers)}.sqlite"
            shutil.copy(url.removeprefix(_SQLITE), path)
            yield f"{_SQLITE}{path}"
            return
        copied = self._created(url.rsplit("/", 1)[1])
        try:
            yield copied
        finally:
            self._drop(copied)

    def _made(self, kind: str) -> str:
        url = f"{_SQLITE}{self._folder}/upgraded.sqlite" if kind == "sqlite" else self._created("")
        schema.upgrade(url)
        return url

    def _created(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self._server(), autocommit=True) as connection:
            rest = f" TEMPLATE {template}" if template else ""
            if template and connection.info.server_version >= _CHOICE_OF_STRATEGY:
                rest += " STRATEGY file_copy"
            connection.execute(f"CREATE DATABASE {name}{rest}".encode())
        return self._server().removesuffix("postgres") + name

    def _drop(self, url: str) -> None:
        with psycopg.connect(self._server(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {url.rsplit('/', 1)[1]} WITH (FORCE)".encode())
