"""Documents for people: the walk-through, hand-outs for other teams, sheets, and what has been ticked.

A report is a `model.ReportDocument`; each format is written by one module that knows nothing of what it is about. All
come out as text or bytes; whoever asked for one writes it. Text of a profile
is foreign: it passes `plain_text` and the escaping of its format on the way out.
"""
