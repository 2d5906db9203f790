#include "storage/check/check_graph.h"

#include <algorithm>

#include <fmt/format.h>

#include "storage/check/check_state.h"
#include "storage/check/index_check.h"

namespace tupu {

namespace {

constexpr std::array<std::string_view, kNumDamages> kDamageNames = {
    "unreadable", "format",    "dictionary",    "ontology",          "counts",       "unknown-key",    "vertex-record",
    "above-mark", "label-set", "name-index",    "external-id-index", "declared-key", "property-index", "schema",
    "block",      "degree",    "one-direction", "doubled-edge",      "edge-place",   "dangling-end",   "saved-csr"};

constexpr uint64_t kKeysBetweenChecks = 4096;

template <class Id>
std::string NameOr(const NameTable<Id>& names, Id id) {
  if (ToInteger(id) < names.size()) return std::string(names.GetName(id));
  return fmt::format("without a name, id {}", ToInteger(id));
}

void CompareCount(CheckState& state, std::string what, uint64_t stored, uint64_t counted) {
  if (stored == counted) return;
  state.Report({Damage::kCounts, Keyspace::kMeta, std::string(kCountsKey), std::move(what), std::to_string(counted),
                std::to_string(stored)});
}

}  // namespace

std::string_view Name(Damage damage) {
  return kDamageNames[static_cast<size_t>(damage)];
}

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) hex += fmt::format("{:02x}", static_cast<uint8_t>(c));
  return hex;
}

std::string Describe(VertexId vertex) {
  return fmt::format("vertex {}", ToInteger(vertex));
}

std::string CheckState::LabelName(LabelId label) const {
  return NameOr(catalog.labels(), label);
}
std::string CheckState::TypeName(EdgeTypeId type) const {
  return NameOr(catalog.edge_types(), type);
}

void CheckState::Report(Finding finding) {
  ++report_.total;
  ++report_.by_damage[static_cast<size_t>(finding.damage)];
  if (report_.findings.size() < options_.max_findings) report_.findings.push_back(std::move(finding));
}

Result<bool> CheckState::Scan(Keyspace space, std::string_view begin, std::string_view end,
                              const std::function<Status(std::string_view, std::string_view)>& visit) {
  Status failed;
  const Status scanned = kv_.Scan(space, begin, end, [&](std::string_view key, std::string_view value) {
    if (++visited_ % kKeysBetweenChecks == 0) {
      failed = options_.cancellation.Check();
      if (options_.progress) {
        const uint64_t total = stored.vertices * 3 + stored.edges;
        options_.progress(std::min(visited_, total), total);
      }
    }
    if (failed) failed = visit(key, value);
    return failed.has_value();
  });
  TUPU_TRY(std::move(failed));
  if (scanned) return true;
  if (scanned.error().code != ErrorCode::kCorruption) return scanned.error();
  Report({Damage::kUnreadable, space, std::string(begin), "keys from here on", "", scanned.error().message});
  return false;
}

Status CheckCounts(CheckState& state) {
  if (!state.has_counts) return {};  // reported
  if (state.vertices_complete) {
    CompareCount(state, "number of vertices", state.stored.vertices, state.counted.vertices);
    const size_t labels = std::max(state.stored.by_label.size(), state.counted.by_label.size());
    for (size_t i = 0; i < labels && state.labels_complete; ++i) {
      const auto label = static_cast<LabelId>(i);
      CompareCount(state, fmt::format("vertices with label {}", state.LabelName(label)), state.stored.OfLabel(label),
                   state.counted.OfLabel(label));
    }
  }
  if (state.edges_complete) {
    CompareCount(state, "number of edges", state.stored.edges, state.counted.edges);
    const size_t types = std::max(state.stored.by_type.size(), state.counted.by_type.size());
    for (size_t i = 0; i < types; ++i) {
      const auto type = static_cast<EdgeTypeId>(i);
      CompareCount(state, fmt::format("edges of type {}", state.TypeName(type)), state.stored.OfType(type),
                   state.counted.OfType(type));
    }
  }
  return {};
}

Result<CheckReport> CheckGraph(KvStore& store, const CheckOptions& options) {
  TUPU_TRY_ASSIGN(const std::shared_ptr<const KvSnapshot> snapshot, store.Snapshot());
  CheckState state(*snapshot, options);
  if (options.file_checksums) {
    TUPU_TRY(options.cancellation.Check());
    const Status files = store.VerifyChecksums();
    if (!files && files.error().code != ErrorCode::kCorruption) return files.error();
    if (!files) state.Report({Damage::kUnreadable, std::nullopt, "", "files", "", files.error().message});
  }
  TUPU_TRY(CheckMeta(state));
  IndexCheck indexes(state);
  TUPU_TRY(CheckVertices(state, indexes));
  TUPU_TRY(indexes.AddStored());
  TUPU_TRY(CheckEdges(state, indexes));
  TUPU_TRY(indexes.Compare());
  TUPU_TRY(CheckCounts(state));
  TUPU_TRY(CheckSavedCsrs(state, store.side_files().get()));
  return state.TakeReport();
}

}  // namespace tupu
