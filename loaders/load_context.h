#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tupu/result.h>

#include "loaders/csv/csv_rows.h"
#include "loaders/load.h"
#include "loaders/load_names.h"
#include "loaders/load_plan.h"
#include "loaders/merge/edge_merger.h"
#include "loaders/merge/vertex_merger.h"
#include "loaders/row_report.h"

namespace tupu {

class Ontology;

/// Tells how far the load is, and stops it when asked to.
class LoadProgress {
 public:
  LoadProgress(const LoaderOptions& options, uint64_t bytes_total) : options_(options), bytes_total_(bytes_total) {}

  void EnterPhase(LoadPhase phase) { phase_ = phase; }
  /// Called once a row: looks up every some thousand of them. Errors: kCancelled, kResourceExhausted.
  Status Row(const auto& bytes_taken) {
    if (++rows_ % kRowsPerLook != 0) return {};
    Tell(bytes_done_ + bytes_taken());
    return options_.cancellation.Check();
  }
  void FileDone(uint64_t bytes) { Tell(bytes_done_ += bytes); }

 private:
  static constexpr uint64_t kRowsPerLook = 4096;
  void Tell(uint64_t done) const {
    if (options_.progress) options_.progress(done, bytes_total_, phase_);
  }

  const LoaderOptions& options_;
  uint64_t bytes_total_;
  uint64_t bytes_done_ = 0;
  uint64_t rows_ = 0;
  LoadPhase phase_ = LoadPhase::kVertices;
};

/// Names of a transaction.
class TransactionNames : public LoadNames {
 public:
  TransactionNames(GraphTransaction& transaction, VertexMerger& vertices)
      : transaction_(transaction), vertices_(vertices) {}
  LabelId Label(std::string_view name) override { return transaction_.InternLabel(name); }
  EdgeTypeId Type(std::string_view name) override { return transaction_.InternEdgeType(name); }
  PropertyKeyId Key(std::string_view name) override { return transaction_.InternPropertyKey(name); }
  uint32_t Group(std::string_view name) override { return vertices_.GroupIndex(name); }

 private:
  GraphTransaction& transaction_;
  VertexMerger& vertices_;
};

/// The error of an edge whose end is not there.
Error NoSuchEnd(const LoadPlan& plan, std::string_view group, std::string_view id, std::string_view end);

/// What the readers of all formats share during one load.
struct LoadContext {
  const LoaderOptions& options;
  const LoadPlan& plan;
  std::string delimiter;
  GraphTransaction& transaction;
  const Ontology& ontology;
  VertexMerger& vertices;
  EdgeMerger& edges;
  RowReport& report;
  LoadProgress& progress;
  LoadNames& ids;
  NameCells& names;
  IdTypes id_types;

  /// The row's `sources`, if it names none and the load has a source key. Sorts nothing.
  void AddSource(Properties& properties) const;
  /// The vertex of an edge's end. Errors: kInvalidArgument if there is none. `end`: "start" or "end".
  Result<VertexId> ResolveEnd(uint32_t group, std::string_view id, std::string_view end) const;
};

}  // namespace tupu
