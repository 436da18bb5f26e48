"""The age file format, version 1: what the vault and the hand-over part are written in.

The format is that of https://c2sp.org/age. Passphrases (scrypt), X25519 keys (`age1…`) and the SSH keys
that age knows (`ssh-ed25519`, `ssh-rsa`) are read and written here with `cryptography` alone, because
omtui must bound the cost: a passphrase file is written with a fixed work factor, and an expensive one is refused before
any memory is taken for it, on every machine alike.

Nothing here touches a file or a terminal; everything is bytes in, a value out.
"""
