"""Reads documents where nothing may be opened, connected to or run: `python -m tests.discover.banned`.

Takes pickled (name, body) pairs on stdin and gives JSON: per name the kind, the count of entries, the addresses of the
items, the reason of a refusal and the seconds it took; under "opened" what was tried. Once set, the ban holds for the
rest of the process, hence a process of its own.
"""

import json
import pickle
import sys
from time import perf_counter

from monitor.discover import discover

BANNED = ("open", "os.open", "socket.connect", "socket.getaddrinfo", "urllib.Request", "subprocess.Popen", "os.system")


def main() -> None:
    documents: list[tuple[str, bytes]] = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the test itself
    discover(b"<rss/>", content_type=None, url="https://news.example/")  # what loads on first use is loaded now
    opened: list[str] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event in BANNED and armed and not _is_code(arguments):
            opened.append(f"{event} {arguments}"[:200])
            raise PermissionError(event)

    armed = True
    sys.addaudithook(watch)
    read = {name: _told(body) for name, body in documents}
    armed = False
    json.dump({"opened": opened, "read": read}, sys.stdout)


def _is_code(arguments: tuple[object, ...]) -> bool:
    """A codec, or a guesser of encodings, is loaded on its first use."""
    return str(arguments[0]).endswith((".py", ".pyc", ".so"))


def _told(body: bytes) -> dict[str, object]:
    began = perf_counter()
    found = discover(body, content_type=None, url="https://news.example/f")
    return {
        "seconds": perf_counter() - began,
        "kind": found.kind,
        "listed": found.listed,
        "reason": found.reason,
        "words": [[item.url, item.title] for item in found.items],
    }


if __name__ == "__main__":
    main()
