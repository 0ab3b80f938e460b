#!/usr/bin/env bash
# Sets up what Latente needs; what is there already is left alone, so that a second run takes no time.
#
#   setup.sh system run|test|corpus    Debian packages: to run, for the tests, the sounds that training reads
#   setup.sh python                    .venv with the exact versions of pyproject.toml and requirements.lock
#
# PYTHON        the Python to make .venv with (3.11 to 3.13)
# TORCH_INDEX   one more index for torch, where pip's own has only builds with CUDA
set -euo pipefail
cd "$(dirname "$0")/.."

run_packages=(
  libportaudio2                                   # sound out
  libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1
  libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0
)
test_packages=(xvfb xauth openbox jackd2 jack-capture xdotool) # a screen and a sound card made of software
corpus_packages=(fluidr3mono-gm-soundfont musescore-general-soundfont-small sonic-pi-samples hydrogen-drumkits)

say() { printf '%s\n' "$*" >&2; }

usable_python() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() { # prints the first Python that will do
  local candidate
  for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if usable_python "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

installed() { # newer Debians rename some libraries to NAMEt64
  local name
  for name in "$1" "$1t64"; do
    if [[ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" == installed ]]; then return 0; fi
  done
  return 1
}

system() {
  local list="$1_packages[@]" missing=() package python
  if ! command -v apt-get >/dev/null; then
    if [[ "$(uname)" == Linux ]]; then
      say "This is no Debian: if something is missing, install what these Debian packages hold: ${!list}"
    fi
    return 0
  fi
  for package in "${!list}"; do
    installed "$package" || missing+=("$package")
  done
  if [[ $1 == run ]]; then
    if ! python=$(find_python); then
      missing+=(python3 python3-venv)
    elif [[ ! -e .venv ]] && ! "$python" -c 'import ensurepip' 2>/dev/null; then
      missing+=(python3-venv)
    fi
  fi
  ((${#missing[@]})) || return 0

  local install=(apt-get install -y --no-install-recommends "${missing[@]}") as_root=()
  if ((EUID != 0)); then
    if ! sudo -n true 2>/dev/null; then
      say "These system packages are missing and need your password. Type this, then run make again:"
      say "  sudo ${install[*]}"
      say "Going on without them as far as possible."
      return 0
    fi
    as_root=(sudo -n)
  fi
  say "Installing system packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq >&2 || say "The package lists could not be refreshed; trying with those here."
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "${install[@]}" -qq >&2; then
    say "That did not work. Install them by hand: sudo ${install[*]}"
    say "Going on without them as far as possible."
  fi
}

python() {
  local stamp=.venv/latente-setup wanted python
  wanted=$( (sed '/^\[tool\.ruff/,$d' pyproject.toml && cat requirements.lock packaging/setup.sh) | cksum) # the checks are no matter
  if [[ -x .venv/bin/python && "$(cat $stamp 2>/dev/null)" == "$wanted" ]]; then return 0; fi
  if ! python=$(find_python); then
    say "Latente needs Python 3.11, 3.12 or 3.13. Install one, or name it: make PYTHON=/path/to/python3.12 run"
    return 1
  fi
  if ! usable_python .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    say "Making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
  fi
  local pip=(.venv/bin/python -m pip install --disable-pip-version-check --constraint requirements.lock)
  [[ -t 1 ]] || pip+=(--quiet) # a person sees the download go on, a log stays short
  say "Installing Python packages into .venv (about 2 GB the first time, some minutes)"
  # torch first and alone: any other package's request for it would bring several GB of CUDA.
  "${pip[@]}" ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} torch
  # It lists PyAudio, which has to be compiled; only its offline renderer is used.
  "${pip[@]}" --no-deps tinysoundfont
  "${pip[@]}" --editable '.[dev]'
  echo "$wanted" >$stamp
}

case "${1:-}:${2:-}" in
  system:run | system:test | system:corpus) system "$2" ;;
  python:) python ;;
  *)
    say "usage: setup.sh system run|test|corpus | setup.sh python"
    exit 2
    ;;
esac
