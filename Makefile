# The commands of Urban Academy. What they do is in deploy/launch.py.
# Another Python: PYTHON=python3.12 make run

PYTHON ?= python3

.PHONY: help run test browser bench lock clean
help run test browser bench lock clean:
	@$(PYTHON) deploy/launch.py $@
