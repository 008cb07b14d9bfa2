"""How the demonstration's content becomes pages and records, one subject a module."""
