#!/bin/sh
# Install omtui from this folder, using nothing from outside it but CPython 3.11 for Linux on x86-64.
#
#   ./install.sh [PREFIX]       PREFIX is ~/.local unless given
#
# The program goes to PREFIX/share/omtui/VERSION and is linked as PREFIX/bin/omtui. PYTHON names the interpreter
# if it is not `python3.11` or `python3`. To remove it: rm -r PREFIX/share/omtui PREFIX/bin/omtui
set -eu

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

cd "$(dirname "$0")"
sha256sum --check --quiet SHA256SUMS >&2 || fail "this copy is damaged or incomplete (see above); fetch the bundle again"
# pip would take a newer wheel that somebody put next to the others.
extra=$(find . ! -type d ! -path ./SHA256SUMS | sed 's,^\./,,' | while IFS= read -r file; do
    cut -c 67- SHA256SUMS | grep -qxF -e "$file" || echo "$file"
done)
[ -z "$extra" ] || fail "this copy holds what SHA256SUMS does not list; remove it, or fetch the bundle again:" "$extra"
prefix=${1:-${HOME:?install.sh: HOME is not set, name a folder to install to}/.local}
mkdir -p "$prefix" || fail "cannot make the folder $prefix; name another: ./install.sh PREFIX"
prefix=$(cd "$prefix" && pwd)

fits() {
    "$1" -c 'import sys, sysconfig; sys.exit(sysconfig.get_config_var("SOABI") != "cpython-311-x86_64-linux-gnu")' 2>/dev/null
}
for python in ${PYTHON:-python3.11 python3} ''; do
    [ -n "$python" ] || fail "no CPython 3.11 for Linux on x86-64 (glibc) found; set PYTHON to one, e.g. PYTHON=/opt/python3.11/bin/python3.11 ./install.sh"
    if fits "$python"; then break; fi
done

version=$(cat VERSION)
target=$prefix/share/omtui/$version
rm -rf "$target"
mkdir -p "$target" "$prefix/bin" || fail "cannot write to $prefix; name another folder: ./install.sh PREFIX"
# pip comes from its own wheel: Debian's python3 has ensurepip only with the package python3-venv.
"$python" -m venv --without-pip "$target" || fail "$python cannot make a virtual environment (see above)"
pip=$(echo wheels/pip-*.whl)/pip
PIP_CONFIG_FILE=/dev/null "$target/bin/python" "$pip" --isolated install --quiet --no-index \
    --no-cache-dir --disable-pip-version-check --find-links wheels "omtui==$version" ||
    fail "pip could not install the wheels (see above); nothing was linked"
ln -sfn "$target/bin/omtui" "$prefix/bin/omtui"

"$prefix/bin/omtui" --version
case ":$PATH:" in
*":$prefix/bin:"*) ;;
*) echo "Add $prefix/bin to PATH, or call $prefix/bin/omtui" ;;
esac
