"""A pod of one's own on loopback, to practise on: healthy endpoints, and broken ones to learn from.

Everything here is invented for practice; the namespaces and operation names in its WSDLs are Oracle's, the
WSDLs are our own writing. It listens on 127.0.0.1 only, makes a new certificate authority at every start,
and leaves nothing behind.
"""
