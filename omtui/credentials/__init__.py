"""Where secrets live, and where they may go. Nothing secret stands in a profile; everything secret passes here.

- `verbs`, `vault_verbs`, `keyring_verbs`: what a person does, as plain functions with typed outcomes; `machine`
  says which store this machine uses.
- `store` is the interface; `secret_service`, `system_store`, `keyring_session`, `vault`, `command_store` keep.
- `destination`, `record`, `uses`: a secret goes only where it was entered for.
- `secret`, `redact`, `leaks`, `entry`: how it is kept from being seen.
- `sign_in` tries one; `handover` seals them for a colleague; `matrix` and `doctor` tell the facts; `age` is the
  file format.

Importing this package, and any of its modules, imports no store, no cryptography and no network code: that
happens at the first use of a secret.
"""
