from . import audit_export, rfid, trace_export
from . import audit_export, scan, trace_export
from . import audit_export, labels, trace_export
