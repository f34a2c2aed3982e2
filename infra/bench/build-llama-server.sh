#!/usr/bin/env bash
# Builds the llama-server of the pinned llama.cpp release, to be measured beside Parley's engine.
#
#   infra/bench/build-llama-server.sh      prints the program's path; once built it does nothing more
#
# It goes to $PARLEY_HOME/llama-server-0.5.0 and takes 5 to 15 minutes on two cores. The server does not run
# on kernels of this build: its directory has links to the libraries that Parley fetches from npm, the very
# files that the engine loads, libllama and all CPU variants. So only what is around the kernels differs.
# On a GPU (bench engine --gpu) the same program runs on the libraries of infra/gpu/build-libllama.sh.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/../llama/source.sh"

need git npm tar cmake make g++ flock sha256sum
home=$(parley_home)
target=$home/llama-server-$LLAMA_RELEASE
natives=$(llama_natives "$home")

exec 9>"$home/llama-server.lock"
flock 9
if [[ ! -x $target/llama-server ]]; then
  bundle=$(llama_bundle "$home")
  # Beside the target, so that links mean the same there.
  aside=$home/.llama-server.aside
  done=$home/.llama-server.done
  log=$home/llama-server-build.log
  rm -rf "$aside" "$done" && mkdir "$aside" "$done"
  llama_unpack "$bundle" "$aside/source"
  say "building llama-server $LLAMA_RELEASE, some minutes; its log is $log"
  {
    # The CPU backend comes from npm's files, not from here.
    cmake -S "$llama_cmake" -B "$aside/build" "${LLAMA_FLAGS[@]}" "-DLLAMA_SOURCE=$aside/source" \
      -DGGML_CPU=OFF -DLLAMA_BUILD_COMMON=ON -DLLAMA_BUILD_TOOLS=ON -DLLAMA_BUILD_SERVER=ON &&
      cmake --build "$aside/build" --target llama-server -j "$(nproc)"
  } >"$log" 2>&1 || fail "the build failed: the end of $log says why."
  for file in "$aside/build/bin/llama-server" "$aside"/build/bin/*.so; do
    [[ -e $natives/$(basename "$file") ]] || cp "$file" "$done/"
  done
  for file in "$natives"/*.so; do
    ln -s "../${natives#"$home"/}/$(basename "$file")" "$done/"
  done
  said=$("$done/llama-server" --version 2>&1) || fail "the server was built in $done but does not start: $said"
  rm -rf "$target"
  mv "$done" "$target"
  rm -rf "$aside"
fi
printf '%s\n' "$target/llama-server"
