{
    "name": "Lot Traceability: FSMA 204 and EPCIS",
    "summary": "Critical tracking events with every key data element, and their exchange",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "license": "LGPL-3",
    "author": "Lot Traceability contributors",
    "website": "https://github.com/lot-traceability/lot-traceability",
    "depends": ["lot_traceability"],
    "data": [
        "security/ir.model.access.csv",
        "security/lot_publication_rules.xml",
        "views/menu_fsma.xml",
        "views/lot_publication_views.xml",
        "views/link_templates.xml",
    ],
}
