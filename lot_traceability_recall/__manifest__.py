{
    "name": "Lot Traceability: Recall",
    "summary": "From suspicion to closure: what is affected, who has it, what has come back",
    "version": "19.0.1.1.0",
    "category": "Supply Chain/Inventory",
    "license": "LGPL-3",
    "author": "Lot Traceability contributors",
    "website": "https://github.com/lot-traceability/lot-traceability",
    "depends": ["lot_traceability"],
    "data": [
        "security/ir.model.access.csv",
        "security/lot_recall_rules.xml",
        "security/lot_recall_back_rules.xml",
        "data/ir_sequence.xml",
        "data/mail_activity_type.xml",
        "data/ir_cron.xml",
        "wizard/lot_recall_wizard_views.xml",
        "wizard/lot_root_cause_wizard_views.xml",
        "views/lot_recall_consignee_views.xml",
        "views/lot_recall_views.xml",
        "views/stock_lot_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "lot_traceability_recall/static/src/recall_clock/*",
        ],
    },
}
