from . import audit_export, scan, trace_export
