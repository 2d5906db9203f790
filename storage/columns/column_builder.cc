#include "storage/columns/column_builder.h"

#include <algorithm>

#include "storage/keys/adjacency_lists.h"
#include "storage/keys/bytes.h"
#include "storage/keys/key_codec.h"
#include "storage/keys/property_row.h"
#include "storage/keys/vertex_record.h"

namespace tupu {

namespace {

/// Feeds one builder per key from a scan. A builder that was given up is gone.
class ColumnScanner {
 public:
  ColumnScanner(const TopologySource& source, std::span<const ColumnKey> keys,
                const std::function<bool(uint64_t bytes)>& fits, const std::atomic<bool>& stop)
      : source_(source), keys_(keys), fits_(fits), stop_(stop), edges_of_(source.counts.by_type.size()) {
    const GraphCounts& counts = source.counts;
    for (const ColumnKey& key : keys)
      builders_.emplace_back(std::in_place, key.entity == EntityKind::kVertex ? counts.next_vertex : counts.next_edge);
    left_ = builders_.size();
  }

  Status ScanVertices() {
    uint64_t vertices = 0;
    TUPU_TRY(Scan(Keyspace::kVertex, [&](std::string_view key, std::string_view bytes) -> Status {
      TUPU_TRY_ASSIGN(const VertexId vertex, DecodeVertexKey(key));
      ++vertices;
      return AddVertex(ToInteger(vertex), bytes);
    }));
    if (left_ > 0 && vertices != source_.counts.vertices) {
      return CorruptionOf("vertices", "there is another number of them than was counted");
    }
    return {};
  }

  Status ScanEdges() {
    TUPU_TRY(Scan(Keyspace::kAdjacency, [&](std::string_view key, std::string_view bytes) -> Status {
      TUPU_TRY_ASSIGN(const DecodedAdjacencyKey decoded, DecodeAdjacencyKey(key));
      return decoded.side == AdjacencySide::kOut ? AddBlock(decoded.type, bytes) : Status();
    }));
    for (size_t i = 0; i < keys_.size(); ++i) {
      const auto type = ToInteger(keys_[i].type);
      if (builders_[i] && (type < edges_of_.size() ? edges_of_[type] : 0) != source_.counts.OfType(keys_[i].type)) {
        return CorruptionOf("adjacency", "the lists of a type hold another number of edges than were counted");
      }
    }
    return {};
  }

  Result<std::vector<std::optional<PropertyColumn>>> Finish() {
    std::vector<std::optional<PropertyColumn>> columns(keys_.size());
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (!builders_[i]) continue;
      TUPU_TRY_ASSIGN(columns[i], builders_[i]->Finish());
      builders_[i].reset();
    }
    return columns;
  }

 private:
  template <class Add>
  Status Scan(Keyspace space, Add&& add) {
    Status failed;
    uint64_t steps = 0;
    TUPU_TRY(source_.kv->Scan(space, "", "", [&](std::string_view key, std::string_view value) {
      if ((++steps & 0x3ff) == 0) {
        if (stop_.load(std::memory_order_relaxed))
          failed = Error{ErrorCode::kCancelled, "a column's making was stopped"};
        GiveUpWhatDoesNotFit();
      }
      if (failed) failed = add(key, value);
      return failed.has_value() && left_ > 0;
    }));
    TUPU_TRY(std::move(failed));
    asked_for_ = 0;
    GiveUpWhatDoesNotFit();
    return {};
  }

  void GiveUpWhatDoesNotFit() {
    constexpr uint64_t kStep = 1 << 20;
    while (left_ > 0) {
      uint64_t bytes = 0;
      for (const auto& builder : builders_) bytes += builder ? builder->bytes() : 0;
      if (bytes < asked_for_) return;
      asked_for_ = bytes + kStep;
      if (fits_(2 * bytes)) return;  // Finish holds as much again
      const auto last = std::find_if(builders_.rbegin(), builders_.rend(), [](const auto& b) { return b.has_value(); });
      last->reset();
      --left_;
      asked_for_ = 0;
    }
  }

  Status AddVertex(uint64_t vertex, std::string_view bytes) {
    TUPU_TRY_ASSIGN(const VertexRecordView record, DecodeVertexRecord(bytes));
    TUPU_TRY(ParseRow(record.row, row_));
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (!builders_[i]) continue;
      if (keys_[i].label) {
        if (std::binary_search(record.labels.begin(), record.labels.end(), *keys_[i].label))
          builders_[i]->Append(vertex, Value(true));
        continue;
      }
      for (const RowEntry& entry : row_) {
        if (entry.key == keys_[i].key) builders_[i]->AppendEncoded(vertex, entry.value);
      }
    }
    return {};
  }

  Status AddBlock(EdgeTypeId type, std::string_view bytes) {
    bool wanted = false;
    for (size_t i = 0; i < keys_.size(); ++i) wanted = wanted || (builders_[i] && keys_[i].type == type);
    if (!wanted) return {};
    if (ToInteger(type) >= edges_of_.size()) return CorruptionOf("adjacency", "an edge of a type that has none");
    TUPU_TRY_ASSIGN(const AdjacencyBlock block, AdjacencyBlock::Parse(bytes));
    if (block.size() == 0) return {};
    TUPU_TRY(block.DecodeEdgeIds(edges_));
    edges_of_[ToInteger(type)] += edges_.size();
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (!builders_[i] || keys_[i].type != type) continue;
      TUPU_TRY(block.DecodeProperty(keys_[i].key, values_));
      for (size_t edge = 0; edge < edges_.size(); ++edge) {
        if (!values_[edge].is_null()) builders_[i]->Append(edges_[edge], values_[edge]);
      }
    }
    return {};
  }

  const TopologySource& source_;
  const std::span<const ColumnKey> keys_;
  const std::function<bool(uint64_t bytes)>& fits_;
  const std::atomic<bool>& stop_;
  std::vector<std::optional<PropertyColumnBuilder>> builders_;
  size_t left_ = 0;                 // builders that are there
  uint64_t asked_for_ = 0;          // fits_ need not be asked below it
  std::vector<uint64_t> edges_of_;  // found, by type
  std::vector<RowEntry> row_;
  std::vector<uint64_t> edges_;
  std::vector<Value> values_;
};

}  // namespace

Result<std::vector<std::optional<PropertyColumn>>> BuildPropertyColumns(const TopologySource& source,
                                                                        std::span<const ColumnKey> keys,
                                                                        const std::function<bool(uint64_t bytes)>& fits,
                                                                        const std::atomic<bool>& stop) {
  if (keys.empty()) return std::vector<std::optional<PropertyColumn>>();
  ColumnScanner scanner(source, keys, fits, stop);
  TUPU_TRY(keys[0].entity == EntityKind::kVertex ? scanner.ScanVertices() : scanner.ScanEdges());
  return scanner.Finish();
}

}  // namespace tupu
