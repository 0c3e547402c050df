"""A scripted HTTP origin on loopback, for everything that fetches.

    async with Origin() as origin:
        origin.serve("/story", page("<p>First."), page("<p>Second."))   # in turn, the last one for ever
        capture = await fetch.fetch(Request(url=origin.url + "/story"))
        assert origin.requests[0].header("user-agent") == "..."

A response is a `Reply`, or raw bytes (sent as they are, then the connection is closed), or a `Script`: an async
function that does as it likes with the connection, which is closed behind it. What is not served is 404. The origin
records every request that it could read; `connections` counts those that were opened.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came: `headers` with lower-case names."""

    method: str
    target: str
    headers: Mapping[str, str]

    def header(self, name: str) -> str | None:
        return self.headers.get(name.lower())


@dataclass(frozen=True, slots=True)
class Reply:
    """A well-formed answer with a Content-Length (unless `headers` frame the body in another way)."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def encoded(self) -> bytes:
        names = {name.lower() for name, _ in self.headers}
        framed = names & {"content-length", "transfer-encoding"} or self.status == 304
        length = () if framed else (("Content-Length", str(len(self.body))),)
        lines = "".join(f"{name}: {value}\r\n" for name, value in (*self.headers, *length))
        phrase = HTTPStatus(self.status).phrase if self.status in HTTPStatus._value2member_map_ else "Odd"
        return f"HTTP/1.1 {self.status} {phrase}\r\n{lines}\r\n".encode("latin-1") + self.body


Script = Callable[[Received, asyncio.StreamWriter], Awaitable[None]]
Response = Reply | bytes | Script


def page(html: str = "<p>A story.", *, status: int = 200, **headers: str) -> Reply:
    """An HTML page; `etag="x"` and the like become headers (`_` stands for `-`)."""
    named = {"Content-Type": "text/html; charset=utf-8"} | {
        name.replace("_", "-").title(): value for name, value in headers.items()
    }
    return Reply(status, html.encode(), tuple(named.items()))


def redirect(location: str, status: int = 302, body: bytes = b"") -> Reply:
    return Reply(status, body, (("Location", location),))


@dataclass(slots=True)
class Origin:
    """A server on loopback that answers by script. `address` is where it listens, `ssl_context` makes it https,
    `otherwise` is the answer where nothing is served."""

    ssl_context: ssl.SSLContext | None = None
    address: str = "127.0.0.1"
    otherwise: Response = Reply(404)
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    _scripts: dict[str, list[Response]] = field(default_factory=dict)
    _server: asyncio.Server | None = None
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        """Scheme and authority, without a slash at the end."""
        scheme = "https" if self.ssl_context else "http"
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{scheme}://{host}:{self.port}"

    def serve(self, path: str, *responses: Response) -> str:
        """Answer requests for `path` (with its query) by these in turn, the last one again and again. Returns the
        whole address."""
        self._scripts[path] = list(responses)
        return self.url + path

    def asked(self, path: str) -> list[Received]:
        """The requests for one path so far."""
        return [request for request in self.requests if request.target == path]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._accept, self.address, 0, ssl=self.ssl_context, limit=2**20, backlog=1_000
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A plain function: asyncio would log what a coroutine of its own making ends with.
        self.connections += 1
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._answer(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.transport.abort() if writer.is_closing() else writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read one request and answer it; whether the connection stays open."""
        request = _parsed(await reader.readuntil(b"\r\n\r\n"))
        await reader.readexactly(int(request.header("content-length") or 0))
        self.requests.append(request)
        response = self._next(request.target)
        if isinstance(response, Reply):
            writer.write(response.encoded())
        elif isinstance(response, bytes):
            writer.write(response)
        else:
            await response(request, writer)
        await writer.drain()
        return isinstance(response, Reply)

    def _next(self, target: str) -> Response:
        responses = self._scripts.get(target, [self.otherwise])
        return responses.pop(0) if len(responses) > 1 else responses[0]


def _parsed(head: bytes) -> Received:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    named = (line.partition(":") for line in lines)
    return Received(method, target, {name.strip().lower(): value.strip() for name, _, value in named})


def dripping(head: bytes, drop: bytes, every: float = 0.02) -> Script:
    """Sends `head`, then `drop` again and again until the other side goes away."""

    async def drip(request: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(every)

    return drip


def endless(head: bytes, piece: bytes) -> Script:
    """Sends `head`, then `piece` as fast as it is taken."""
    return dripping(head, piece, every=0)


def silent(*, after: bytes = b"") -> Script:
    """Takes the request, sends `after`, and says nothing more."""

    async def wait(request: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(after)
        await asyncio.Event().wait()

    return wait


def resetting(*, after: bytes = b"") -> Script:
    """Sends `after`, then tears the connection down with a reset."""

    async def tear(request: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(after)
        await writer.drain()
        sock = writer.get_extra_info("socket")
        # SO_LINGER with no time to linger makes close() send RST.
        sock.setsockopt(1, 13, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        writer.transport.abort()

    return tear
