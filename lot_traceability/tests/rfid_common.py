from datetime import datetime, timedelta

from odoo.tests import new_test_user

from ..tools.gs1 import encode_tag, from_pairs
from ..tools.rfid_reads import Batch, Read
from .common import LotTraceabilityCommon

GTIN = "09506000134352"
PREFIX = "9506000"


def sgtin(serial, gtin=GTIN, scheme="sgtin-96", **more):
    """The EPC of an item, in hexadecimal digits."""
    pairs = [("01", gtin), ("21", str(serial)), *more.items()]
    return encode_tag(scheme, from_pairs(pairs), company_prefix_length=len(PREFIX))


class RfidCommon(LotTraceabilityCommon):
    """A dock between the stock and a yard, a gateway, and goods with tags.

    `seen` has the gateway send what a reader sees; `settle` does what the scheduled action does
    once the load has ended.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.gs1_prefix = PREFIX
        cls.gateway = new_test_user(
            cls.env, login="gateway", groups="lot_traceability.group_rfid_gateway"
        )
        cls.yard = cls.env["stock.location"].create(
            {"name": "Yard", "usage": "internal", "location_id": cls.plant.view_location_id.id}
        )
        cls.dock = cls.reader_at("dock-1", cls.stock, cls.yard)
        cls.drill = cls.product("Drill", tracking="serial", barcode=GTIN[1:])
        cls.batches = 0

    @classmethod
    def reader_at(cls, code, source=None, target=None, kind="portal", **values):
        return cls.env["lot.rfid.reader"].create(
            {
                "name": code.capitalize(),
                "code": code,
                "kind": kind,
                "location_id": source and source.id,
                "location_dest_id": target and target.id,
                "responsible_id": cls.manager.id,
                **values,
            }
        )

    @classmethod
    def drills(cls, *serials, location=None):
        """Drills in stock, with serial numbers."""
        lots = cls.env["stock.lot"].create(
            [{"product_id": cls.drill.id, "name": str(serial)} for serial in serials]
        )
        for lot in lots:
            cls.env["stock.quant"]._update_available_quantity(
                cls.drill, location or cls.stock, 1, lot_id=lot
            )
        return lots

    @classmethod
    def seen(cls, reader, *epcs, after=0.0, antenna=1, rssi=None, count=0, at=None):
        """:return: the answer that the gateway gets"""
        at = at or datetime.now() + timedelta(seconds=after)
        cls.batches += 1
        reads = [Read(epc, at, antenna, rssi) for epc in epcs]
        batch = Batch(reader.code, f"batch-{cls.batches}", reads, count)
        gateway = cls.env["lot.rfid.gateway"].with_user(cls.gateway)
        gateway._check_right()
        return gateway._take(batch, str(cls.batches))

    def settle(self):
        """Run the job as the scheduler does once the load has ended, its commits as flushes."""
        self.wait(minutes=5)
        self.run_job()

    def run_job(self):
        self.patch(
            self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: float("inf")
        )
        root = self.env.ref("base.user_root")
        self.env["lot.rfid.settlement"].with_user(root)._cron_settle()
        self.env.flush_all()
        self.env.invalidate_all()

    def passages(self, reader=None):
        return self.env["lot.rfid.passage"].search(
            [("reader_id", "=", (reader or self.dock).id)], order="id"
        )

    def loads(self, reader=None):
        return self.env["lot.rfid.proposal"].search(
            [("reader_id", "=", (reader or self.dock).id)], order="id"
        )

    def at(self, lot):
        """{place: quantity} of a lot."""
        quants = self.env["stock.quant"].search(
            [
                ("lot_id", "=", lot.id),
                ("quantity", ">", 0),
                ("location_id.usage", "!=", "inventory"),
            ]
        )
        return {quant.location_id: quant.quantity for quant in quants}

    def events(self, lot, kind):
        return self.env["lot.audit.event"].search([("lot_id", "=", lot.id), ("kind", "=", kind)])
