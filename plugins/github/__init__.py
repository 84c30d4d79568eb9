"""What the workflows in .github/workflows do beside drilling. `python3 -m plugins.github` lists it.

Python's own library and the command `gh` are enough for it: no environment is set up for it.
"""
