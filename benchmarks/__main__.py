"""``python -m benchmarks``: measure everything and print the table."""

from benchmarks.run import main

raise SystemExit(main())
