#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/check/check_state.h"
#include "storage/keys/adjacency_block.h"

namespace tupu {

/// Walks through the adjacency keys in their order and gives every entry. With `report`, it also holds each list against
/// itself: blocks decode, entries are in order and within their fences, the head is the sum of its blocks, properties
/// decode and have names, the owner is there.
class AdjacencyWalk {
 public:
  using Visit = std::function<void(const DecodedAdjacencyKey& list, uint64_t target, uint64_t edge)>;
  using VisitEdge = std::function<void(const EdgeReference& edge, const Properties& properties)>;

  /// `visit_edge` is given each entry of an out-list with its properties; empty: not wanted.
  AdjacencyWalk(CheckState& state, bool report, Visit visit, VisitEdge visit_edge = {})
      : state_(state), report_(report), visit_(std::move(visit)), visit_edge_(std::move(visit_edge)) {}

  void Add(std::string_view key, std::string_view value);
  /// After the last key.
  void Finish() { FinishList(); }
  /// False once a block could not be decoded: its entries are not known.
  bool complete() const { return complete_; }

 private:
  void BeginList(const DecodedAdjacencyKey& decoded, std::string_view key);
  void FinishList();
  void AddEntries(std::string_view key, const DecodedAdjacencyKey& decoded, const AdjacencyBlock& block);
  void CheckPlaceOfBlock(std::string_view key, const DecodedAdjacencyKey& decoded, const AdjacencyHead& head);
  void VisitProperties(const DecodedAdjacencyKey& decoded);
  void CheckProperties(std::string_view key, const DecodedAdjacencyKey& decoded, const AdjacencyBlock& block);
  void Undecodable(std::string_view key, const DecodedAdjacencyKey& decoded, const Error& error);
  void Report(Damage damage, std::string_view key, const DecodedAdjacencyKey& list, std::string expected,
              std::string found);
  std::string DescribeList(const DecodedAdjacencyKey& list) const;

  CheckState& state_;
  const bool report_;
  const Visit visit_;
  const VisitEdge visit_edge_;
  bool complete_ = true;

  // The list at hand.
  std::optional<DecodedAdjacencyKey> list_;
  std::optional<AdjacencyHead> head_;
  std::string head_key_;
  uint64_t entries_ = 0;
  uint64_t self_loops_ = 0;
  std::optional<Fence> last_entry_;
  std::optional<Fence> last_fence_;
  bool decodes_ = true;

  std::vector<uint64_t> targets_;
  std::vector<uint64_t> edges_;
  std::vector<Properties> properties_;
};

}  // namespace tupu
