from . import digital_link, epcis
