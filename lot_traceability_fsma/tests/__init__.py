from . import (
    test_asn,
    test_digital_link,
    test_epcis_border,
    test_epcis_rest,
    test_epcis_store,
    test_fsma_code,
    test_fsma_event,
    test_fsma_made,
    test_fsma_place,
    test_fsma_product,
    test_fsma_queries,
    test_fsma_transfer,
)
