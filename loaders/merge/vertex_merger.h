#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tupu/result.h>

#include "storage/graph/graph_store.h"

namespace tupu {

class Ontology;

/// Where a row stands: for "first at ...".
struct RowPlace {
  uint32_t data_set = 0;
  uint32_t file = 0;  // into LoadContext's file names
  uint64_t line = 0;
};

/// The error of a row whose id its data set has given at `first` already.
Error IdGivenTwice(std::string_view id, std::string_view group, const RowPlace& first,
                   const std::deque<std::string>& file_names);

struct MergeCounts {
  uint64_t created = 0;
  uint64_t merged = 0;
  uint64_t unchanged = 0;
};

struct VertexRow {
  uint32_t group = 0;  // as GroupIndex gives it
  std::string_view id;
  std::vector<LabelId> labels;  // sorted
  Properties properties;        // sorted, no null
  RowPlace place;
};

/// Puts vertex rows into a transaction by the identity (group, external id), and resolves the ids that edges name.
///
/// Changes to vertices that were known before are gathered and written by Flush, so that rows whose changes cancel out
/// write nothing. Life: Merge*, Flush, then Resolve*.
class VertexMerger {
 public:
  /// All must outlive it. `file_names` is for messages.
  VertexMerger(GraphTransaction& transaction, const Ontology& ontology, const std::deque<std::string>& file_names);

  uint32_t GroupIndex(std::string_view name);
  const std::string& GroupName(uint32_t group) const { return groups_[group].name; }

  /// Errors: kInvalidArgument for an id that its data set has already; kConstraint by the ontology. The message has no
  /// place before it. Such a row changes nothing.
  Status Merge(const VertexRow& row);
  Status Flush();

  /// The vertex of an id, or nullopt; asks the store for ids of earlier loads.
  Result<std::optional<VertexId>> Resolve(uint32_t group, std::string_view id);
  /// The labels of a vertex as names, for the ontology. Lives until the next call of anything.
  Result<const std::vector<std::string>*> LabelNames(VertexId vertex);

  const MergeCounts& counts() const { return counts_; }

 private:
  struct Entry {
    VertexId vertex{};
    bool has_place = false;  // a row of this load named it
    RowPlace place;
  };
  struct Group {
    std::string name;
    std::unordered_map<std::string_view, Entry> entries;
  };
  struct Pending {
    VertexRecord record;  // as it shall be
    uint64_t rows = 0;
  };

  Entry& Remember(uint32_t group, std::string_view id, VertexId vertex);
  Result<Entry*> FindEntry(uint32_t group, std::string_view id);
  Status Create(const VertexRow& row);
  Status MergeKnown(VertexId vertex, const VertexRow& row);
  Status Write(VertexId vertex, const VertexRecord& record, uint64_t rows);
  Status Check(const VertexRow& row, const std::vector<LabelId>& labels, const Properties& properties);
  /// Takes the declared keys of the vertex's labels for it. Errors: kConstraint if another vertex of this load has one of
  /// them; against the vertices of earlier loads the store checks when the transaction commits.
  Status TakeKeys(const VertexRow& row, const std::vector<std::string>& labels, const Map& properties);
  const std::vector<std::string>& NamesOf(const std::vector<LabelId>& labels);

  GraphTransaction& transaction_;
  const Ontology& ontology_;
  const std::deque<std::string>& file_names_;
  bool store_has_vertices_ = false;
  std::vector<PropertyKeyId> united_;
  std::deque<Group> groups_;
  std::deque<std::string> ids_;  // a deque: views into it stay good while it grows
  std::map<VertexId, Pending> pending_;
  std::map<std::vector<LabelId>, std::vector<std::string>> label_names_;
  std::unordered_map<uint64_t, const std::vector<std::string>*> labels_of_vertex_;
  struct KeyOwner {
    uint32_t group = 0;
    std::string id;
    RowPlace place;
  };
  std::unordered_map<std::string, KeyOwner> key_owners_;  // by label and key values
  MergeCounts counts_;
};

}  // namespace tupu
