from . import digital_link, epcis, supplier_answer
