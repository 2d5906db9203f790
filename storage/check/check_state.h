#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/catalog/catalog.h"
#include "storage/catalog/index_catalog.h"
#include "storage/check/check_graph.h"
#include "storage/check/id_set.h"
#include "storage/keys/graph_counts.h"
#include "storage/keys/key_codec.h"
#include "storage/keys/saved_csr_record.h"
#include "storage/ontology/ontology.h"

namespace tupu {

class SideFiles;

/// What the parts of one check share: the snapshot, the report that grows, and what one part leaves for the next.
/// Order: meta, vertices, indexes, edges, counts.
class CheckState {
 public:
  CheckState(const KvSnapshot& kv, const CheckOptions& options) : kv_(kv), options_(options) {}

  const KvSnapshot& kv() const { return kv_; }
  CheckedNumbers& checked() { return report_.checked; }
  CheckReport TakeReport() { return std::move(report_); }

  void Report(Finding finding);
  /// True once so much is wrong that looking for more tells nothing new.
  bool enough() const { return report_.total >= options_.max_findings * 10; }
  void LeaveOut() { report_.all_counted = false; }

  /// Visits every key of [begin, end). The first error of `visit` ends it and is returned; damage found by the store ends
  /// it as well, is reported, and gives false.
  Result<bool> Scan(Keyspace space, std::string_view begin, std::string_view end,
                    const std::function<Status(std::string_view key, std::string_view value)>& visit);

  // From meta.
  Catalog catalog;  // an id without a name has one made up, so that all others keep theirs
  NameTable<IdGroupId> id_groups;
  GraphCounts stored;  // as the store has them
  bool has_counts = false;
  Ontology ontology;
  bool ontology_known = true;
  IndexCatalog indexes;
  bool indexes_known = true;
  std::optional<SavedCsrRecord> saved_csrs;

  // From vertices and edges.
  GraphCounts counted;  // vertices, edges, by_label, by_type as they are
  IdSet vertices;
  IdSet undecodable;  // vertices whose labels nobody knows
  bool labels_complete = true;
  bool vertices_complete = true;  // false: some could not be read, so that what is missing may be there
  bool records_decode = true;     // false: some do not, and what they call for is not known
  bool edges_complete = true;
  std::vector<uint64_t>
      list_sums;  // with saved CSRs: of HashOfStep over all lists of a type and side, by 2 * type + side

  std::string LabelName(LabelId label) const;
  std::string TypeName(EdgeTypeId type) const;

 private:
  const KvSnapshot& kv_;
  const CheckOptions& options_;
  CheckReport report_;
  uint64_t visited_ = 0;
};

std::string Describe(VertexId vertex);
/// "keyspace index, key 4c00…": for findings without an entity.
std::string Hex(std::string_view bytes);

// The parts, each in its own file.
Status CheckMeta(CheckState& state);
class IndexCheck;
Status CheckVertices(CheckState& state, IndexCheck& indexes);
Status CheckEdges(CheckState& state, IndexCheck& indexes);
Status CheckCounts(CheckState& state);
/// Null: the store has no files.
Status CheckSavedCsrs(CheckState& state, const SideFiles* files);

/// An entry of the lists of one type and side.
uint64_t HashOfStep(uint64_t vertex, uint64_t target, uint64_t edge);

}  // namespace tupu
