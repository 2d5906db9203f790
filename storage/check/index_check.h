#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/check/bucket_sums.h"
#include "storage/check/check_state.h"
#include "storage/check/index_entries.h"
#include "storage/check/label_sets.h"

namespace tupu {

/// Holds the indexes against the records.
///
///   AddVertex, AddEdge: what the records call for | AddStored: what is there | Compare: names what differs
class IndexCheck {
 public:
  explicit IndexCheck(CheckState& state)
      : state_(state), entries_(state.ontology, state.catalog, state.indexes), sums_(2), label_sets_(state) {}

  /// The vertices in ascending ids. Errors: kCorruption for a row that cannot be decoded.
  Status AddVertex(VertexId vertex, const VertexRecordView& record);
  /// A vertex of which only the id is known.
  Status AddUndecodableVertex(VertexId vertex) { return label_sets_.AddVertex(vertex, {}); }
  Status AddEdge(const EdgeReference& edge, const Properties& properties);
  bool wants_edges() const { return entries_.has_edge_indexes(); }

  /// After the last vertex.
  Status AddStored();
  /// After the last edge.
  Status Compare();

 private:
  /// What both sides say of one key; a key that two records call for has several values.
  struct Both {
    std::vector<std::string> from_records;
    std::optional<std::string> stored;
  };
  using Gathered = std::map<std::string, Both, std::less<>>;

  Status VisitStored(std::string_view key, std::string_view value);
  /// False for entries of indexes that are not online, which may lack some.
  bool IsCompared(std::string_view key) const;
  void CheckUnique(std::string_view key);
  void AddEntry(size_t side, std::string_view key, std::string_view value);
  Status ReportDifferences(const BucketChoice& choice);
  Status GatherFromRecords(const BucketChoice& choice, Gathered& gathered);
  void ReportEntry(const std::string& key, const Both& both);
  std::string Owner(std::string_view key, std::string_view value) const;
  std::string DescribeEntry(std::string_view key) const;

  CheckState& state_;
  const IndexEntries entries_;
  BucketSums sums_;
  LabelSetCheck label_sets_;
  bool stored_complete_ = false;
  std::string last_unique_;  // the entry before, of a unique index
};

}  // namespace tupu
