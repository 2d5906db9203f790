#pragma once

#include <cstdint>
#include <string>
#include <string_view>
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

  /// These require a call. Of wall_us, share in [0, 1].
  double Percentile(double share) const;
  double MeanWall() const;
  double MeanCpu() const { return cpu_us / static_cast<double>(wall_us.size()); }
  uint64_t Checksum() const;
};

struct WorkloadRow {
  const WorkloadQuery* query = nullptr;
  std::vector<WorkloadFigures> engines;

  /// Null: it took no part.
  const WorkloadFigures* Find(std::string_view engine) const;
  /// Whether tupu and this engine gave the same answer to all inputs that both were asked with.
  bool Agrees(const WorkloadFigures& other) const;
  /// Neither agrees nor is expected to differ.
  bool IsWrong(const WorkloadFigures& other) const;
};

/// One run: all questions, with a number of threads.
struct WorkloadReport {
  std::string data;  // what was asked about, e.g. "firms s1"
  size_t threads = 1;
  bool sum = false;
  std::vector<std::string> engines;  // in the order of the columns; "floor" and "tupu" are no peers
  std::vector<WorkloadRow> rows;
  std::vector<std::string> notes;  // e.g. peers that are not there

  /// Whether any engine's answer is wrong or missing.
  bool HasWrongAnswer() const;
};

/// A table with one line a question, times in microseconds: p50 of each engine, of a peer also as a multiple of tupu's;
/// tupu's p99 and CPU time; the best peer and the floor as multiples. `≠` marks an answer other than tupu's. Notes below.
std::string WorkloadTable(const WorkloadReport& report);

/// The tables as Markdown, with the date and the kind of machine.
std::string WorkloadMarkdown(const std::vector<WorkloadReport>& reports);

/// All figures, with mean, calls and checksums.
std::string WorkloadJson(const std::vector<WorkloadReport>& reports);

}  // namespace tupu
