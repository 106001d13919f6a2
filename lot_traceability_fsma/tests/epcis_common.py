from odoo.addons.lot_traceability_fsma.tools import epcis

from .common import FsmaCommon

GTIN = "09520123456788"
OURS = "0614141000005"
THEIRS = "4012345000009"


class EpcisCommon(FsmaCommon):
    """The packer of lettuce and a partner that exchanges events with it.

    - `told` makes a document of events; `sent` takes it as the distributor's, and `capture` as well
      where nothing is wrong with it
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.lettuce.barcode = GTIN
        cls.company.partner_id.fsma_gln = OURS
        cls.distributor.fsma_gln = THEIRS

    @classmethod
    def lgtin(cls, lot, gtin=GTIN):
        return f"https://id.gs1.org/01/{gtin}/10/{lot}"

    @classmethod
    def event(cls, kind="ObjectEvent", hour=10, **fields):
        return {
            "type": kind,
            "eventTime": f"2026-03-01T{hour:02d}:00:00Z",
            "eventTimeZoneOffset": "+00:00",
            **fields,
        }

    @classmethod
    def seen(cls, lot, hour=10, **fields):
        """Somebody saw a lot."""
        return cls.event(
            hour=hour,
            action="OBSERVE",
            **{
                "bizStep": "storing",
                "quantityList": [{"epcClass": cls.lgtin(lot), "quantity": 5, "uom": "KGM"}],
                **fields,
            },
        )

    @classmethod
    def made(cls, source, target, hour=8, **fields):
        """One lot was made of another, both as GTIN and lot."""
        return cls.event(
            "TransformationEvent",
            hour,
            bizStep="commissioning",
            inputQuantityList=[{"epcClass": cls.lgtin(*source), "quantity": 5, "uom": "KGM"}],
            outputQuantityList=[{"epcClass": cls.lgtin(*target), "quantity": 5, "uom": "KGM"}],
            **fields,
        )

    @classmethod
    def told(cls, *events):
        return {
            "@context": [epcis.EPCIS_CONTEXT, {"tlc": "https://traceability.fda.gov/epcis"}],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-03-01T12:00:00Z",
            "epcisBody": {"eventList": list(events)},
        }

    @classmethod
    def sent(cls, *events, behaviour="rollback"):
        return cls.env["lot.epcis.capture"]._take(
            epcis.open_document(cls.told(*events)), cls.company, cls.distributor, behaviour
        )

    @classmethod
    def capture(cls, *events):
        capture = cls.sent(*events)
        assert capture.success, capture.errors_text
        return capture
