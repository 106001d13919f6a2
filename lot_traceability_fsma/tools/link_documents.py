"""What a GS1 Digital Link answers a program with: JSON-LD, and a linkset (RFC 9264).

>>> page = {"link": "https://id.example.org/01/09520123456788/10/A", "gtin": "09520123456788",
...         "number": "A", "serial": False, "name": "Soft cheese", "company": "Example Foods",
...         "recalled": True, "facts": {"expirationDate": "2026-04-01"}, "certificates": []}
>>> told = json_ld(page)
>>> told["gs1:hasBatchLotNumber"], told["gs1:expirationDate"]["@value"]
('A', '2026-04-01')
>>> [link["href"] for link in linkset(page)["linkset"][0]["https://gs1.org/voc/recallStatus"]]
['https://id.example.org/01/09520123456788/10/A?linkType=gs1:recallStatus']
"""

from __future__ import annotations

from typing import Any

_VOCABULARY = "https://gs1.org/voc/"
#: Links that a page of ours has, by GS1's word for them.
PAGE, RECALL, CERTIFICATE = "pip", "recallStatus", "certificationInfo"


def json_ld(page: dict[str, Any]) -> dict[str, Any]:
    """The page as GS1 Web Vocabulary.

    :param page: link, gtin, number, serial, name, company, recalled (None: not told), facts
        {GS1's name: text or ISO date} and certificates [{"name", "url"}]
    """
    told: dict[str, Any] = {
        "@context": {"gs1": _VOCABULARY, "xsd": "http://www.w3.org/2001/XMLSchema#"},
        "@id": page["link"],
        "@type": "gs1:Product",
        "gs1:gtin": page["gtin"],
        "gs1:productName": page["name"],
        "gs1:manufacturer": {"@type": "gs1:Organization", "gs1:organizationName": page["company"]},
    }
    if page["number"]:
        key = "gs1:hasSerialNumber" if page["serial"] else "gs1:hasBatchLotNumber"
        told[key] = page["number"]
    if page["recalled"] is not None:
        told["gs1:recallStatus"] = "recalled" if page["recalled"] else "no recall known"
    for name, value in page["facts"].items():
        is_date = name.endswith("Date")
        told[f"gs1:{name}"] = {"@type": "xsd:date", "@value": value} if is_date else value
    if page["certificates"]:
        told["gs1:certification"] = [
            {"@type": "gs1:CertificationDetails", "gs1:certificationURI": one["url"]}
            for one in page["certificates"]
        ]
    return told


def linkset(page: dict[str, Any]) -> dict[str, Any]:
    """The links of the page; parameters as in :func:`json_ld`."""
    link = page["link"]
    separator = "&" if "?" in link else "?"

    def one(kind: str, title: str) -> list[dict[str, str]]:
        return [{"href": f"{link}{separator}linkType=gs1:{kind}", "title": title}]

    links: dict[str, Any] = {
        "anchor": link,
        f"{_VOCABULARY}defaultLink": [{"href": link, "title": page["name"]}],
        f"{_VOCABULARY}{PAGE}": one(PAGE, page["name"]),
    }
    if page["recalled"] is not None:
        links[f"{_VOCABULARY}{RECALL}"] = one(RECALL, "Recall status")
    if page["certificates"]:
        links[f"{_VOCABULARY}{CERTIFICATE}"] = [
            {"href": certificate["url"], "title": certificate["name"]}
            for certificate in page["certificates"]
        ]
    return {"linkset": [links]}
