"""JSON as it comes from outside."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError


class JSONParser(parsers.JSONParser):
    """Refuses halves of signs (``"\\ud83d"``): no database keeps them, and no answer could repeat them."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read()
        data = super().parse(BytesIO(raw), media_type, parser_context)
        if b"\\ud" in raw.lower():
            try:
                json.dumps(data, ensure_ascii=False).encode()
            except UnicodeEncodeError:
                raise ParseError(_("The text has half of a sign (a lone surrogate). Send whole signs."))
        return data
