from . import test_digital_link
