from . import audit_export, rfid, trace_export
