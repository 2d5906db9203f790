#pragma once

#include <cstdint>
#include <string>

namespace tupu {

/// A count from the environment (TUPU_FAULT_CUTS=10000), or what CI runs.
uint64_t FaultCount(const char* variable, uint64_t in_ci);

/// The seed of this run: TUPU_FAULT_SEED, or one that each commit of the source changes. Printed once, so that a failure
/// can be run again.
uint64_t FaultSeed();

/// Where simulated disks are kept: in memory if that can be, as no real sync is asked for.
std::string FastFolder();

}  // namespace tupu
