#!/bin/sh
# Make sure that Debian packages are there: setup/packages.sh COMMAND=PACKAGE... or '/PATTERN/OF/A/FILE=PACKAGE'...
# Installs what is missing where the user may (root, or sudo without a password); otherwise says what to type.
set -eu

missing=""
for pair in "$@"; do
    wanted=${pair%%=*}
    case $wanted in
        /*) set -- $wanted; [ -e "$1" ] && continue ;;  # a pattern: the shell expands it
        *) command -v "$wanted" >/dev/null 2>&1 && continue ;;
    esac
    missing="$missing ${pair#*=}"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "setup: missing:$missing. Install them with this system's package manager, then run make again." >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "setup: missing:$missing. Type: sudo apt-get install$missing    and then run make again." >&2
    exit 1
fi
echo "setup: installing$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # a list of words on purpose
$as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
