"""Where secrets are kept, and where they may be sent. A profile holds no secret.

- `machine`: which store this machine uses, and what a person does with the keyring and the vault. What is done with
  the secrets of a profile is in `omtui.service.secrets`.
- `answer`: why something was not done; an error is never `Absent`.
- `store` is the interface; `secret_service`, `system_store`, `keyring_session`, `vault`, `command_store` implement it.
- `destination`, `record`, `uses`: a secret is sent only to the places it was entered for.
- `secret`, `redact`, `leaks`, `entry`: how a secret stays hidden.
- `sign_in` tests one; `handover` seals them for a colleague; `matrix` and `doctor` report the state; `age` is the
  file format.

Importing this package or one of its modules imports no store, no cryptography and no network code: that happens at
the first use of a secret.
"""
