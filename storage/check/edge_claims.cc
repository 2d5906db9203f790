#include "storage/check/edge_claims.h"

#include <algorithm>

#include <fmt/format.h>

namespace tupu {

namespace {

class ClaimsReport {
 public:
  ClaimsReport(CheckState& state, EdgeId edge, const EdgeClaims& claims)
      : state_(state), edge_(edge), claims_(claims) {}

  void Run() {
    if (claims_.out.size() > 1) Doubled(claims_.out, "out-lists");
    if (claims_.in.size() > 1) Doubled(claims_.in, "in-lists");
    if (claims_.out.empty() && claims_.in.empty()) return PlaceOfNoEdge();
    const Entry edge = Choose();
    CheckOut(edge);
    CheckIn(edge);
    CheckPlace(edge);
  }

 private:
  using Entry = EdgeClaims::Entry;

  bool PlaceFits(const Entry& entry) const {
    return !claims_.places.empty() && claims_.places[0] == EdgePlace{entry.start, entry.type};
  }

  /// The claim that two of the three make; else the out-entry, with which the properties stand.
  Entry Choose() const {
    const auto is_in = [&](const Entry& out) {
      return std::find(claims_.in.begin(), claims_.in.end(), out) != claims_.in.end();
    };
    for (const Entry& out : claims_.out) {
      if (is_in(out) && PlaceFits(out)) return out;
    }
    for (const Entry& out : claims_.out) {
      if (is_in(out) || PlaceFits(out)) return out;
    }
    if (!claims_.in.empty() && (claims_.out.empty() || PlaceFits(claims_.in[0]))) return claims_.in[0];
    return claims_.out[0];
  }

  std::string Text(const Entry& entry) const {
    return fmt::format("edge {} ({})-[:{}]->({})", ToInteger(edge_), ToInteger(entry.start),
                       state_.TypeName(entry.type), ToInteger(entry.end));
  }
  std::string Text(const EdgePlace& place) const {
    return fmt::format("out-list of vertex {}, type {}", ToInteger(place.start), state_.TypeName(place.type));
  }

  void Doubled(const std::vector<Entry>& entries, std::string_view lists) {
    state_.Report({Damage::kDoubledEdge, Keyspace::kAdjacency,
                   lists == "out-lists" ? AdjacencyHeadKey(entries[1].start, AdjacencySide::kOut, entries[1].type)
                                        : AdjacencyHeadKey(entries[1].end, AdjacencySide::kIn, entries[1].type),
                   Text(entries[0]), fmt::format("once in the {}", lists),
                   fmt::format("{} times, also as {}", entries.size(), Text(entries[1]))});
  }

  void PlaceOfNoEdge() {
    if (claims_.places.empty()) return;
    state_.Report({Damage::kEdgePlace, Keyspace::kEdge, EdgePlacesKey(edge_), fmt::format("edge {}", ToInteger(edge_)),
                   "an edge in the " + Text(claims_.places[0]), "no list holds it"});
  }

  void CheckOut(const Entry& edge) {
    if (!claims_.out.empty() && (claims_.out.size() > 1 || claims_.out[0] == edge)) return;
    MissingEntry(edge, AdjacencyHeadKey(edge.start, AdjacencySide::kOut, edge.type), edge.start, "out", claims_.out);
  }
  void CheckIn(const Entry& edge) {
    if (!claims_.in.empty() && (claims_.in.size() > 1 || claims_.in[0] == edge)) return;
    MissingEntry(edge, AdjacencyHeadKey(edge.end, AdjacencySide::kIn, edge.type), edge.end, "in", claims_.in);
  }

  /// The edge is not in the list of `owner`, where it should be; `others` is where it stands instead, if anywhere.
  void MissingEntry(const Entry& edge, std::string key, VertexId owner, std::string_view side,
                    const std::vector<Entry>& others) {
    const bool dangling = state_.vertices_complete && !state_.vertices.Has(ToInteger(owner));
    const std::string found =
        others.empty() ? fmt::format("no {}-entry", side) : fmt::format("an {}-entry as {}", side, Text(others[0]));
    state_.Report({dangling ? Damage::kDanglingEnd : Damage::kOneDirection, Keyspace::kAdjacency, std::move(key),
                   Text(edge), fmt::format("an entry in the {}-list of vertex {}", side, ToInteger(owner)),
                   dangling ? found + ", and no such vertex" : found});
  }

  void CheckPlace(const Entry& edge) {
    if (PlaceFits(edge)) return;
    state_.Report({Damage::kEdgePlace, Keyspace::kEdge, EdgePlacesKey(edge_), Text(edge),
                   Text(EdgePlace{edge.start, edge.type}),
                   claims_.places.empty() ? "no place" : Text(claims_.places[0])});
  }

  CheckState& state_;
  const EdgeId edge_;
  const EdgeClaims& claims_;
};

}  // namespace

void ReportClaims(CheckState& state, EdgeId edge, const EdgeClaims& claims) {
  ClaimsReport(state, edge, claims).Run();
}

}  // namespace tupu
