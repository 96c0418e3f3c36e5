#!/bin/sh
# Makes the virtual environment that ./run uses: setup.sh [FOLDER], default .venv beside this file.
# Needs Python 3.10 or later with venv (Debian: apt-get install python3-venv). Installs nothing outside the folder.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
venv=${1:-$here/.venv}
python=${PYTHON:-python3}
"$python" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 10))' || {
  echo "setup.sh: $python is missing, older than 3.10 or without venv (Debian: apt-get install python3-venv)" >&2
  exit 1
}
"$python" -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$here/requirements.txt"
