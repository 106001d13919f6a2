from . import audit_export, import_template, labels, rfid, scan, trace_export, watch
