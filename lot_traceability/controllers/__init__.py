from . import audit_export, labels, rfid, scan, trace_export
from . import audit_export, labels, scan, trace_export
