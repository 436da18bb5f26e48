"""What the set-up of one environment is: its tasks, tables and fields, as pure descriptions.

Nothing here reads a file, a clock or a network. Profiles are plain data as `tomllib` gives them (with
`decimal.Decimal` for numbers that have a fraction); the descriptions say what the data means.
"""
