from . import audit_export, trace_export
