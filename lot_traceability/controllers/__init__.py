from . import audit_export, labels, scan, trace_export
