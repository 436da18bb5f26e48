"""Orders through the set-up: which connector each order line would get, and why.

Where Oracle is silent (two rules are true, a value cannot be read) the answer is `ambiguous` or `cannot-evaluate`,
never a guess. Nothing of an order is stored.
"""
