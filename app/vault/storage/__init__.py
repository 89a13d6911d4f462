"""Where the bytes of documents are: one port, and the two stores behind it.

A key is made once for one upload and never again, also for the same bytes: so nothing that
takes a file away can meet somebody who has just come to rely on it.
"""
