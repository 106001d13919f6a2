# Others add to these: before them.
from . import lot_scan, lot_scan_flow, lot_scan_start

# isort: split
from . import (
    lot_scan_card,
    lot_scan_device,
    lot_scan_flow_count,
    lot_scan_flow_count_apply,
    lot_scan_flow_count_compare,
    lot_scan_flow_hold,
    lot_scan_flow_input,
    lot_scan_flow_label,
    lot_scan_flow_lookup,
    lot_scan_flow_move,
    lot_scan_flow_pick,
    lot_scan_flow_pick_refusals,
    lot_scan_flow_produce,
    lot_scan_flow_produce_consume,
    lot_scan_flow_produce_finish,
    lot_scan_flow_produce_make,
    lot_scan_flow_receive,
    lot_scan_flow_receive_facts,
    lot_scan_flow_receive_refusals,
    lot_scan_flow_return,
    lot_scan_flow_scrap,
    lot_scan_goods,
    lot_scan_page,
    lot_scan_reading,
    lot_scan_transfer,
    lot_scan_transfer_document,
    lot_scan_transfer_finish,
)
