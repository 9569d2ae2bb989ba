"""The line between a phone and the house: a relay on this machine that can be cut, or lose the answers it carries."""

import contextlib
import socket
import threading
from collections.abc import Iterator


class Cable:
    """``port``: where the phone's browser connects. ``cut()`` and ``mend()``; ``lose_answer_to(text)`` carries the next request
    that holds ``text`` to the house and drops the line before its answer comes back."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.whole = True
        self.losing = b""
        self.lost = 0
        self.pairs: set[socket.socket] = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        self.whole = False
        for each in list(self.pairs):
            _shut(each)

    def mend(self) -> None:
        self.whole = True

    def lose_answer_to(self, text: str) -> None:
        self.losing = text.encode()

    def close(self) -> None:
        _shut(self.listener)
        self.cut()

    def _listen(self) -> None:
        while True:
            try:
                near, _address = self.listener.accept()
            except OSError:
                return
            if not self.whole:
                _shut(near)
                continue
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self.target)
        except OSError:
            _shut(near)
            return
        self.pairs |= {near, far}
        doomed = threading.Event()
        threading.Thread(target=self._back, args=(far, near, doomed), daemon=True).start()
        with contextlib.suppress(OSError):
            while data := near.recv(65536):
                if self.losing and self.losing in data:
                    self.losing = b""
                    doomed.set()
                far.sendall(data)
        _shut(far)

    def _back(self, far: socket.socket, near: socket.socket, doomed: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := far.recv(65536):
                if doomed.is_set():
                    self.lost += 1
                    break
                near.sendall(data)
        _shut(near)
        _shut(far)
        self.pairs -= {near, far}


def _shut(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        each.close()


@contextlib.contextmanager
def cable(target: tuple[str, int]) -> Iterator[Cable]:
    made = Cable(target)
    try:
        yield made
    finally:
        made.close()
