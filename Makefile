# The commands of Urban Academy. What they do is in deploy/launch.py.
# Another Python: PYTHON=python3.12 make run

PYTHON ?= python3

.PHONY: help run install serve test coverage browser bench bench-search relevance lock translations clean
help run install serve test coverage browser bench bench-search relevance lock translations clean:
	@$(PYTHON) deploy/launch.py $@
