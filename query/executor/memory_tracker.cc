#include "query/executor/memory_tracker.h"

#include <fmt/format.h>

namespace tupu {

Error MemoryTracker::LimitReached() const {
  constexpr uint64_t kMib = 1024 * 1024;
  Error error{ErrorCode::kResourceExhausted,
              fmt::format("the query needs more than its memory limit of {} MiB", (limit_ + kMib - 1) / kMib)};
  error.hint = "Raise the limit with --memory, or return fewer rows or shorter paths.";
  return error;
}

Status MemoryTracker::TakeMore() {
  constexpr uint64_t kPiece = 4 << 20;
  const uint64_t more = (used_ - taken_ + kPiece - 1) / kPiece * kPiece;
  if (budget_->TakeForQuery(more)) {
    taken_ += more;
    return {};
  }
  Error error{
      ErrorCode::kResourceExhausted,
      fmt::format("the query needs more memory than the {} MiB of the engine have left", budget_->total() >> 20)};
  error.hint = "Give the engine more with --cache-memory, or return fewer rows or shorter paths.";
  return error;
}

uint64_t EstimateBytes(const Value& value) {
  constexpr uint64_t kShared = 32;  // control block and allocator of a shared object
  switch (value.type()) {
    case ValueType::kString: return sizeof(Value) + kShared + sizeof(std::string) + value.AsString().size();
    case ValueType::kList: {
      uint64_t bytes = sizeof(Value) + kShared + sizeof(List);
      for (const Value& element : value.AsList()) bytes += EstimateBytes(element);
      return bytes;
    }
    case ValueType::kMap: {
      uint64_t bytes = sizeof(Value) + kShared + sizeof(Map);
      for (const auto& [key, element] : value.AsMap()) bytes += 64 + key.size() + EstimateBytes(element);
      return bytes;
    }
    case ValueType::kEdgeReference: return sizeof(Value) + kShared + sizeof(EdgeReference);
    case ValueType::kPathReference: {
      const PathReference& path = value.AsPathReference();
      return sizeof(Value) + kShared + sizeof(PathReference) + path.vertices.size() * sizeof(VertexId) +
             path.edges.size() * sizeof(EdgeReference);
    }
    default: return sizeof(Value) + 16;
  }
}

}  // namespace tupu
