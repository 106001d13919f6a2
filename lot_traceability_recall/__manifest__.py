{
    "name": "Lot Traceability: Recall",
    "summary": "From suspicion to closure: which lot explains the complaints",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "license": "LGPL-3",
    "author": "Lot Traceability contributors",
    "website": "https://github.com/lot-traceability/lot-traceability",
    "depends": ["lot_traceability"],
    "data": [
        "security/ir.model.access.csv",
        "wizard/lot_root_cause_wizard_views.xml",
        "views/menus.xml",
    ],
}
