#include "storage/check/adjacency_walk.h"

#include <algorithm>

#include <fmt/format.h>

namespace tupu {

namespace {

std::string Text(const Fence& fence) {
  if (fence == Fence{}) return "the greatest";
  return fmt::format("(target {}, edge {})", fence.target, fence.edge);
}

std::string DegreeText(uint64_t degree, uint64_t self_loops) {
  return fmt::format("{} edges, {} of them loops", degree, self_loops);
}

bool SameList(const DecodedAdjacencyKey& a, const DecodedAdjacencyKey& b) {
  return a.vertex == b.vertex && a.side == b.side && a.type == b.type;
}

}  // namespace

std::string AdjacencyWalk::DescribeList(const DecodedAdjacencyKey& list) const {
  return fmt::format("{}-list of vertex {}, type {}", list.side == AdjacencySide::kOut ? "out" : "in",
                     ToInteger(list.vertex), state_.TypeName(list.type));
}

void AdjacencyWalk::Report(Damage damage, std::string_view key, const DecodedAdjacencyKey& list, std::string expected,
                           std::string found) {
  if (!report_) return;
  state_.Report(
      {damage, Keyspace::kAdjacency, std::string(key), DescribeList(list), std::move(expected), std::move(found)});
}

void AdjacencyWalk::Undecodable(std::string_view key, const DecodedAdjacencyKey& decoded, const Error& error) {
  decodes_ = false;
  complete_ = false;
  Report(Damage::kBlock, key, decoded, "", error.message);
}

void AdjacencyWalk::Add(std::string_view key, std::string_view value) {
  const Result<DecodedAdjacencyKey> decoded = DecodeAdjacencyKey(key);
  if (!decoded) {
    if (report_) {
      state_.Report(
          {Damage::kUnknownKey, Keyspace::kAdjacency, std::string(key), "adjacency", "", decoded.error().message});
    }
    return;
  }
  if (!list_ || !SameList(*list_, *decoded)) BeginList(*decoded, key);
  if (report_) ++state_.checked().adjacency_blocks;
  const Result<AdjacencyBlock> block = AdjacencyBlock::Parse(value);
  if (!block) return Undecodable(key, *decoded, block.error());
  CheckPlaceOfBlock(key, *decoded, block->head());
  if (decoded->is_head) head_ = block->head();
  if (!block->head().split) AddEntries(key, *decoded, *block);
}

void AdjacencyWalk::BeginList(const DecodedAdjacencyKey& decoded, std::string_view key) {
  FinishList();
  list_ = decoded;
  head_.reset();
  head_key_ = AdjacencyHeadKey(decoded.vertex, decoded.side, decoded.type);
  entries_ = self_loops_ = 0;
  last_entry_.reset();
  last_fence_.reset();
  decodes_ = true;
  if (!report_) return;
  ++state_.checked().adjacency_lists;
  if (state_.vertices_complete && !state_.vertices.Has(ToInteger(decoded.vertex))) {
    Report(Damage::kDanglingEnd, key, decoded, "a list of a vertex that is there", "there is no such vertex");
  }
  if (ToInteger(decoded.type) >= state_.catalog.edge_types().size()) {
    Report(Damage::kDictionary, key, decoded, "an edge type that has a name",
           fmt::format("edge type {}", ToInteger(decoded.type)));
  }
}

void AdjacencyWalk::FinishList() {
  if (!list_ || !decodes_) return;
  if (!head_) {
    return Report(Damage::kBlock, head_key_, *list_, "a head before the blocks of a long list", "none");
  }
  if (head_->degree != entries_ || head_->self_loops != self_loops_) {
    Report(Damage::kDegree, head_key_, *list_, DegreeText(entries_, self_loops_) + ", in its blocks",
           DegreeText(head_->degree, head_->self_loops) + ", in its head");
  }
}

void AdjacencyWalk::CheckPlaceOfBlock(std::string_view key, const DecodedAdjacencyKey& decoded,
                                      const AdjacencyHead& head) {
  if (decoded.is_head == head.fence_block) {
    Report(Damage::kBlock, key, decoded, decoded.is_head ? "a head or a whole list" : "a block under a fence",
           head.fence_block ? "a block under a fence" : "a head or a whole list");
  } else if (!decoded.is_head && head_ && !head_->split) {
    Report(Damage::kBlock, key, decoded, "no blocks under fences: the head holds the whole list", Text(decoded.fence));
  }
}

void AdjacencyWalk::AddEntries(std::string_view key, const DecodedAdjacencyKey& decoded, const AdjacencyBlock& block) {
  Status read = block.DecodeTargets(targets_);
  if (read) read = block.DecodeEdgeIds(edges_);
  if (!read) return Undecodable(key, decoded, read.error());
  bool in_order = true;
  for (size_t i = 0; i < targets_.size(); ++i) {
    const Fence entry{targets_[i], edges_[i]};
    if ((last_entry_ && entry <= *last_entry_) || (last_fence_ && entry <= *last_fence_) || entry > decoded.fence) {
      if (in_order) {
        Report(
            Damage::kBlock, key, decoded,
            last_fence_ ? fmt::format("ascending entries above the fence {}", Text(*last_fence_)) : "ascending entries",
            fmt::format("{} in the block under the fence {}", Text(entry), Text(decoded.fence)));
      }
      in_order = false;
    }
    last_entry_ = entry;
    if (entry.target == ToInteger(decoded.vertex)) ++self_loops_;
    visit_(decoded, targets_[i], edges_[i]);
  }
  entries_ += targets_.size();
  if (!decoded.is_head) last_fence_ = decoded.fence;
  if (report_ || visit_edge_) CheckProperties(key, decoded, block);
}

void AdjacencyWalk::VisitProperties(const DecodedAdjacencyKey& decoded) {
  for (size_t i = 0; i < properties_.size(); ++i) {
    visit_edge_({static_cast<EdgeId>(edges_[i]), decoded.vertex, static_cast<VertexId>(targets_[i]), decoded.type},
                properties_[i]);
  }
}

void AdjacencyWalk::CheckProperties(std::string_view key, const DecodedAdjacencyKey& decoded,
                                    const AdjacencyBlock& block) {
  if (const Status read = block.DecodeProperties(properties_); !read) {
    complete_ = false;
    return Report(Damage::kBlock, key, decoded, "properties that can be decoded", read.error().message);
  }
  if (visit_edge_ && decoded.side == AdjacencySide::kOut) VisitProperties(decoded);
  for (size_t i = 0; i < properties_.size(); ++i) {
    for (const auto& [property, value] : properties_[i]) {
      if (ToInteger(property) < state_.catalog.property_keys().size()) continue;
      return Report(Damage::kDictionary, key, decoded, "property keys that have a name",
                    fmt::format("property key {} of edge {}", ToInteger(property), edges_[i]));
    }
    if (decoded.side == AdjacencySide::kIn && !properties_[i].empty()) {
      return Report(Damage::kBlock, key, decoded, "properties in the out-list alone",
                    fmt::format("properties of edge {}", edges_[i]));
    }
  }
}

}  // namespace tupu
