# Sourced by scripts/run and scripts/test: everything between a machine with only Python and a ready .venv.
# Standard output belongs to the program that is started, so all of this speaks on standard error.

ROOT=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
VENV=$ROOT/.venv
# Written last and removed first: an environment without a stamp is unfinished and is made anew.
STAMP=$VENV/cnnstudio-stamp

# A library that Qt loads, and the Debian or Ubuntu package that brings it.
OFFSCREEN_LIBRARIES=(
    libGL.so.1=libgl1
    libEGL.so.1=libegl1
    libxkbcommon.so.0=libxkbcommon0
    libglib-2.0.so.0=libglib2.0-0
    libfontconfig.so.1=libfontconfig1
    libdbus-1.so.3=libdbus-1-3
)
WINDOW_LIBRARIES=(
    "${OFFSCREEN_LIBRARIES[@]}"
    libxcb-cursor.so.0=libxcb-cursor0
    libxcb-icccm.so.4=libxcb-icccm4
    libxcb-keysyms.so.1=libxcb-keysyms1
    libxcb-image.so.0=libxcb-image0
    libxcb-render-util.so.0=libxcb-render-util0
    libxcb-randr.so.0=libxcb-randr0
    libxcb-shape.so.0=libxcb-shape0
    libxcb-xkb.so.1=libxcb-xkb1
    libxkbcommon-x11.so.0=libxkbcommon-x11-0
)

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# Runs a command and shows what it printed only where it fails.
quietly() {
    local output
    output=$("$@" 2>&1 </dev/null) || {
        printf '%s\n' "$output" >&2
        return 1
    }
}

# ---- system packages ------------------------------------------------------------------------------

apt_line() { printf 'apt-get install -y --no-install-recommends %s' "$*"; }

# Prints what to put before apt-get, one word a line; fails where packages may not be installed.
root_prefix() {
    command -v apt-get >/dev/null || return 1
    if ((EUID == 0)); then
        echo env
    else
        sudo -n true 2>/dev/null || return 1
        printf '%s\n' sudo -n env
    fi
}

# Installs packages; status 2 says that this account may not.
apt_install() {
    local prefix output
    prefix=$(root_prefix) || return 2
    mapfile -t prefix <<<"$prefix"
    prefix+=(DEBIAN_FRONTEND=noninteractive)
    say "Installing system packages: $*"
    # An old package list often still does, so only the outcome of the install counts.
    "${prefix[@]}" apt-get -qq update >/dev/null 2>&1 </dev/null || true
    # shellcheck disable=SC2046
    quietly "${prefix[@]}" $(apt_line -qq -o DPkg::Lock::Timeout=300 "$@")
}

# Installs packages or ends the script with the one line to type.
need_packages() {
    apt_install "$@" || fail "System packages are missing. Install them, then start this again:  sudo $(apt_line "$@")"
}

# Prints the packages of those libraries that cannot be loaded.
missing_packages() {
    "$VENV/bin/python" -IS - "$@" <<'PYTHON'
import ctypes
import sys

for entry in sys.argv[1:]:
    library, package = entry.split("=")
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
PYTHON
}

# Sees to it that every given LIBRARY=PACKAGE can be loaded.
need_libraries() {
    local packages
    mapfile -t packages < <(missing_packages "$@")
    ((${#packages[@]} == 0)) || need_packages "${packages[@]}"
}

# ---- Python ---------------------------------------------------------------------------------------

# A version manager may put commands on the path that only print an error, so each is really run.
is_supported() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }
can_make_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Prints the Python to use: the newest that can make an environment, else the newest.
find_python() {
    local name found=
    for name in python3.13 python3.12 python3.11 python3; do
        is_supported "$name" || continue
        if can_make_venv "$name"; then
            echo "$name"
            return
        fi
        found=${found:-$name}
    done
    echo "$found"
}

make_venv() {
    local python version
    python=$(find_python)
    [[ -n $python ]] || fail "CNN Studio needs Python 3.11, 3.12 or 3.13 and found none. Install one, then start" \
        "this again:  sudo $(apt_line python3 python3-venv)"
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    can_make_venv "$python" || need_packages "python$version-venv"
    say "Making .venv with Python $version ..."
    quietly "$python" -m venv --clear "$VENV" || fail "Could not make $VENV; the lines above say why."
}

# ---- the environment ------------------------------------------------------------------------------

venv_works() { [[ -f $STAMP ]] && "$VENV/bin/python" -Ic 'import pip' 2>/dev/null; }

# Everything that decides what is installed, and where.
fingerprint() {
    {
        cat "$ROOT/pyproject.toml" "$ROOT/constraints.txt"
        echo "$ROOT"
        "$VENV/bin/python" -ISc 'import sys; print(sys.version_info[:2])'
    } | sha256sum | cut -d ' ' -f 1
}

# is_ready run|dev: the environment is finished and holds at least that.
is_ready() {
    local current
    [[ -f $STAMP ]] && current=$(fingerprint 2>/dev/null) || return 1
    case $(<"$STAMP") in
        "$current dev" | "$current $1") return 0 ;;
        *) return 1 ;;
    esac
}

pip() {
    # The build must be pinned too: without its own option a constraint does not reach it.
    quietly "$VENV/bin/python" -m pip install --quiet --constraint "$ROOT/constraints.txt" "$@" ||
        fail "pip could not install the packages; the lines above say why. Start this again to try once more."
}

# install run|dev: makes or mends the environment. Once made with the tools it keeps them.
install() {
    local kind=$1 group=()
    if venv_works; then
        [[ $(<"$STAMP") != *" dev" ]] || kind=dev
        rm -f "$STAMP"
    else
        make_venv
    fi
    [[ $kind != dev ]] || group=(--group "$ROOT/pyproject.toml:dev")
    say "Installing Python packages into .venv (the first time takes a few minutes and 2.5 GB) ..."
    pip pip
    pip --build-constraint "$ROOT/constraints.txt" --editable "$ROOT" "${group[@]}"
    echo "$(fingerprint) $kind" >"$STAMP.new"
    mv "$STAMP.new" "$STAMP"
    say "The environment is ready."
}

# prepare run|dev: returns with a finished environment. Two calls at once take turns.
prepare() {
    if is_ready "$1"; then return; fi
    (
        flock --nonblock 9 || {
            say "Waiting for another set-up to end ..."
            flock 9
        }
        is_ready "$1" || install "$1"
    ) 9<"$ROOT"
}
