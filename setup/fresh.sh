#!/bin/sh
# Prove the set-up: run both commands of the README in a new Debian bookworm that has Python, make and nothing else.
# Needs root. The chroot uses this machine's package sources, certificates and name resolution.
set -eu

[ "$(id -u)" -eq 0 ] || { echo "make fresh: needs root (it makes a chroot)" >&2; exit 1; }
sh setup/packages.sh debootstrap=debootstrap git=git
root=$(pwd)
place=$(mktemp -d /var/tmp/course-fresh.XXXXXX)
chmod 755 "$place"  # it becomes a root that every user may enter
server=""
end_server() {  # unshare heeds no other signal; with it ends the first process inside, and with that all others
    if [ -n "$server" ]; then kill -KILL "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    server=""
}
clean() {  # nothing is mounted outside the namespaces of what ran inside
    end_server
    rm -rf "$place"
}
trap clean EXIT INT TERM

mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \([^ ]*debian\/*\) .*/\1/p' \
    /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -n 1)
echo "fresh: making a new bookworm in $place"
# shellcheck disable=SC2086  # no mirror means debootstrap's own
debootstrap --variant=minbase --include=python3,make,ca-certificates bookworm "$place" $mirror >"$place.log" 2>&1 \
    || { tail -n 20 "$place.log" >&2; exit 1; }
rm -f "$place.log"
if [ -f /etc/apt/sources.list.d/debian.sources ]; then
    rm -f "$place/etc/apt/sources.list"
    cp /etc/apt/sources.list.d/debian.sources "$place/etc/apt/sources.list.d/"
fi
for file in /etc/resolv.conf /etc/hosts /etc/pip.conf; do
    [ ! -f "$file" ] || cp -L "$file" "$place$file"
done
for file in $(grep -ls Acquire:: /etc/apt/apt.conf.d/*); do
    cp "$file" "$place/etc/apt/apt.conf.d/"
done
mkdir -p "$place/etc/ssl/certs"
cp -L /etc/ssl/certs/ca-certificates.crt "$place/etc/ssl/certs/ca-certificates.crt"
git clone --quiet --no-hardlinks "$root" "$place/course"

# Runs in namespaces of its own with the new bookworm as its real root: in a chroot the kernel allows no sandbox. A clean
# environment; only what reaches the package sources is handed on. Ends this shell: call it as (inside "...").
inside() {
    exec env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        ${SSL_CERT_FILE:+SSL_CERT_FILE="$SSL_CERT_FILE"} ${PIP_CERT:+PIP_CERT="$PIP_CERT"} \
        ${PIP_INDEX_URL:+PIP_INDEX_URL="$PIP_INDEX_URL"} ${UV_DEFAULT_INDEX:+UV_DEFAULT_INDEX="$UV_DEFAULT_INDEX"} \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        ${OPENBLAS_CORETYPE:+OPENBLAS_CORETYPE="$OPENBLAS_CORETYPE"} \
        unshare --mount --pid --fork --kill-child --propagation private /bin/sh -euc '
            mount --bind "$1" "$1"
            cd "$1"
            mount -t proc proc proc
            mount --rbind /dev dev
            mount -t sysfs -o ro sys sys || true
            mkdir .outside
            pivot_root . .outside
            cd /
            umount -l /.outside
            rmdir /.outside
            cd /course
            status=0
            $2 || status=$?  # no exec: this shell is the first process and buries orphans
            exit $status' sh "$place" "$1"
}

echo "fresh: make start COURSE_ARGS=--no-browser"
(inside "make start COURSE_ARGS=--no-browser") >"$place/start.log" 2>&1 &
server=$!
address=""
waited=0
while [ -z "$address" ]; do
    kill -0 "$server" 2>/dev/null || { echo "fresh: make start ended" >&2; cat "$place/start.log" >&2; exit 1; }
    [ "$waited" -lt 900 ] || { echo "fresh: no address after 15 minutes" >&2; cat "$place/start.log" >&2; exit 1; }
    sleep 1
    waited=$((waited + 1))
    address=$(sed -n 's/.*\(http:\/\/[^ ]*\/course[^ ]*\).*/\1/p' "$place/start.log" | head -n 1)
done
python3 - "$address" <<'PYTHON'
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=60) as answer:
    page = answer.read().decode()
assert answer.status == 200 and "Static versus dynamic training" in page, page[:2000]
print(f"fresh: the course page answers ({len(page)} characters)")
PYTHON
end_server

echo "fresh: make test"
(inside "make test")
echo "fresh: both commands of the README work"
