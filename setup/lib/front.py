"""One port before a server with worker processes, which listens on two: pages and websockets.

Odoo expects a reverse proxy there; this one does no more than choose by the address asked for.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

_CHUNK = 65536


@contextlib.contextmanager
def joining(port: int, pages: int, websockets: int) -> Iterator[None]:
    """For the block 127.0.0.1:`port` answers for the ports `pages` and `websockets`."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError):
            first = await reader.readline()
            await _exchange(first, reader, writer, websockets if _is_websocket(first) else pages)
        writer.close()

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(answer, "127.0.0.1", port))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                loop.run_until_complete(task)
        loop.close()


def _is_websocket(request_line: bytes) -> bool:
    r"""
    >>> _is_websocket(b"GET /websocket?version=1 HTTP/1.1\r\n")
    True
    >>> _is_websocket(b"GET /web/login HTTP/1.1\r\n")
    False
    """
    return request_line.partition(b" ")[2].startswith(b"/websocket")


async def _exchange(
    first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int
) -> None:
    inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        inner_writer.write(first)
        await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))
    finally:
        inner_writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
