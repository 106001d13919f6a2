from tempfile import TemporaryFile

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import Response, request

from ..models.moving_in.lot_import_target import PROPERTY
from ..models.stock_lot_status import listed
from ..tools.moving_in.properties import EXAMPLES, choices
from ..tools.moving_in.template import Column, write_csv, write_xlsx
from .files import as_file, refuse

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class ImportTemplate(http.Controller):
    """Tables to fill in, for those who move in."""

    @http.route(
        "/lot_traceability/import/template/<string:kind>/<string:file_format>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def template(self, kind: str, file_format: str, **_unused) -> Response:
        """A table with the titles of a kind of import and a row of examples; as a workbook with a
        sheet that explains each column.

        :param kind: of `lot.import`
        :param file_format: "xlsx" or "csv"
        :return: the file; else a page with one sentence and status 403 (no rights) or 404
        """
        _ = request.env._
        kinds = dict(request.env["lot.import"]._fields["kind"]._description_selection(request.env))
        if kind not in kinds or file_format not in FORMATS:
            return refuse(404, _("Template"), _("There is no such template."))
        try:
            targets = request.env["lot.import.target"].search([("kind", "=", kind)])
        except AccessError:
            message = _("Only an administrator of traceability imports. Ask one.")
            return refuse(403, _("Template"), message)
        columns = [column for target in targets for column in self._columns(target)]
        target = TemporaryFile()  # noqa: SIM115  # the response closes it, and so removes it
        if file_format == "csv":
            write_csv(columns, target)
        else:
            write_xlsx(
                columns,
                target,
                sheet=kinds[kind].replace(":", ""),
                explained=_("Columns"),
                heads=(_("Column"), _("Needed"), _("Meaning"), _("Example")),
                must=(_("no"), _("yes")),
            )
        return as_file(target, FORMATS[file_format], f"{kind}.{file_format}")

    def _columns(self, target) -> list[Column]:
        """The columns of what can be told: of properties one for each that products define."""
        if target.code != PROPERTY:
            return [
                Column(target.name, target.meaning or "", target.example or "", target.required)
            ]
        titles = target._by_title(target.kind)
        columns = []
        for name, (definition, products) in target._properties(target.env.company).items():
            title = definition["string"]
            offered = list(choices(definition))
            columns.append(
                Column(
                    f"{target.name}: {title}" if name in titles else title,
                    target.env._(
                        "Property of the lots of %s",
                        listed(target.env, products.mapped("display_name")),
                    ),
                    offered[0] if offered else EXAMPLES[definition["type"]],
                    False,
                )
            )
        return columns
