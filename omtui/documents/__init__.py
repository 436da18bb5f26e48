"""Documents for people: the walk-through, hand-outs for other teams, sheets, and what has been ticked.

All of them are made from plain data and come out as text or bytes; whoever asked for one writes it. Text of a profile
is foreign: it passes `plain_text` and the escaping of its format on the way out.
"""
