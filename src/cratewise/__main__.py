"""`python -m cratewise`: the same program as `cratewise`."""

from cratewise.cli.app import main

if __name__ == "__main__":
    main()
