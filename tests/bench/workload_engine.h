#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/database.h>
#include <tupu/result.h>
#include <tupu/value.h>

#include "tests/bench/workload.h"

namespace tupu {

/// What one call answered, so that engines can be compared: a sum over its rows, in whatever order they came.
///
/// The checksum of a row is FNV-1a (64 bits) over its values, each followed by byte 0x1F: an integer in decimal digits,
/// a text as its UTF-8, true and false as words, null as "null". Questions round what has a fraction.
class WorkloadAnswer {
 public:
  WorkloadAnswer() = default;
  WorkloadAnswer(uint64_t rows, uint64_t checksum) : rows_(rows), checksum_(checksum) {}

  void Add(std::string_view text);
  void Add(int64_t integer);
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
  virtual bool Takes(const WorkloadQuery& query) const { return query.FindText(name()) != nullptr; }

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
  /// Before calls of this question, which it takes.
  virtual Status Start(const WorkloadQuery& query) = 0;
  /// `answer` is null when time is taken.
  virtual Status Call(const Map& input, WorkloadAnswer* answer) = 0;
};

/// tupu through its library.
std::unique_ptr<WorkloadEngine> MakeTupuEngine(Database database);
/// Loads `folder`, then runs the statements of `load`.
Status LoadTupu(Database& database, const std::vector<std::string>& load, const std::string& folder);
/// On the database in `directory`, which is made by LoadTupu where it is missing.
Result<std::unique_ptr<WorkloadEngine>> OpenTupuEngine(const std::string& directory,
                                                       const std::vector<std::string>& load, const std::string& folder);

/// Code written by hand for questions on the firm graph, over arrays in memory: no database, the machine's floor.
std::unique_ptr<WorkloadEngine> MakeFloorEngine(const FirmGraph& graph);

/// SQLite through its C interface. A statement `IMPORT file.csv INSERT ...` of `load` runs the INSERT for each row of a
/// file of `folder`, the cells as ?1, ?2 ... Only where its library was found.
Result<std::unique_ptr<WorkloadEngine>> OpenSqliteEngine(const std::string& path, const std::vector<std::string>& load,
                                                         const std::string& folder);

/// A peer that is called through node, in a process of its own: see tests/bench/peers/peer.mjs.
struct PeerOptions {
  std::string name;      // kuzu, ladybug or duckdb
  std::string driver;    // path of peer.mjs
  std::string packages;  // folder that holds node_modules
  size_t threads = 1;
};
Result<std::unique_ptr<WorkloadEngine>> OpenPeerEngine(const PeerOptions& options, const std::string& path,
                                                       const std::vector<std::string>& load, const std::string& folder);

}  // namespace tupu
