"""A recorded shift is sent as it was, whole, and once."""

import gzip
import json
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from lib import cli, rfid_shift
from lib.errors import SetupError

SHIFT = [
    {"at": n / 2, "reader": reader, "epc": f"E{n}", "antenna": 1, "rssi": -50}
    for n in range(6)
    for reader in ("dock-1", "dock-2")
]


class Server(ThreadingHTTPServer):
    """Takes batches; answers with the statuses of `answers` first."""

    def __init__(self):
        self.taken: list[dict] = []
        self.keys: set[str] = set()
        self.answers: list[int] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        batch = json.loads(gzip.decompress(body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        if status == 200:
            self.server.taken.append(batch)
            self.server.keys.add(self.headers["Authorization"])
            answer = {"taken": len(batch["reads"]), "new": 1, "unread": 0, "weak": 0}
        else:
            answer = {"detail": "the reader is not known", "pointer": "/reader"}
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Retry-After", "0.01")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def test_shift_is_sent_whole_by_reader_and_with_its_times(server):
    told = rfid_shift.play(SHIFT, server.url, "secret", speed=1000)
    assert told.reads == len(SHIFT) and told.batches == len(server.taken)
    assert server.keys == {"Bearer secret"}
    assert len({batch["batch"] for batch in server.taken}) == told.batches
    for reader in ("dock-1", "dock-2"):
        reads = [
            read for batch in server.taken if batch["reader"] == reader for read in batch["reads"]
        ]
        assert [read["epc"] for read in reads] == [f"E{n}" for n in range(6)]
        times = [datetime.fromisoformat(read["at"].replace("Z", "+00:00")) for read in reads]
        assert (times[-1] - times[0]).total_seconds() == pytest.approx(2.5, abs=0.01)


def test_batch_that_was_not_taken_is_sent_again_under_its_name(server):
    server.answers = [503, 429]
    told = rfid_shift.play(SHIFT[:2], server.url, "secret", speed=1000)
    assert told.reads == 2


def test_refused_batch_ends_it_with_the_reason(server):
    server.answers = [404]
    with pytest.raises(SetupError, match=r"the reader is not known \(404/reader\)"):
        rfid_shift.play(SHIFT, server.url, "secret", speed=1000)


def test_line_that_is_no_read_is_named(tmp_path):
    path = tmp_path / "shift.jsonl"
    path.write_text('{"at": 1, "reader": "dock-1", "epc": "E1"}\n\n{"at": "soon"}\n')
    with pytest.raises(SetupError, match=r"line 3 is no read"):
        rfid_shift.load(path)
    path.write_text("\n")
    with pytest.raises(SetupError, match=r"holds no reads"):
        rfid_shift.load(path)


def test_simulator_needs_a_demo_or_another_server(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path))
    assert cli.main(["rfid-simulator"]) == 1
    assert "the demo is not running" in capsys.readouterr().err
    assert cli.main(["rfid-simulator", "--key", "x"]) == 1
    assert "give --url, --key and FILE together" in capsys.readouterr().err
    assert cli.main(["rfid-simulator", "--speed", "0"]) == 1
    assert "--speed is more than 0" in capsys.readouterr().err
