from .hashing import hash_id, pre_hash
from .validation import validate, validate_event
