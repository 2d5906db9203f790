#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tupu/result.h>

#include "loaders/csv/column_type.h"
#include "loaders/load.h"
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

/// Label and type names of cells -> ids; most rows repeat the one before.
class NameCells {
 public:
  NameCells(GraphTransaction& transaction, char delimiter) : transaction_(transaction), delimiter_(delimiter) {}

  /// "Organization;Firm" -> sorted ids. Lives as long as this.
  const std::vector<LabelId>& Labels(std::string_view cell);
  EdgeTypeId Type(std::string_view cell);

 private:
  GraphTransaction& transaction_;
  char delimiter_;
  std::unordered_map<std::string, std::vector<LabelId>> labels_;
  std::unordered_map<std::string, EdgeTypeId> types_;
  std::string last_labels_;
  const std::vector<LabelId>* last_label_ids_ = nullptr;
  std::string last_type_;
  EdgeTypeId last_type_id_{};
};

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
  NameCells& names;
  std::map<uint32_t, CsvColumnType> id_types;  // of id groups, as vertex files declared them

  /// The row's `sources`, if it names none and the load has a source key. Sorts nothing.
  void AddSource(Properties& properties) const;
  /// The vertex of an edge's end. Errors: kInvalidArgument if there is none. `end`: "start" or "end".
  Result<VertexId> ResolveEnd(uint32_t group, std::string_view id, std::string_view end) const;
};

}  // namespace tupu
