{
    "name": "Lot Traceability: FSMA 204 and EPCIS",
    "summary": "Critical tracking events with every key data element, and their exchange",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "license": "LGPL-3",
    "author": "Lot Traceability contributors",
    "website": "https://github.com/lot-traceability/lot-traceability",
    "depends": ["lot_traceability"],
    "external_dependencies": {"python": ["lxml", "pydifact"]},
    "data": [
        "views/menu_fsma.xml",
    ],
}
