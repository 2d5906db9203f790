#include "storage/check/label_sets.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "storage/keys/bytes.h"
#include "storage/keys/membership.h"

namespace tupu {

namespace {

std::string NameOfSet(const CheckState& state, LabelId label) {
  return label == kAllVertices ? "the set of all vertices" : fmt::format("the set of {}", state.LabelName(label));
}

}  // namespace

Status LabelSetCheck::AddVertex(VertexId vertex, const std::vector<LabelId>& labels) {
  const uint64_t chunk = ToInteger(vertex) >> 16;
  if (chunk != chunk_) {
    TUPU_TRY(Flush());
    chunk_ = chunk;
  }
  const auto low = static_cast<uint16_t>(ToInteger(vertex));
  members_[kAllVertices].push_back(low);
  for (const LabelId label : labels) members_[label].push_back(low);
  return {};
}

Status LabelSetCheck::Flush() {
  for (const auto& [label, expected] : members_) TUPU_TRY(Compare(label, expected));
  members_.clear();
  return {};
}

Status LabelSetCheck::Compare(LabelId label, const std::vector<uint16_t>& expected) {
  compared_.emplace(label, chunk_);
  const std::string key = MembershipKey(label, chunk_);
  const auto stored = state_.kv().Get(Keyspace::kIndex, key);
  if (!stored && stored.error().code != ErrorCode::kCorruption) return stored.error();
  if (!stored) return {};  // the scan of the index reports that it cannot be read
  std::vector<uint16_t> members;
  if (stored->has_value()) {
    Result<std::vector<uint16_t>> decoded = DecodeMembership(**stored);
    if (!decoded) {
      state_.Report({Damage::kLabelSet, Keyspace::kIndex, key, NameOfSet(state_, label), "", decoded.error().message});
      return {};
    }
    members = std::move(*decoded);
  }
  std::vector<uint16_t> difference;
  std::set_difference(expected.begin(), expected.end(), members.begin(), members.end(), std::back_inserter(difference));
  for (const uint16_t low : difference) ReportDifference(label, key, chunk_ << 16 | low, true);
  difference.clear();
  std::set_difference(members.begin(), members.end(), expected.begin(), expected.end(), std::back_inserter(difference));
  for (const uint16_t low : difference) ReportDifference(label, key, chunk_ << 16 | low, false);
  return {};
}

void LabelSetCheck::ReportDifference(LabelId label, std::string_view key, uint64_t vertex, bool missing) {
  if (state_.undecodable.Has(vertex)) return;
  const bool all = label == kAllVertices;
  const std::string here = all ? "the vertex is there" : "its record carries the label";
  const std::string absent = all ? "there is no such vertex" : "its record does not carry the label";
  state_.Report({Damage::kLabelSet, Keyspace::kIndex, std::string(key),
                 fmt::format("{} in {}", Describe(static_cast<VertexId>(vertex)), NameOfSet(state_, label)),
                 missing ? "in the set: " + here : "not in the set: " + absent, missing ? "it is not" : "it is"});
}

void LabelSetCheck::AddStored(std::string_view key, std::string_view value) {
  ++state_.checked().label_sets;
  const Result<uint64_t> chunk = DecodeMembershipChunk(key);
  if (!chunk) {
    state_.Report({Damage::kUnknownKey, Keyspace::kIndex, std::string(key), "label set", "", chunk.error().message});
    return;
  }
  ByteReader reader(key.substr(1));
  const auto label = static_cast<LabelId>(reader.U32());
  if (compared_.contains({label, *chunk})) return;
  const Result<std::vector<uint16_t>> members = DecodeMembership(value);
  if (!members) {
    state_.Report(
        {Damage::kLabelSet, Keyspace::kIndex, std::string(key), NameOfSet(state_, label), "", members.error().message});
    return;
  }
  if (!state_.vertices_complete) return;
  for (const uint16_t low : *members) ReportDifference(label, key, *chunk << 16 | low, false);
}

}  // namespace tupu
