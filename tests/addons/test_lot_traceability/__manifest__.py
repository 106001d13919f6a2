{
    "name": "Lot Traceability: tests with the optional apps",
    "summary": "Flows of the apps that the product traces but never requires",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "license": "LGPL-3",
    "author": "Lot Traceability contributors",
    "website": "https://github.com/lot-traceability/lot-traceability",
    "depends": [
        "lot_traceability",
        "lot_traceability_recall",
        "lot_traceability_fsma",
        "repair",
        "point_of_sale",
        "mrp_subcontracting",
        "stock_dropshipping",
        "website_sale_stock",
    ],
    "assets": {
        "web.assets_backend": [
            # Debian's Odoo names this script in the bundle but does not ship it; the browser's
            # error about it would fail every tour.
            ("remove", "mail/static/lib/selfie_segmentation/selfie_segmentation.js"),
        ],
    },
}
