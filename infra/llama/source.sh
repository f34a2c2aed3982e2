# The exact source of the pinned llama.cpp, for the scripts that build from it; sourced, not run.
#
# npm's node-llama-cpp carries it as a git bundle, and the libraries that Parley fetches
# (shared/fetch, Natives) are built from that same bundle: what is built here has their interfaces.

LLAMA_RELEASE=0.5.0
LLAMA_PACKAGE=node-llama-cpp
LLAMA_PACKAGE_VERSION=3.22.1
LLAMA_PACKAGE_SHA256=a0d9dd80eacd2ab1cfe71aee57ac8a806487fd70b3d2a38fbec637752d9e5c5f
LLAMA_BUNDLE_SHA256=5f5d1105d5df040738d87b8290e5d17e7362131cdcfdb0831618e0ea528b4a51
llama_cmake=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 2; }

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || fail "needs '$tool' on the PATH; on Debian: apt-get install" \
      "cmake make g++ git npm util-linux"
  done
}

# Where downloads are kept: as Java resolves PARLEY_HOME from the environment.
parley_home() {
  local home=${PARLEY_HOME:-'~/.cache/parley'}
  [[ $home == '~' || $home == '~/'* ]] && home=$HOME${home:1}
  mkdir -p "$home" 2>/dev/null || fail "cannot write to $home: set PARLEY_HOME to a directory of yours."
  (cd "$home" && pwd)
}

# The directory of the libraries that Java fetches from npm, built from the same source.
llama_natives() {
  local home=$1 platform
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) platform=linux-x64 ;;
    Linux-aarch64) platform=linux-arm64 ;;
    *) fail "there are no pinned libraries for $(uname -s) on $(uname -m)." ;;
  esac
  local natives=$home/natives/$platform-$LLAMA_PACKAGE_VERSION
  [[ -f $natives/libllama.v$LLAMA_RELEASE.so ]] ||
    fail "llama.cpp's libraries are not in $natives yet: run './parley models fetch smollm2-135m' first."
  printf '%s\n' "$natives"
}

matches() { [[ -f $1 ]] && sha256sum --check --status <<<"$2  $1"; }

# Prints the path of the checked bundle, which is fetched once and kept.
llama_bundle() {
  local home=$1
  local bundle=$home/sources/llama.cpp-$LLAMA_RELEASE.bundle
  if ! matches "$bundle" "$LLAMA_BUNDLE_SHA256"; then
    local aside tarball=$LLAMA_PACKAGE-$LLAMA_PACKAGE_VERSION.tgz
    mkdir -p "$home/sources"
    aside=$(mktemp -d "$home/sources/.aside.XXXXXX")
    say "fetching $LLAMA_PACKAGE $LLAMA_PACKAGE_VERSION with npm: 34 MiB"
    (cd "$aside" && npm pack --silent "$LLAMA_PACKAGE@$LLAMA_PACKAGE_VERSION" >/dev/null) ||
      { rm -rf "$aside"; fail "npm could not fetch $LLAMA_PACKAGE: is this machine online, does npm's own set-up work?"; }
    matches "$aside/$tarball" "$LLAMA_PACKAGE_SHA256" ||
      { rm -rf "$aside"; fail "$tarball is not the pinned file; nothing was kept. Try again, or ask who altered it."; }
    tar -xzf "$aside/$tarball" -C "$aside" --strip-components=2 package/llama/gitRelease.bundle
    matches "$aside/gitRelease.bundle" "$LLAMA_BUNDLE_SHA256" ||
      { rm -rf "$aside"; fail "the bundle in $tarball is not the pinned one."; }
    mv "$aside/gitRelease.bundle" "$bundle"
    rm -rf "$aside"
  fi
  printf '%s\n' "$bundle"
}

# Unpacks the source into a new directory.
llama_unpack() {
  git -c advice.detachedHead=false clone -q "$1" "$2" || fail "git could not unpack $1: remove it and try again."
}

# What every build of it shares. Backends are loaded when the program starts, from where the libraries lie.
LLAMA_FLAGS=(
  -DCMAKE_BUILD_TYPE=Release
  -DBUILD_SHARED_LIBS=ON
  -DGGML_BACKEND_DL=ON
  -DGGML_NATIVE=OFF
  -DGGML_OPENMP=OFF
  -DLLAMA_BUILD_TESTS=OFF
  -DLLAMA_BUILD_EXAMPLES=OFF
  -DLLAMA_BUILD_APP=OFF
  -DLLAMA_BUILD_UI=OFF
  -DLLAMA_USE_PREBUILT_UI=OFF
  -DLLAMA_CURL=OFF
  -DLLAMA_OPENSSL=OFF)
