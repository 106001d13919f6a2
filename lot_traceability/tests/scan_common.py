import uuid

from .common import START, LotTraceabilityCommon


class ScanCommon(LotTraceabilityCommon):
    """A handheld in the hand of an ordinary operator: `command`, `send` and `scan`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flour = cls.product("Flour")
        cls.device = {"uid": "device-1", "name": "Dock 1", "waiting": 0}

    @classmethod
    def command(cls, flow, action, text="", **data):
        return {
            "uid": str(uuid.uuid4()),
            "at": f"{START.isoformat()}Z",
            "flow": flow,
            "action": action,
            "text": text,
            "data": data,
        }

    @classmethod
    def send(cls, *commands, env=None):
        """What the device hears of these commands."""
        return (env or cls.floor)["lot.scan"].send(list(commands), cls.device)

    @classmethod
    def scan(cls, flow, action, text="", env=None, **data):
        """What the device hears of one command."""
        return cls.send(cls.command(flow, action, text, **data), env=env)[0]
