import base64
import io
import re
import zipfile

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..report.label_content import Label, LabelContent
from ..report.label_metrics import TypefaceMetrics, missing
from ..report.label_pdf import write_label_pdf
from ..report.label_png import label_png, text_rows
from ..tools.label.boxes import Page, TextBox
from ..tools.label.errors import LabelError
from ..tools.label.layout import arrange
from ..tools.label.svg import svg
from ..tools.label.zpl import zpl
from .lot_label_design import MODELS

SCREEN_DPI = 300
# More at once is a slip of the finger.
MOST_LABELS = 5_000
MOST_COPIES = 1_000
# A label of 25 mm is shown larger than it is, one of A4 smaller.
_PIXELS = (200, 480)


class LotLabelDesign(models.Model):
    """Printing: from records to labels, from labels to a file or a printer."""

    _inherit = "lot.label.design"

    preview = fields.Html(compute="_compute_preview", sanitize=False)
    preview_problem = fields.Char(compute="_compute_preview")

    # What is drawn; the whole label is drawn anew whatever changes.
    @api.depends(
        "kind",
        "width",
        "height",
        "symbol",
        "identifiers",
        "with_hri",
        "plain",
        "domain",
        "date_format",
        "lang",
        *(
            f"field_ids.{name}"
            for name in ("sequence", "source", "caption", "text", "scale", "needed")
        ),
    )
    def _compute_preview(self):
        for design in self:
            design.preview = design.preview_problem = False
            sample = design._sample()
            if not sample:
                continue
            try:
                page, warning = design._page(Label(sample))
            except UserError as error:
                design.preview_problem = str(error)
                continue
            design.preview, design.preview_problem = design._shown(page), warning

    def _sample(self):
        """The newest record that such a label is for."""
        model = self.env[MODELS[self.kind or "item"]]
        domain = [("usage", "=", "internal")] if model._name == "stock.location" else []
        return model.search(domain, order="id desc", limit=1)

    @api.model
    def _shown(self, page: Page) -> Markup:
        """The label as a picture in a page."""
        width = min(_PIXELS[1], max(round(page.width * 6), _PIXELS[0]))
        data = base64.b64encode(svg(page).encode()).decode()
        return Markup(
            '<img class="border shadow-sm mw-100" alt="%s" style="width: %spx" '
            'src="data:image/svg+xml;base64,%s"/>'
        ) % (self.env._("Preview of the label"), width, data)

    # -- what is labelled --------------------------------------------------------------------

    @api.model
    def _labelled_models(self, records) -> set[str]:
        """The models of the labels that these records can have."""
        return set(self._label_sources().get(records._name, ()))

    @api.model
    def _label_sources(self) -> dict[str, tuple[str, ...]]:
        """{model that is printed from: models that have labels}. Add those of other modules."""
        return {
            "stock.lot": ("stock.lot",),
            "stock.package": ("stock.package",),
            "stock.location": ("stock.location",),
            "stock.quant": ("stock.lot", "stock.package"),
            "stock.move.line": ("stock.lot", "stock.package"),
            "stock.picking": ("stock.lot", "stock.package"),
            "mrp.production": ("stock.lot",),
        }

    def _labels(self, records, copies: int = 1, quantity: float = 0.0) -> list[Label]:
        """What is to be printed of these records with this design.

        :param copies: of each; 0 for one per unit of a lot's quantity
        :param quantity: that each label tells; 0 for what the document has
        """
        self.ensure_one()
        wanted = MODELS[self.kind]
        found: dict = {}
        for record in records:
            document = record if record._name in ("stock.picking", "mrp.production") else None
            for target, amount in self._targets(record, wanted):
                before = found.get(target)
                total = amount + (before.quantity if before else 0.0)
                found[target] = Label(target, total, 1, document)
        labels = []
        for label in found.values():
            number = copies or max(round(label.quantity), 1)
            # One for each unit tells of one unit.
            told = quantity or (label.quantity if copies else 1.0)
            labels.append(Label(label.record, told, number, label.document))
        return labels

    @api.model
    def _targets(self, record, wanted: str) -> list[tuple]:
        """[(record that has a label, quantity)] of one record."""
        if record._name == wanted:
            return [(record, 0.0)]
        if record._name == "stock.picking":
            if wanted == "stock.package":
                return [(package, 0.0) for package in record._get_packages_for_print()]
            return self._targets_of_lines(record.move_line_ids)
        if record._name == "mrp.production":
            lines = record.move_finished_ids.move_line_ids
            return self._targets_of_lines(lines) or [
                (lot, record.qty_producing) for lot in record.lot_producing_ids
            ]
        if record._name == "stock.move.line" and wanted == "stock.lot":
            return self._targets_of_lines(record)
        field = "lot_id" if wanted == "stock.lot" else "package_id"
        if record._name == "stock.move.line":
            field = "result_package_id"
        return [(record[field], record.quantity)] if record[field] else []

    @api.model
    def _targets_of_lines(self, lines) -> list[tuple]:
        return [(line.lot_id, line.quantity_product_uom) for line in lines if line.lot_id]

    # -- drawing -----------------------------------------------------------------------------

    def _page(self, label: Label, dpi: int = SCREEN_DPI) -> tuple[Page, str]:
        """(the label, laid out; a sentence of warning or nothing).

        :raise UserError: it cannot be printed
        """
        self.ensure_one()
        content = LabelContent(self, label)
        size = self._size(dpi)
        try:
            page = arrange(size, content.content(size), TypefaceMetrics())
        except LabelError as error:
            raise UserError(
                self.env._(
                    "No label for %(name)s: %(reason)s",
                    name=label.record.display_name,
                    reason=self.env._(error.text, **error.details),
                )
            ) from error
        return page, content.warning

    def _render(
        self, labels: list[Label], file_format: str, dpi: int = SCREEN_DPI, first: int = 1
    ) -> tuple[bytes, str]:
        """Draw these labels.

        :param file_format: "pdf", "zpl", "png" or "svg"
        :param first: the place on the first sheet of paper, from 1
        :return: content and ending of the file; several pictures are a ZIP archive
        :raise UserError: one of them cannot be printed
        """
        if file_format not in self._formats():
            raise UserError(
                self.env._(
                    "“%(design)s” cannot be printed as %(format)s. Choose another format.",
                    design=self.name,
                    format=file_format.upper(),
                )
            )
        pages = [(self._page(label, dpi)[0], label) for label in labels]
        if file_format == "zpl":
            text = "\n".join(zpl(page, dpi, text_rows, label.copies) for page, label in pages)
            return f"{text}\n".encode(), "zpl"
        if file_format == "pdf":
            target = io.BytesIO()
            sheet = self._sheet() if self.on_sheet else None
            every = (page for page, label in pages for _copy in range(label.copies))
            write_label_pdf(every, target, title=self.name, sheet=sheet, first=first)
            return target.getvalue(), "pdf"
        drawn = [self._picture(page, file_format, dpi) for page, _label in pages]
        if len(drawn) == 1:
            return drawn[0], file_format
        return self._archive(drawn, [label for _page, label in pages], file_format), "zip"

    @api.model
    def _picture(self, page: Page, file_format: str, dpi: int) -> bytes:
        return label_png(page, dpi) if file_format == "png" else svg(page).encode()

    @api.model
    def _archive(self, drawn: list[bytes], labels: list[Label], file_format: str) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (content, label) in enumerate(zip(drawn, labels, strict=True), start=1):
                name = f"{number:04}-{self._file_name(label.record)}.{file_format}"
                archive.writestr(name, content)
        return target.getvalue()

    @api.model
    def _file_name(self, record) -> str:
        return re.sub(r"[^\w.-]+", "_", record.display_name)[:60].strip("._") or "label"

    def _lacks_font(self, page: Page, file_format: str) -> bool:
        """Whether some of the writing cannot be drawn on this server."""
        picture = file_format in ("png", "zpl")
        return any(
            missing(box.text, picture=picture) for box in page.boxes if isinstance(box, TextBox)
        )

    # -- printing ----------------------------------------------------------------------------

    @api.model
    def _print(
        self,
        records,
        design,
        copies: int = 1,
        printer=None,
        reason: str = "",
        format: str = "",  # noqa: A002 (others call it by this name)
        *,
        quantity: float = 0.0,
        first: int = 1,
    ) -> dict:
        """Print labels, and tell it in the audit log.

        :param records: lots, packages, places, or documents whose lots or packages are meant
        :param design: a `lot.label.design`
        :param copies: of each label; 0 for one per unit
        :param printer: a `lot.label.printer`; nothing for a download
        :param reason: needed where one of them was printed before
        :param format: "pdf", "zpl", "png" or "svg"; the printer's, or the design's, unless given
        :param quantity: that the labels tell; 0 for what a document has
        :param first: the place on the first sheet of paper, from 1
        :return: {"state": "queued" or "download", "url": where to fetch the file, "message": one
            sentence, "job_id": id of the `lot.label.job`}
        :raise AccessError: the user may not print, or not read the records
        :raise UserError: there is nothing to print, or it cannot be printed
        """
        self._check_may_print(records)
        if not 0 <= copies <= MOST_COPIES or quantity < 0:
            raise UserError(
                self.env._("Enter between 1 and %s copies, and no negative quantity.", MOST_COPIES)
            )
        labels = design._labels(records, copies, quantity)
        total = sum(label.copies for label in labels)
        if not labels:
            raise UserError(
                self.env._(
                    "There is nothing here that “%(design)s” is for. Choose another design, or "
                    "records that have lots or packages.",
                    design=design.name,
                )
            )
        if total > MOST_LABELS:
            raise UserError(
                self.env._(
                    "That would be %(count)s labels. Print at most %(most)s at once.",
                    count=f"{total:,}",
                    most=f"{MOST_LABELS:,}",
                )
            )
        again = self.env["lot.label.line"]._printed_before(design, labels)
        if again and not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%s has had a label already. Say why it is printed again.",
                    next(iter(again)).display_name,
                )
            )
        if printer:
            format = printer.language  # noqa: A001
        dpi = printer.dpi_number if printer else SCREEN_DPI
        content, ending = design._render(labels, format or design.file_format, dpi, first)
        return self.env["lot.label.job"]._enqueue(
            design, labels, printer, content, ending, reason, again
        )

    @api.model
    def _check_may_print(self, records) -> None:
        if not (self.env.su or self.env.user.has_group("lot_traceability.group_operator")):
            raise AccessError(
                self.env._("You may not print labels. Ask an administrator for the role Operator.")
            )
        if records._name not in self._label_sources():
            raise UserError(self.env._("There are no labels for what you have chosen."))
        records.check_access("read")
