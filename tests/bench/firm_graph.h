#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <tupu/result.h>

namespace tupu {

/// The generated graph that tupu and its peers are measured on: firms, their products, segments, regions and policies.
///
/// Every vertex and edge is a function of (seed, kind, number) alone, so that any size is made in constant memory and
/// the same seed gives the same bytes on every machine.
///
/// Vertices  edges / 10: 70 % Firm, 28 % Product, 0.4 % Segment, 0.6 % Region, 1 % Policy (at least one each). Ids are
///           whole numbers, dense over all labels: firms first, then products and so on. Names are unique; every other
///           one is Chinese, the rest English.
/// Edges     the types and shares of kFirmEdgeTypes. Starts and ends of firms follow power laws (few have thousands of
///           edges), no self loops, parallel edges occur; rows come in no order of their ends. Each has `since`
///           (1990 to 2021) and `weight` (three decimals below 1).
struct FirmGraphOptions {
  uint64_t edges = 1'000'000;  // at least 100
  uint64_t seed = 1;
};

enum class FirmLabel : uint8_t { kFirm, kProduct, kSegment, kRegion, kPolicy };

struct FirmLabelShare {
  FirmLabel label;
  std::string_view name;
  std::string_view file;
  int per_thousand;  // of the vertices; firms take what rounding leaves
};
inline constexpr std::array<FirmLabelShare, 5> kFirmLabels = {{
    {FirmLabel::kFirm, "Firm", "nodes_firm.csv", 700},
    {FirmLabel::kProduct, "Product", "nodes_product.csv", 280},
    {FirmLabel::kSegment, "Segment", "nodes_segment.csv", 4},
    {FirmLabel::kRegion, "Region", "nodes_region.csv", 6},
    {FirmLabel::kPolicy, "Policy", "nodes_policy.csv", 10},
}};

struct FirmEdgeShare {
  std::string_view name;
  std::string_view file;
  FirmLabel end;  // every edge starts at a firm
  int percent;    // of the edges; the first type takes what rounding leaves
};
inline constexpr std::array<FirmEdgeShare, 7> kFirmEdgeTypes = {{
    {"PARTNERS_WITH", "edges_partners_with.csv", FirmLabel::kFirm, 30},
    {"SUPPLIES", "edges_supplies.csv", FirmLabel::kFirm, 25},
    {"INVESTS_IN", "edges_invests_in.csv", FirmLabel::kFirm, 15},
    {"OFFERS", "edges_offers.csv", FirmLabel::kProduct, 12},
    {"OPERATES_IN", "edges_operates_in.csv", FirmLabel::kSegment, 9},
    {"LOCATED_IN", "edges_located_in.csv", FirmLabel::kRegion, 7},
    {"ACQUIRED", "edges_acquired.csv", FirmLabel::kFirm, 2},
}};

class FirmGraph {
 public:
  struct Edge {
    uint64_t start = 0;
    uint64_t end = 0;
    int since = 0;
    int weight_thousandths = 0;
  };

  explicit FirmGraph(const FirmGraphOptions& options);

  uint64_t vertices() const { return first_[kFirmLabels.size()]; }
  uint64_t CountOf(FirmLabel label) const { return first_[Index(label) + 1] - first_[Index(label)]; }
  uint64_t FirstIdOf(FirmLabel label) const { return first_[Index(label)]; }
  /// Number of edges of kFirmEdgeTypes[type].
  uint64_t EdgesOf(size_t type) const { return edges_[type]; }

  /// Replaces `out`. Requires: number < CountOf(label).
  void NameOf(FirmLabel label, uint64_t number, std::string& out) const;
  /// Requires: number < EdgesOf(type).
  Edge EdgeAt(size_t type, uint64_t number) const;

 private:
  static size_t Index(FirmLabel label) { return static_cast<size_t>(label); }
  uint64_t Random(uint64_t stream, uint64_t number) const;
  uint64_t FirmOfRank(uint64_t rank) const;

  uint64_t seed_;
  uint64_t firm_stride_ = 1;  // spreads the ranks of firms over their ids
  std::array<uint64_t, kFirmLabels.size() + 1> first_{};
  std::array<uint64_t, kFirmEdgeTypes.size()> edges_{};
};

/// Gives the CSV text of one file of the set (a name of kFirmLabels or kFirmEdgeTypes) to `write`, some 100 KiB at a
/// time. The form is neo4j-admin's: `id:ID{id-type:long},name,:LABEL` and
/// `:START_ID,:END_ID,:TYPE,since:int,weight:float`.
Status WriteFirmVertices(const FirmGraph& graph, const FirmLabelShare& label,
                         const std::function<Status(std::string_view)>& write);
Status WriteFirmEdges(const FirmGraph& graph, size_t type, const std::function<Status(std::string_view)>& write);

/// Writes all files into `directory`, which is made. Cost: about 0.1 us a row. Errors: kIo.
Status WriteFirmGraph(const FirmGraph& graph, const std::string& directory);

}  // namespace tupu
