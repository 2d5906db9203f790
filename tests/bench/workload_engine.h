#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>
#include <tupu/value.h>

#include "tests/bench/workload.h"

namespace tupu {

/// What one call answered, so that engines can be compared: a sum over its rows, in whatever order they came.
///
/// The checksum of a row is FNV-1a (64 bits) over its values, each followed by byte 0x1F: an integer in decimal digits,
/// a text as its UTF-8, true and false as words, null as "null", a number with a fraction as its 10,000-fold, rounded.
class WorkloadAnswer {
 public:
  WorkloadAnswer() = default;
  WorkloadAnswer(uint64_t rows, uint64_t checksum) : rows_(rows), checksum_(checksum) {}

  void Add(std::string_view text);
  void Add(int64_t integer);
  void Add(double number);
  void Add(const Value& value);
  void EndRow();

  uint64_t rows() const { return rows_; }
  uint64_t checksum() const { return checksum_; }
  friend bool operator==(const WorkloadAnswer& a, const WorkloadAnswer& b) {
    return a.rows_ == b.rows_ && a.checksum_ == b.checksum_;
  }

 private:
  static constexpr uint64_t kFnvOffset = 14695981039346656037ull;
  uint64_t rows_ = 0;
  uint64_t checksum_ = 0;
  uint64_t row_ = kFnvOffset;
};

/// The calls of one round of one question.
struct WorkloadCalls {
  std::vector<double> wall_us;  // of each
  double cpu_us = 0;            // of all, all threads of the engine
};

/// An engine that holds the data and answers questions. Threads: one at a time.
class WorkloadEngine {
 public:
  virtual ~WorkloadEngine() = default;
  virtual const std::string& name() const = 0;

  /// Asks with one input after the other, for `seconds` at most, but at least once: so this warms the engine too.
  virtual Result<std::vector<WorkloadAnswer>> Answer(const WorkloadQuery& query, double seconds) = 0;
  /// A round of timed calls, all rows and columns of the answer read; it stops after `seconds`, but not before one call.
  virtual Result<WorkloadCalls> Measure(const WorkloadQuery& query, double seconds) = 0;
};

/// An engine that is called in this process.
class InProcessEngine : public WorkloadEngine {
 public:
  Result<std::vector<WorkloadAnswer>> Answer(const WorkloadQuery& query, double seconds) override;
  Result<WorkloadCalls> Measure(const WorkloadQuery& query, double seconds) override;

 protected:
  /// Before calls of this question.
  virtual Status Start(const WorkloadQuery& query) = 0;
  /// `answer` is null when time is taken.
  virtual Status Call(const Map& input, WorkloadAnswer* answer) = 0;
};

/// tupu through its library, on the database in `directory`.
Result<std::unique_ptr<WorkloadEngine>> OpenTupuEngine(const std::string& directory);

}  // namespace tupu
