"""Reasoning about conditions: can they hold, can two hold together, can they ever fail.

`formula` makes a tree of conditions ready, `reasoning` answers with an order that shows it, with a clear no, or with
why it cannot be decided.
"""
