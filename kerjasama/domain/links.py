"""Secret links: whoever holds one may follow one matter without an account.

A row keeps a random seed and the digest of the token. The token follows from the seed and the installation's SECRET_KEY, so
a mail can be written again with the same link, and yet a stolen database opens nothing. When the key is changed, links in
earlier mails still work, because what is asked for is compared by its digest.
"""

import base64
import hashlib
import hmac
import re
import secrets

from django.conf import settings

_PURPOSE = b"kerjasama secret link:"
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{32}$")


def new_seed() -> str:
    return secrets.token_urlsafe(24)


def token_of(seed: str) -> str:
    """What stands in the link: 192 bits in 32 symbols."""
    mac = hmac.new(settings.SECRET_KEY.encode(), _PURPOSE + seed.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:24]).decode()


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def looks_like_token(text: str) -> bool:
    return bool(_TOKEN.match(text))
