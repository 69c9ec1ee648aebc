# A fresh clone needs python3.11 (with venv), Node 20 (npm) and make; every target sets up .venv and
# the page assets by itself.
# Stamps are named by the content of the locks and by the place, so a moved or updated checkout
# sets itself up again and an unchanged one does nothing.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# A platform is a handful of processes and its tests start hundreds: without compiled modules each
# would spend seconds on compiling the same sources.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
BENCH_BIN := .venv-bench/bin
DEV_KEY := $(shell (pwd; cat requirements/dev.lock) | cksum | cut -d' ' -f1)
BENCH_KEY := $(shell (pwd; cat requirements/bench.lock) | cksum | cut -d' ' -f1)
DEV := .venv/.ready-$(DEV_KEY)
BENCH := .venv-bench/.ready-$(BENCH_KEY)
ASSETS_KEY := $(shell (pwd; cat frontend/package-lock.json frontend/icons.txt \
	tools/vendor_assets.py) | cksum | cut -d' ' -f1)
ASSETS := src/jigai/core/static/vendor/.ready-$(ASSETS_KEY)
PACKS := $(patsubst %/pack.yaml,%,$(wildcard packs/*/pack.yaml))
EXAMPLE := docs/pack-author/example-county
WORKERS ?= 2
REPEATS ?= 5
PIP := -m pip --disable-pip-version-check --no-input
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate --quiet

.PHONY: help setup run test check format bench docs lock audit clean

help: ## 列出可用的命令
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 12

define make_venv
rm -rf $(1)
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo '需要 Python 3.11 或更新版本' >&2; exit 1; }
$(PYTHON) -m venv $(1) || { echo '建立 $(1) 失败:请先安装 python3-venv' >&2; exit 1; }
$(1)/bin/python $(PIP) install -qq --require-hashes -r $(2)
$(1)/bin/python $(PIP) install -qq --no-deps --no-build-isolation -e .
touch $(3)
endef

$(DEV):
	@echo '正在准备 .venv …' >&2
	@$(call make_venv,.venv,requirements/dev.lock,$(DEV))

$(BENCH):
	@echo '正在准备 .venv-bench …' >&2
	@$(call make_venv,.venv-bench,requirements/bench.lock,$(BENCH))

$(ASSETS): | $(DEV)
	@echo '正在准备页面资源 …' >&2
	@command -v npm > /dev/null || { echo '需要 Node 20 与 npm' >&2; exit 1; }
	@cd frontend && npm ci --silent --no-audit --no-fund
	@$(BIN)/python tools/vendor_assets.py
	@touch $@

setup: $(DEV) $(ASSETS) ## 准备 .venv 与页面资源

run: $(DEV) $(ASSETS) ## 启动平台,第一次会建库并装入样例;Ctrl-C 停止
	@exec $(BIN)/jigai up $(UP)

test: $(DEV) $(ASSETS) ## 跑测试
	@$(BIN)/python tools/browser.py
	@$(BIN)/python -m pytest -q -n $(WORKERS)

check: $(DEV) $(ASSETS) ## 格式、类型、导入约定、数据包、仓库规矩
	@# Types take as long as the rest: side by side.
	@set -e; $(BIN)/mypy & types=$$!; \
	$(BIN)/ruff check .; $(BIN)/ruff format --check .; $(BIN)/lint-imports --no-cache; \
	$(if $(PACKS),$(BIN)/jigai pack lint $(PACKS) $(EXAMPLE),echo '还没有数据包' >&2); \
	wait $$types
	@$(BIN)/python tools/check_house.py

format: $(DEV) ## 改写成统一的格式
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(BENCH) $(ASSETS) ## 与同类引擎对比,结果写入 build/bench
	@$(BENCH_BIN)/python -m bench.rules --repeats $(REPEATS)
	@$(BENCH_BIN)/python -m bench.sweep --repeats $(REPEATS)
	@$(BENCH_BIN)/python -m bench.imports
	@$(BENCH_BIN)/python -m bench.lists
	@$(BENCH_BIN)/python -m bench.registers
	@$(BENCH_BIN)/python -m bench.cases
	@$(BENCH_BIN)/python -m bench.library
	@$(BENCH_BIN)/python -m bench.monthly
	@$(BENCH_BIN)/python -m bench.rounds

docs: $(DEV) ## 由数据包生成参考文档到 build/docs
	@mkdir -p build/docs
	@for pack in $(PACKS); do \
		$(BIN)/jigai pack explain "$$pack" > "build/docs/$$(basename "$$pack").md"; \
		echo "build/docs/$$(basename "$$pack").md"; \
	done

lock: $(DEV) ## 重新解析依赖,写出带散列的锁文件
	@$(BIN)/uv pip compile pyproject.toml $(LOCK) -o requirements/runtime.lock
	@$(BIN)/uv pip compile pyproject.toml --group dev -c requirements/runtime.lock $(LOCK) \
		-o requirements/dev.lock
	@$(BIN)/uv pip compile pyproject.toml --group bench -c requirements/runtime.lock $(LOCK) \
		-o requirements/bench.lock
	@$(BIN)/python tools/lock_assets.py

audit: $(DEV) ## 查依赖的已知漏洞(需要网络)
	@$(BIN)/pip-audit --require-hashes --disable-pip -r requirements/runtime.lock

clean: ## 删除生成物与虚拟环境
	@rm -rf .venv .venv-bench frontend/node_modules src/jigai/core/static/vendor build dist \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	@find src tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} +
