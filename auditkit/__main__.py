"""``python -m auditkit``."""

from auditkit.cli.main import run

if __name__ == "__main__":
    run()
