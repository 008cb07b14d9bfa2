"""The site, not a feature: settings, addresses, the WSGI application. Nothing imports it."""
