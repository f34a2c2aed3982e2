#!/usr/bin/env bash
# Builds llama.cpp's CUDA backend of the pinned release for one GPU architecture.
#
#   infra/gpu/build-libllama.sh --arch 90                    90: Hopper; 80, 86, 89, 120a: others
#   infra/gpu/build-libllama.sh --arch 90 --configure-only   checks source, tools and flags; builds nothing
#   infra/gpu/build-libllama.sh --arch 90 --out DIR          else $PARLEY_HOME/libllama-cuda-0.5.0-sm_90
#
# Prints a directory for PARLEY_LIB_DIR. In it are the libraries that Parley fetches from npm, libllama
# and all CPU variants, and libggml-cuda.so, which is compiled here from the source that they come from:
# npm's own CUDA builds have no machine code for Hopper. infra/bench's llama-server runs on it as well.
# "./parley bench engine --gpu" finds it here, and measures both.
#
# nvcc (CUDA 13) is taken from the PATH, else from NVIDIA's packages on PyPI: 864 MB, into
# $PARLEY_HOME/cuda-13.0, and what the GPU program needs of them is copied beside it. The build takes half
# an hour on two cores; the host compiler is g++ (12 to 15).
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/../llama/source.sh"

arch='' out='' configure_only=0
usage="usage: $(basename "$0") --arch N [--out DIR] [--configure-only]"
while (($#)); do
  case $1 in
    --arch) arch=${2:-} && shift 2 || fail "$usage" ;;
    --out) out=${2:-} && shift 2 || fail "$usage" ;;
    --configure-only) configure_only=1 && shift ;;
    *) fail "$usage" ;;
  esac
done
[[ $arch =~ ^[0-9]{2,3}[af]?$ ]] || fail "$usage; N is a compute capability without the point: 90 for an H100."

need git npm tar cmake make g++ flock sha256sum
home=$(parley_home)
out=${out:-$home/libllama-cuda-$LLAMA_RELEASE-sm_$arch}
out=$(mkdir -p "$(dirname "$out")" && cd "$(dirname "$out")" && pwd)/$(basename "$out")
natives=$(llama_natives "$home")

# Parts of a CUDA toolkit that PyPI has, put together as CMake expects one.
toolkit_from_pypi() {
  local venv=$home/cuda-13.0
  local cuda
  if [[ ! -e $venv/whole ]]; then
    need python3
    say "fetching CUDA 13.0's compiler and libraries with pip: 864 MB"
    rm -rf "$venv"
    python3 -m venv "$venv" || fail "python3 cannot make a virtual environment; on Debian: apt-get install python3-venv"
    local parts=(nvidia-cuda-nvcc nvidia-cuda-runtime nvidia-cublas nvidia-cuda-cccl nvidia-nvvm nvidia-cuda-crt)
    "$venv/bin/pip" install -q --disable-pip-version-check "${parts[@]/%/==13.0.*}" >&2 ||
      fail "pip could not fetch ${parts[*]}: is this machine online?"
  fi
  cuda=$(echo "$venv"/lib/python3*/site-packages/nvidia/cu13)
  [[ -x $cuda/bin/nvcc ]] || fail "pip's packages hold no nvcc in $cuda: remove $venv and try again."
  if [[ ! -e $venv/whole ]]; then
    local library
    for library in cudart cublas cublasLt; do
      ln -sfn "lib$library.so.13" "$cuda/lib/lib$library.so"
    done
    ln -sfn lib "$cuda/lib64"
    # The driver's library is there only where a GPU is; to link, its name is enough.
    mkdir -p "$cuda/lib/stubs"
    gcc -shared -Wl,-soname,libcuda.so.1 -o "$cuda/lib/stubs/libcuda.so" -x c /dev/null
    : >"$venv/whole"
  fi
  printf '%s\n' "$cuda"
}

flags=("${LLAMA_FLAGS[@]}" -DGGML_CPU=OFF -DLLAMA_BUILD_COMMON=OFF -DLLAMA_BUILD_TOOLS=OFF
  -DLLAMA_BUILD_SERVER=OFF "-DCMAKE_CUDA_ARCHITECTURES=$arch")
cuda=''
if command -v nvcc >/dev/null; then
  version=$(nvcc --version | sed -n 's/.*release \([0-9]*\)\..*/\1/p')
  ((${version:-0} >= 13)) || fail "the nvcc on the PATH is of CUDA ${version:-?}: 13 is needed; take it off the PATH to use PyPI's."
  flags+=(-DGGML_CUDA=ON)
elif ((configure_only)); then
  say "no nvcc on the PATH: a build would fetch CUDA 13.0 from PyPI (864 MB); here all but CUDA is configured."
  flags+=(-DGGML_CUDA=OFF)
else
  cuda=$(toolkit_from_pypi)
  flags+=(-DGGML_CUDA=ON "-DCMAKE_CUDA_COMPILER=$cuda/bin/nvcc" "-DCUDAToolkit_ROOT=$cuda"
    "-DCUDA_cuda_driver_LIBRARY=$cuda/lib/stubs/libcuda.so")
fi

exec 9>"$home/libllama-cuda.lock"
flock 9
if ((!configure_only)) && [[ -e $out/libggml-cuda.so ]]; then
  printf '%s\n' "$out"
  exit
fi
bundle=$(llama_bundle "$home")
aside=$(mktemp -d "$home/.libllama-cuda.XXXXXX")
trap 'rm -rf "$aside"' EXIT
log=$home/libllama-cuda-build.log
llama_unpack "$bundle" "$aside/source"
cmake -S "$llama_cmake" -B "$aside/build" "-DLLAMA_SOURCE=$aside/source" "${flags[@]}" >"$log" 2>&1 ||
  fail "cmake could not configure it: the end of $log says why."
if ((configure_only)); then
  say "configured: ${flags[*]}"
  exit
fi
say "compiling libggml-cuda.so for sm_$arch, half an hour on two cores; its log is $log"
cmake --build "$aside/build" --target ggml-cuda -j "$(nproc)" >>"$log" 2>&1 ||
  fail "the build failed: the end of $log says why."

mkdir "$aside/done"
cp "$natives"/*.so "$aside/build/bin/libggml-cuda.so" "$aside/done/"
if [[ -n $cuda ]]; then
  cp "$cuda"/lib/lib{cudart,cublas,cublasLt}.so.13 "$aside/done/"
fi
rm -rf "$out"
mv "$aside/done" "$out"
printf '%s\n' "$out"
