"""Media intake: what may come in, and what is published of it.

Pure functions on files; models and tasks stand upon them.

- ``vetting``: is this file what we accept? Decided from its bytes.
- ``renditions``: the published widths of one picture, made from one decode.
"""
