"""What the checks rest on, as data: one module for each release's news; what every release has is in `oracle_pages`.

A quarter's news is one new module here, and the checks that cite it.
"""
