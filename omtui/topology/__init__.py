"""What can be reached: targets out of a set-up, the prober that visits them, its verdicts, history and reports.

The way of a review: `targets.collect` reads the profile, `review.run_review` probes every target through a
transport (`transport.LocalTransport`: from this machine), `verdict.judge` turns what was seen into words,
`probe_history.ProbeHistory` keeps the results, `reports` prints them; pages and tables are made by `omtui.documents`.

Importing this package or `targets`, `words`, `probe_history` costs next to nothing; the network, TLS and
certificate libraries are imported when the first probe needs them.
"""
