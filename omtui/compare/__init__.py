"""What differs: keyed difference, three-way merge, mapping, promotion, hand-over. Pure functions on plain data.

Nothing here reads a file, asks a person or knows a screen. Records are never changed in place: what comes out shares
what did not change with what went in.
"""
