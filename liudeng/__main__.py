"""`python -m liudeng`: the command line."""

from liudeng.cli import main

if __name__ == "__main__":
    main()
