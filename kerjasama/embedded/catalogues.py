"""Compile the message catalogues (`.po` to `.mo`) where that is due.

`manage.py compilemessages` needs the gettext programs, which a fresh machine does not have; this needs Python alone.
"""

from pathlib import Path

import polib

from kerjasama.embedded.host import CHECKOUT


def compile_catalogues(root: Path = CHECKOUT) -> list[Path]:
    """Compile every catalogue that is newer than its compiled form; return what was written."""
    written = []
    for source in sorted(root.glob("*/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        written.append(target)
    return written
