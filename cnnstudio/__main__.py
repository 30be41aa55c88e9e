"""Lets `python -m cnnstudio` do what the command `cnnstudio` does."""

from cnnstudio.cli import main

if __name__ == "__main__":
    main()
