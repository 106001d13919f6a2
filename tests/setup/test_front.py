"""A server with worker processes listens on two ports; the demo has one address."""

import contextlib
import http.server
import threading
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest
from lib import front, odoo_process, paths, server
from lib.odoo_process import Odoo
from lib.odoo_source import OdooSource


@contextlib.contextmanager
def answering(text):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args):
            pass

    inner = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=inner.serve_forever)
    thread.start()
    try:
        yield inner.server_port
    finally:
        inner.shutdown()
        thread.join()
        inner.server_close()


def get(port, address):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=10) as reply:
        return reply.read().decode()


def test_websockets_and_pages_have_one_address():
    port = server.free_port(0)
    with (
        answering("pages") as pages,
        answering("websockets") as websockets,
        front.joining(port, pages, websockets),
    ):
        assert get(port, "/web/login?next=/websocket") == "pages"
        assert get(port, "/websocket/health") == "websockets"


def test_page_is_refused_while_the_server_does_not_listen():
    port, nobody = server.free_port(0), server.free_port(0)
    with front.joining(port, nobody, nobody), pytest.raises(OSError):
        get(port, "/web/login")


def test_port_is_free_when_the_front_has_ended():
    port = server.free_port(0)
    with front.joining(port, 1, 1):
        pass
    assert server.free_port(port) == port


def test_odoo_is_started_by_a_file_that_it_can_start_again(tmp_path, monkeypatch):
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path))
    odoo = Odoo(tmp_path / "python", OdooSource("19.0", tmp_path, ()), server=None)
    assert odoo.command("--workers=2")[1] == str(odoo_process._ENTRY)
    assert odoo_process._ENTRY.is_file()


def test_odoo_is_told_where_things_are_whatever_its_action(tmp_path, monkeypatch):
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path))
    monkeypatch.setenv("ODOO_RC", "/etc/odoo.conf")
    server = SimpleNamespace(env={"ODOO_RC": "/etc/odoo.conf"})
    odoo = Odoo(tmp_path / "python", OdooSource("19.0", tmp_path, (tmp_path / "core",)), server)
    told = Path(odoo.env["ODOO_RC"]).read_text()
    assert f"addons_path = {tmp_path / 'core'},{paths.REPOSITORY}\n" in told
    assert f"data_dir = {tmp_path / 'data'}\n" in told
    assert odoo.command("export", "-d", "x", action="i18n")[2:] == ["i18n", "export", "-d", "x"]
