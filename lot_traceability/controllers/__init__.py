from . import audit_export, labels, trace_export
