#include "tests/fault/fault_config.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace tupu {

uint64_t FaultCount(const char* variable, uint64_t in_ci) {
  const char* given = std::getenv(variable);
  return given != nullptr ? std::strtoull(given, nullptr, 10) : in_ci;
}

uint64_t FaultSeed() {
  static const uint64_t seed = [] {
    uint64_t chosen = 0;
    if (const char* given = std::getenv("TUPU_FAULT_SEED")) {
      chosen = std::strtoull(given, nullptr, 10);
    } else {
      for (const char c : std::string_view(TUPU_COMMIT)) chosen = chosen * 31 + static_cast<unsigned char>(c);
    }
    std::printf("seed: TUPU_FAULT_SEED=%llu (commit %s)\n", static_cast<unsigned long long>(chosen), TUPU_COMMIT);
    return chosen;
  }();
  return seed;
}

std::string FastFolder() {
  const char* memory = "/dev/shm";
  return ::access(memory, W_OK) == 0 ? memory : std::filesystem::temp_directory_path().string();
}

}  // namespace tupu
