"""The rule files of Acme; this file only makes their directory a package."""
