"""Screens of the admin that are about the portal as a whole."""
