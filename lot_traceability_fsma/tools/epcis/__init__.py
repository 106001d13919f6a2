from .hashing import hash_id, pre_hash
