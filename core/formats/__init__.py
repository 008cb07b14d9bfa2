"""Local formats by language, named in the setting FORMAT_MODULE_PATH."""
