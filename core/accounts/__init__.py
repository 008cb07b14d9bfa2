"""Accounts and roles in the admin: Wagtail's screens with what this portal needs besides."""
