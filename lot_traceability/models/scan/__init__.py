from . import (
    lot_scan,
    lot_scan_card,
    lot_scan_device,
    lot_scan_flow,
    lot_scan_flow_hold,
    lot_scan_page,
    lot_scan_reading,
    lot_scan_start,
)
