"""`python -m mpp`: the same command as `mpp`."""

from mpp.cli.main import main

if __name__ == "__main__":
    main()
