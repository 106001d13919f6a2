"""The documents of a dossier: certificates, photographs. Listed with their SHA-256; what can be
printed is appended to the PDF as it is."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from odoo.tools.pdf import PdfFileReader, PdfFileWriter
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

#: What is larger is listed, and stays where it is.
MAX_BYTES = 20_000_000
MAX_PAGES = 300
MARGIN = 34.0


@dataclass
class _File:
    attachment: object
    owner: str
    pages: list  # of a PDF reader; empty when it cannot be printed


class DossierFiles:
    """The documents of a lot and of its readings that the user may read."""

    def __init__(self, lot, readings) -> None:
        self.env = lot.env
        self._files: list[_File] = []
        attachments = self.env["ir.attachment"]
        owners = {
            attachment: reading.display_name
            for reading in readings
            for attachment in reading.attachment_ids
        }
        own = attachments.search(
            [("res_model", "=", "stock.lot"), ("res_id", "=", lot.id), ("res_field", "=", False)]
        )
        owners = {**dict.fromkeys(own, lot.display_name), **owners}
        readable = attachments.union(*owners)._filtered_access("read")
        left = MAX_PAGES
        for attachment in readable.sorted("id"):
            pages = self._pages(attachment)
            if len(pages) > left:
                pages = []
            left -= len(pages)
            self._files.append(_File(attachment, owners[attachment], pages))

    @property
    def printed(self) -> bool:
        """Whether there are documents that can be printed."""
        return any(file.pages for file in self._files)

    def rows(self) -> Iterator[list]:
        """Name, what it belongs to, size, SHA-256 and whether it follows."""
        _ = self.env._
        for file in self._files:
            raw = file.attachment.raw or b""
            printed = _("%s pages", len(file.pages)) if file.pages else _("Listed only")
            size = f"{len(raw):,} B"
            yield [file.attachment.name, file.owner, size, sha256(raw).hexdigest(), printed]

    def append_to(self, source: IO[bytes], target: IO[bytes]) -> None:
        """Write a PDF with the pages of these documents behind its own."""
        if not self.printed:
            source.seek(0)
            while part := source.read(1 << 20):
                target.write(part)
            return
        source.seek(0)
        writer = PdfFileWriter()
        for page in PdfFileReader(source, strict=False).pages:
            writer.addPage(page)
        for file in self._files:
            for page in file.pages:
                writer.addPage(page)
        writer.write(target)

    def _pages(self, attachment) -> list:
        raw = attachment.raw or b""
        if not raw or len(raw) > MAX_BYTES:
            return []
        kind = attachment.mimetype or ""
        try:
            if kind == "application/pdf":
                return list(PdfFileReader(io.BytesIO(raw), strict=False).pages)
            if kind.startswith("image/") and kind != "image/svg+xml":
                return list(PdfFileReader(self._image_page(attachment.name, raw)).pages)
        except Exception:  # pylint: disable=broad-except  # a damaged file stops no dossier
            return []
        return []

    def _image_page(self, name: str, raw: bytes) -> io.BytesIO:
        """The picture on a page of its own, as large as fits."""
        with Image.open(io.BytesIO(raw)) as image:
            picture = ImageReader(image.convert("RGB"))
        width, height = picture.getSize()
        room = (A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN - 20)
        scale = min(room[0] / width, room[1] / height, 1.0)
        target = io.BytesIO()
        canvas = Canvas(target, pagesize=A4)
        top = A4[1] - MARGIN - 20 - height * scale
        canvas.drawImage(picture, MARGIN, top, width * scale, height * scale)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(
            MARGIN, A4[1] - MARGIN - 9, name.encode("latin-1", "replace").decode("latin-1")
        )
        canvas.save()
        target.seek(0)
        return target
