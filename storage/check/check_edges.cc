#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "storage/check/adjacency_walk.h"
#include "storage/check/bucket_sums.h"
#include "storage/check/edge_claims.h"
#include "storage/check/index_check.h"
#include "storage/keys/bytes.h"

namespace tupu {

namespace {

/// Edges whose claims are kept at once while differences are looked up; about 250 bytes each.
constexpr uint64_t kMaxGathered = 1'000'000;

// Sides of the sums: entries with both ends, and the list of the start alone, as a place has it.
constexpr size_t kOutEntries = 0;
constexpr size_t kInEntries = 1;
constexpr size_t kOutLists = 2;
constexpr size_t kPlaces = 3;

uint32_t BucketOfEdge(uint64_t edge) {
  return BucketSums::BucketOf(MixBits(edge));
}

EdgeClaims::Entry EntryOf(const DecodedAdjacencyKey& list, uint64_t target) {
  const auto other = static_cast<VertexId>(target);
  if (list.side == AdjacencySide::kOut) return {list.vertex, list.type, other};
  return {other, list.type, list.vertex};
}

class EdgeCheck {
 public:
  EdgeCheck(CheckState& state, IndexCheck& indexes) : state_(state), indexes_(indexes), sums_(4) {}

  Status Run() {
    TUPU_TRY_ASSIGN(const bool has_places, VisitPlaces(true, [&](uint64_t edge, const EdgePlace& place) {
                      sums_.Add(kPlaces, BucketOfEdge(edge),
                                HashNumbers(edge, ToInteger(place.type), ToInteger(place.start), 0));
                    }));
    Status failed;
    AdjacencyWalk::VisitEdge visit_edge;
    if (indexes_.wants_edges()) {
      visit_edge = [&](const EdgeReference& edge, const Properties& properties) {
        if (failed) failed = indexes_.AddEdge(edge, properties);
      };
    }
    AdjacencyWalk walk(
        state_, true,
        [&](const DecodedAdjacencyKey& list, uint64_t target, uint64_t edge) { AddEntry(list, target, edge); },
        visit_edge);
    state_.list_sums.resize(2 * state_.catalog.edge_types().size());
    TUPU_TRY_ASSIGN(const bool has_lists, Walk(walk));
    TUPU_TRY(std::move(failed));
    state_.edges_complete = has_lists && walk.complete();
    state_.checked().edges = state_.counted.edges;
    // Without all of the one side, what the other has more of is not known to be wrong.
    return state_.edges_complete && has_places && places_decode_ ? CompareClaims() : Status();
  }

 private:
  Result<bool> Walk(AdjacencyWalk& walk) {
    TUPU_TRY_ASSIGN(const bool complete,
                    state_.Scan(Keyspace::kAdjacency, "", "", [&](std::string_view key, std::string_view value) {
                      walk.Add(key, value);
                      return Status();
                    }));
    walk.Finish();
    return complete;
  }

  /// Gives every place in ascending edge ids; with `report`, says which blocks cannot be decoded.
  Result<bool> VisitPlaces(bool report, const std::function<void(uint64_t edge, const EdgePlace& place)>& visit) {
    return state_.Scan(Keyspace::kEdge, "", "", [&](std::string_view key, std::string_view value) -> Status {
      ByteReader reader(key);
      const uint64_t block = reader.U64();
      const Status decoded_key = reader.Finish("key of edge places");
      const Result<EdgePlaces> places = EdgePlaces::Decode(value);
      if (report) ++state_.checked().edge_place_blocks;
      if (!decoded_key || !places || places->empty()) {
        places_decode_ = false;
        if (!report) return {};
        std::string why = !decoded_key ? decoded_key.error().message : places ? "no edges" : places.error().message;
        state_.Report({decoded_key ? Damage::kEdgePlace : Damage::kUnknownKey, Keyspace::kEdge, std::string(key),
                       fmt::format("places of the edges from {}", block * kEdgesPerPlaceBlock), "", std::move(why)});
        return {};
      }
      for (size_t i = 0; i < places->slots().size(); ++i) {
        if (places->slots()[i]) visit(block * kEdgesPerPlaceBlock + i, *places->slots()[i]);
      }
      return {};
    });
  }

  void AddEntry(const DecodedAdjacencyKey& list, uint64_t target, uint64_t edge) {
    const EdgeClaims::Entry entry = EntryOf(list, target);
    const uint32_t bucket = BucketOfEdge(edge);
    const bool out = list.side == AdjacencySide::kOut;
    sums_.Add(out ? kOutEntries : kInEntries, bucket,
              HashNumbers(edge, ToInteger(entry.type), ToInteger(entry.start), ToInteger(entry.end)));
    if (state_.saved_csrs) {
      const size_t slot = 2 * size_t{ToInteger(list.type)} + static_cast<size_t>(list.side);
      // A type without a name is reported by the walk.
      if (slot < state_.list_sums.size()) {
        state_.list_sums[slot] += HashOfStep(ToInteger(list.vertex), target, edge);
      }
    }
    if (!out) return;
    sums_.Add(kOutLists, bucket, HashNumbers(edge, ToInteger(entry.type), ToInteger(entry.start), 0));
    ++state_.counted.edges;
    if (ToInteger(entry.type) < state_.catalog.edge_types().size()) state_.counted.AddToType(entry.type, 1);
    if (state_.has_counts && edge >= state_.stored.next_edge) {
      state_.Report({Damage::kAboveMark, Keyspace::kAdjacency,
                     AdjacencyHeadKey(list.vertex, AdjacencySide::kOut, list.type), fmt::format("edge {}", edge),
                     fmt::format("an id below {}", state_.stored.next_edge), std::to_string(edge)});
    }
  }

  bool Differs(uint32_t bucket) const {
    return sums_.Differ(kOutEntries, kInEntries, bucket) || sums_.Differ(kOutLists, kPlaces, bucket);
  }

  Status CompareClaims() {
    const uint64_t per_bucket = state_.counted.edges / BucketSums::kBuckets + 1;
    uint32_t bucket = 0;
    while (true) {
      BucketChoice choice;
      uint64_t chosen = 0;
      for (; bucket < BucketSums::kBuckets && chosen * per_bucket < kMaxGathered; ++bucket) {
        if (!Differs(bucket)) continue;
        choice.Choose(bucket);
        ++chosen;
      }
      if (chosen == 0) return {};
      if (state_.enough()) {
        state_.LeaveOut();
        return {};
      }
      TUPU_TRY(ReportDifferences(choice));
    }
  }

  Status ReportDifferences(const BucketChoice& choice) {
    std::map<uint64_t, EdgeClaims> claims;
    TUPU_TRY(VisitPlaces(false, [&](uint64_t edge, const EdgePlace& place) {
      if (choice.Has(BucketOfEdge(edge))) claims[edge].places.push_back(place);
    }));
    AdjacencyWalk walk(state_, false, [&](const DecodedAdjacencyKey& list, uint64_t target, uint64_t edge) {
      if (!choice.Has(BucketOfEdge(edge))) return;
      EdgeClaims& of_edge = claims[edge];
      (list.side == AdjacencySide::kOut ? of_edge.out : of_edge.in).push_back(EntryOf(list, target));
    });
    TUPU_TRY(Walk(walk));
    for (const auto& [edge, of_edge] : claims) ReportClaims(state_, static_cast<EdgeId>(edge), of_edge);
    return {};
  }

  CheckState& state_;
  IndexCheck& indexes_;
  BucketSums sums_;
  bool places_decode_ = true;
};

}  // namespace

Status CheckEdges(CheckState& state, IndexCheck& indexes) {
  return EdgeCheck(state, indexes).Run();
}

}  // namespace tupu
