"""A real HTTP receiver on loopback that remembers what came and answers from a script."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Posted:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


OK = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass
class Receiver:
    """`answers` are given one after another, the last one for ever; None: never answer. `hold` leaves the connection
    open after the answer."""

    answers: list[bytes | None] = field(default_factory=lambda: [OK])
    posts: list[Posted] = field(default_factory=list)
    url: str = ""
    hold: bool = False

    def _answer(self) -> bytes | None:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            method, path, _ = head[0].split(" ")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.posts.append(Posted(method, path, headers, body))
            answer = self._answer()
            if answer is not None:
                writer.write(answer)
                await writer.drain()
            if answer is None or self.hold:
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def answer(status: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@asynccontextmanager
async def receiving(*answers: bytes | None, hold: bool = False) -> AsyncIterator[Receiver]:
    receiver = Receiver(answers=list(answers) or [OK], hold=hold)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/T00/secret-path?key=k3y"
    try:
        yield receiver
    finally:
        server.close()
        await server.wait_closed()
