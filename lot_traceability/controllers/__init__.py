from . import trace_export
