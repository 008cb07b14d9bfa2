"""The demonstration: what the portal shows after ``make demo``, told as data and drawn by code.

``content`` says everything in words, ``pictures`` draws everything to be seen;
neither knows a Django model.
"""
