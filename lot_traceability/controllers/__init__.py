from . import audit_export, labels, rfid, scan, trace_export, watch
