"""Papers to PDF, typeset by Typst inside this process.

What people typed reaches the template only as JSON, so ``#panic()`` or ``<b>`` in a title is printed as it stands. The
template's own folder is the root: no file outside it can be read, and nothing is fetched. The same paper gives the
same bytes, so a stored file can be compared with a fresh one by its SHA-256.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import singledispatch
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

import structlog
import typst
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from kerjasama.documents.paper import Paper
from kerjasama.documents.qr import qr_svg

logger = structlog.get_logger(__name__)

ACCESSIBLE = "ua-1"
_TEMPLATE_NAME = re.compile(r"[a-z][a-z_]*")
# What a PDF cannot show and a keyboard cannot type: C0 and C1 controls except tab and line breaks, and lone surrogates.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
REPLACED = "\N{REPLACEMENT CHARACTER}"

# A compiler is not shared between threads while it works, but costs next to nothing once the fonts are known: each
# render borrows one, and there are never more than renders at the same moment.
_compilers: LifoQueue[typst.Compiler] = LifoQueue()
_fonts: list[typst.Fonts] = []


def folder() -> Path:
    """Where the templates stand; the only files a template can read."""
    return Path(settings.BASE_DIR) / "templates" / "documents"


def render_pdf(template: str, paper: Paper, *, language: str = "id", draft: bool = False) -> bytes:
    """``paper`` as a PDF: ``content_of`` and ``typeset`` in one. ``draft`` prints a watermark over every page."""
    return typeset(template, content_of(paper, language=language, draft=draft))


def content_of(paper: Paper, *, language: str = "id", draft: bool = False) -> dict[str, Any]:
    """All that a template reads, frozen: the facts and, in ``language``, the sentences. JSON, safe to store."""
    with translation.override(language):
        return {
            "paper": plain(paper),
            "words": plain(paper.words(language)),
            "language": language.split("-")[0],
            "draft": translation.gettext("DRAFT") if draft else "",
            "page_of": translation.gettext("page %(page)s of %(pages)s"),
        }


def typeset(template: str, content: Mapping[str, Any]) -> bytes:
    """``content`` as a PDF, by ``templates/documents/<template>.typ``. Tagged to PDF/UA-1, with title and language.

    Raises ValueError for a template name that is none, typst.TypstError when the template itself is broken.
    """
    source = folder() / f"{template}.typ"
    if not _TEMPLATE_NAME.fullmatch(template) or not source.is_file():
        raise ValueError(f"There is no document template called {template!r}")
    inputs = {"data": json.dumps(_with_qr(content), ensure_ascii=False)}
    with _compiler() as compiler:
        try:
            return _compile(compiler, source, inputs, ACCESSIBLE)
        except typst.TypstError as refusal:
            # A letter that no font here has (an emoji in a title) must not keep a school from its paper: then it is
            # printed as a box, in a PDF that is still tagged but does not claim the standard.
            if "could not be displayed" not in str(refusal):
                raise
            logger.warning("paper_without_font", template=template, reason=str(refusal))
            return _compile(compiler, source, inputs, None)


def _with_qr(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The QR is drawn last: stored content stays small, and holds no picture that could disagree with its address."""
    mark = content["paper"].get("verification")
    if not mark:
        return content
    return {**content, "paper": {**content["paper"], "verification": {**mark, "qr": qr_svg(mark["url"])}}}


def _compile(compiler: typst.Compiler, source: Path, inputs: dict[str, str], standard: Any) -> bytes:
    pdf = compiler.compile(input=str(source), format="pdf", sys_inputs=inputs, pdf_standards=standard or [])
    assert isinstance(pdf, bytes)
    return pdf


@contextmanager
def _compiler() -> Iterator[typst.Compiler]:
    try:
        compiler = _compilers.get_nowait()
    except Empty:
        if not _fonts:
            _fonts.append(typst.Fonts())
        compiler = typst.Compiler(root=str(folder()), font_paths=_fonts[0])
    try:
        yield compiler
    finally:
        _compilers.put(compiler)


@singledispatch
def plain(value: object) -> Any:
    """``value`` as JSON can carry it. Dates become ISO text: a paper states them through its words."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"A paper cannot carry {type(value).__name__}")


@plain.register(type(None))
@plain.register(bool)
@plain.register(int)
def _(value: Any) -> Any:
    return value


@plain.register
def _(value: str) -> str:
    return _UNPRINTABLE.sub(REPLACED, value)


@plain.register
def _(value: Promise) -> str:
    return _UNPRINTABLE.sub(REPLACED, str(value))


@plain.register(date)
def _(value: date) -> str:
    return value.isoformat()


@plain.register
def _(value: Decimal) -> str:
    return str(value)


@plain.register(Mapping)
def _(value: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key): plain(item) for key, item in value.items()}


@plain.register(Sequence)
def _(value: Sequence[Any]) -> list[Any]:
    return [plain(item) for item in value]
