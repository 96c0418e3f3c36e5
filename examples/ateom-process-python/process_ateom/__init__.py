"""A sandbox back end of class `process-python`: a plain process a container, its state in files."""
