import tempfile
from pathlib import Path

from odoo.addons.lot_traceability.tests.test_practice import neutralize
from odoo.addons.lot_traceability_fsma.models.lot_fsma_asn_folder import PARAMETER
from odoo.tests import tagged

from .epcis_common import EpcisCommon


@tagged("post_install", "-at_install")
class TestPracticeShipNotices(EpcisCommon):
    """In a copy to practise on, no ship notice reaches a partner."""

    def delivered(self):
        self.distributor.fsma_asn = "x12"
        lot = self.coded(self.lettuce, "L1", 10)
        return self.validate(
            self.picking(
                self.plant.out_type_id, {lot: 4}, target=self.customers, partner=self.distributor
            )
        )

    def test_ship_notice_is_made_and_not_laid_out_for_the_gateway(self):
        with tempfile.TemporaryDirectory() as name:
            self.env["ir.config_parameter"].set_param(PARAMETER, name)
            neutralize(self)
            sent = self.delivered()
            self.env.cr.postcommit.run()
            notice = self.env["ir.attachment"].search(
                [("res_model", "=", "stock.picking"), ("res_id", "=", sent.id)]
            )
            self.assertTrue(notice)
            self.assertEqual(list(Path(name).iterdir()), [])
            incoming = Path(name) / "in"
            incoming.mkdir()
            (incoming / "one.856").write_text("hello")
            self.env["lot.fsma.asn"]._cron_folder()
            self.assertEqual([file.name for file in incoming.iterdir()], ["one.856"])
