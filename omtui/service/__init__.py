"""The verbs: one function for each thing a person can do, used by the workbench and the command line alike.

Whether something may be changed is asked here and nowhere else.
"""
