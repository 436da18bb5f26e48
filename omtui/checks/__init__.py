"""What is wrong with a set-up: one module per setup task, each check a small function under its id.

`running.run` applies every check to a profile; `explaining` says what a check means; `formats` writes the results.
Nothing here reads a file or a network: what a check needs in addition to the profile comes in
`finding.CheckContext`.
"""
