import base64

import zxingcpp
from odoo.tests import new_test_user
from PIL import Image

from ..report.label_png import draw
from .common import OPERATOR_GROUPS, LotTraceabilityCommon

GTIN = "09520123456788"


class LabelCommon(LotTraceabilityCommon):
    """A cheese with a GTIN, and its lot.

    - `design(name)`: one of those that come with the product
    - `scanned(page)`: the codes on a label, read by another program than the one that drew them
    - `printed(lot)`: the events of its labels
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cheese = cls.product(
            "Camembert de Normandie au lait cru 250 g",
            uom=cls.units,
            barcode=GTIN[1:],
            default_code="C-250",
            use_expiration_date=True,
        )
        cls.camembert = cls.lot(
            cls.cheese,
            "LOT(1)/A",
            expiration_date="2026-12-31 12:00:00",
            production_date="2026-03-01",
            allergen_ids=[(6, 0, cls.env.ref("lot_traceability.allergen_milk").ids)],
        )
        cls.administrator = new_test_user(
            cls.env,
            login="label_administrator",
            groups=f"{OPERATOR_GROUPS},lot_traceability.group_administrator",
        )
        cls.designs = cls.floor["lot.label.design"]

    @classmethod
    def design(cls, name):
        return cls.env.ref(f"lot_traceability.label_design_{name}")

    @classmethod
    def printer(cls, **values):
        return cls.env["lot.label.printer"].create({"name": "Dock", "host": "127.0.0.1", **values})

    def scanned(self, page, dpi=300):
        image = draw(page, dpi)
        # The quiet zones reach into what lies around the label.
        framed = Image.new("L", (image.width + 200, image.height + 200), 255)
        framed.paste(image, (100, 100))
        return [
            (found.symbology_identifier, found.bytes.decode())
            for found in zxingcpp.read_barcodes(framed)
        ]

    def page(self, record, name, **values):
        from ..report.label_content import Label

        return self.design(name).with_user(self.operator)._page(Label(record, **values))[0]

    def content(self, answer):
        return base64.b64decode(self.env["lot.label.job"].browse(answer["job_id"]).content)

    def printed(self, record):
        self.env.flush_all()
        self.env.cr.flush()
        domain = [("kind", "in", ("printed", "reprinted"))]
        if record._name == "stock.lot":
            domain.append(("lot_id", "=", record.id))
        else:
            domain += [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return self.env["lot.audit.event"].search(domain, order="id")
