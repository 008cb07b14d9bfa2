"""Formats of dates, times and numbers for Vietnamese."""
