"""A workbench for the external integration set-up of Oracle Fusion Cloud Order Management."""

__version__ = "0.1.0"
