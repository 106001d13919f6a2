"""Audit logs for the tests: made as the sealer makes them, and changed as one would to deceive."""

import json
from datetime import datetime, timedelta
from io import BytesIO

from tools.audit_format import State, event_line, parse_keys, time_text
from tools.audit_proof import export_log, receipt_for, seal_block
from tools.audit_reader import verify_file

LOG = "6f1c5a50-8f0e-4a53-9d3c-0c8e8d2f7a11"
START = datetime(2026, 11, 25, 8)
KEYS = parse_keys(f"2026:{'ab' * 32}")
OTHER_KEYS = parse_keys(f"2027:{'cd' * 32}")


def at(seconds):
    """A time of the log, so many seconds after its start."""
    return time_text(START + timedelta(seconds=seconds))


def row(number, **changes):
    """The (number, time, body) of an event, each a second after the one before."""
    body = {"kind": "moved", "lot": f"L{number}", "quantity": 5, "user": "Zoë", **changes}
    return number, at(number), json.dumps(body, ensure_ascii=False)


class Log:
    """Blocks with their rows, sealed one minute after their last event."""

    def __init__(self, sizes=(5, 5, 5, 5), keys=KEYS, log=LOG):
        self.log = log
        self.state = State()
        self.blocks, self.rows, self.unsealed = [], [], []
        self.count = 0
        for size in sizes:
            self.add(size, keys)

    def add(self, size, keys=KEYS, **changes):
        """A block more."""
        rows = [row(self.count + place, **changes) for place in range(1, size + 1)]
        self.count += size
        self.seal(rows, keys)
        return self

    def seal(self, rows, keys=KEYS, sealed_at=None):
        """A block of these rows."""
        key = next(iter(keys.items())) if keys else None
        sealed_at = sealed_at or at(rows[-1][0] + 1)
        block, self.state = seal_block(self.state, self.log, rows, sealed_at, key)
        self.blocks.append(block)
        self.rows.append(rows)
        return block

    def receipts(self, *numbers):
        """Receipts of these blocks, of all when none is named."""
        return [receipt_for(b) for b in self.blocks if not numbers or b.header["number"] in numbers]

    def pairs(self):
        """Blocks with the lines of their events."""
        for block, rows in zip(self.blocks, self.rows, strict=True):
            yield block, [event_line(*part) for part in rows]

    def lines(self, **options):
        """The lines of its export."""
        unsealed = (len(self.unsealed), [event_line(*part) for part in self.unsealed])
        options.setdefault("unsealed", unsealed if self.unsealed else None)
        return list(export_log(self.log, at(86400), self.pairs(), **options))


def check(lines, keys=KEYS, receipts=(), **options):
    """The report on the lines of an export."""
    return verify_file(BytesIO(b"".join(lines)), keys, receipts, **options)


def found(report):
    """(code, block, event) of each finding."""
    return [(finding.code, finding.block, finding.event) for finding in report.findings]


def place_of(lines, number):
    """Where the line of an event stands."""
    return next(i for i, line in enumerate(lines) if line.startswith(b'{"id":%d,' % number))


def edit_block(lines, number, change):
    """Let `change` alter the JSON object of a block's line."""
    for place, line in enumerate(lines):
        data = json.loads(line) if line.startswith(b'{"type":"block"') else None
        if data and data["header"]["number"] == number:
            change(data)
            lines[place] = json.dumps(data, ensure_ascii=False).replace('{"type": ', '{"type":', 1)
            lines[place] = lines[place].encode() + b"\n"
    return lines
