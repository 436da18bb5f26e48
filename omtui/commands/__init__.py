"""The command line: one module for each group of commands, one function for each command.

`omtui.commands.registry` describes every command; its module is imported when it is called, not before.
"""
