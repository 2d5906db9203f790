#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <tupu/result.h>

#include "tests/bench/workload.h"
#include "tests/bench/workload_engine.h"

namespace tupu {

/// What one engine did on one question, over all rounds.
struct WorkloadFigures {
  std::string engine;
  std::string failure;  // empty: it answered
  std::vector<WorkloadAnswer> answers;
  std::vector<double> wall_us;
  double cpu_us = 0;

  double Percentile(double share) const;  // of wall_us, share in [0, 1]; requires a call
  double MeanWall() const;
  double MeanCpu() const { return cpu_us / static_cast<double>(wall_us.size()); }
  uint64_t Checksum() const;
};

struct WorkloadRow {
  const WorkloadQuery* query = nullptr;
  std::vector<WorkloadFigures> engines;  // the first is what the others are compared with

  const WorkloadFigures* Find(std::string_view engine) const;
  /// Whether all inputs that both were asked with got the same answer.
  bool Agrees(const WorkloadFigures& other) const;
};

/// A table of all figures, times in microseconds, for people.
void PrintWorkload(const std::vector<WorkloadRow>& rows, std::FILE* out);

/// Errors: kIo.
Status WriteWorkloadJson(const std::vector<WorkloadRow>& rows, const std::string& path);

}  // namespace tupu
