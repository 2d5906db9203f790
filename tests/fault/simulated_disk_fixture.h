#pragma once

#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/fault/fault_config.h"
#include "tests/fault/faulty_store.h"
#include "tests/fault/simulated_disk.h"
#include "tests/storage/temporary_directory.h"

namespace tupu {

/// A store on a simulated disk, with the number of commits of the script that it has acknowledged.
class SimulatedDiskTest : public testing::Test {
 protected:
  SimulatedDiskTest() : random_(FaultSeed()) {}

  /// A new empty one.
  void StartDisk() {
    store_ = {};
    std::filesystem::remove_all(directory_ / "disk");
    std::filesystem::create_directories(directory_ / "disk");
    disk_ = std::make_shared<SimulatedDisk>(directory_ / "disk", directory_ / "attic", random_());
    done_ = 0;
  }
  std::string path() const { return directory_ / "disk" + "/db"; }

  TemporaryDirectory directory_{FastFolder()};
  std::mt19937_64 random_;
  std::shared_ptr<SimulatedDisk> disk_;
  FaultyStore store_;
  uint64_t done_ = 0;  // acknowledged
};

}  // namespace tupu
