"""`python -m academy`: prepare the academy, then keep its web server and its worker running."""

import sys

from academy.starting import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
