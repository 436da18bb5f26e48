"""The command line: one module for each group of commands, one function for each command.

A command joins by one entry in `omtui.commands.registry`; its module is imported when it is called and not before.
"""
