from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def module_uninstall(self):
        """What PostgreSQL has of the audit log besides its models goes after them: until then what
        is removed is told in it."""
        ours = "lot_traceability" in self.mapped("name")
        result = super().module_uninstall()
        if ours:
            self.env["lot.audit.log"]._drop_rest()
        return result
