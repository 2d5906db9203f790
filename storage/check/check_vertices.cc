#include <fmt/format.h>

#include "storage/check/check_state.h"
#include "storage/check/index_check.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

class VertexCheck {
 public:
  VertexCheck(CheckState& state, IndexCheck& indexes) : state_(state), indexes_(indexes) {}

  Status Visit(std::string_view key, std::string_view value) {
    const Result<VertexId> vertex = DecodeVertexKey(key);
    if (!vertex) {
      state_.Report({Damage::kUnknownKey, Keyspace::kVertex, std::string(key), "vertex", "", vertex.error().message});
      return {};
    }
    ++state_.checked().vertices;
    ++state_.counted.vertices;
    state_.vertices.Add(ToInteger(*vertex));
    if (state_.has_counts && ToInteger(*vertex) >= state_.stored.next_vertex) {
      state_.Report({Damage::kAboveMark, Keyspace::kVertex, std::string(key), Describe(*vertex),
                     fmt::format("an id below {}", state_.stored.next_vertex), std::to_string(ToInteger(*vertex))});
    }
    const Result<VertexRecordView> record = DecodeVertexRecord(value);
    if (!record) {
      Undecodable(key, *vertex, record.error());
      state_.undecodable.Add(ToInteger(*vertex));
      state_.labels_complete = false;
      return indexes_.AddUndecodableVertex(*vertex);
    }
    CheckNames(key, *vertex, *record);
    const Result<Properties> properties = DecodeRow(record->row);
    if (!properties) {
      Undecodable(key, *vertex, properties.error());
      VertexRecordView labels_alone = *record;
      labels_alone.row = {};
      return indexes_.AddVertex(*vertex, labels_alone);
    }
    for (const auto& [property, v] : *properties) {
      if (ToInteger(property) < state_.catalog.property_keys().size()) continue;
      state_.Report({Damage::kDictionary, Keyspace::kVertex, std::string(key), Describe(*vertex),
                     "property keys that have a name", fmt::format("property key {}", ToInteger(property))});
    }
    return indexes_.AddVertex(*vertex, *record);
  }

 private:
  void Undecodable(std::string_view key, VertexId vertex, const Error& error) {
    state_.records_decode = false;
    state_.Report({Damage::kVertexRecord, Keyspace::kVertex, std::string(key), Describe(vertex), "", error.message});
  }

  /// Counts the labels, and holds the numbers in a record against the dictionaries.
  void CheckNames(std::string_view key, VertexId vertex, const VertexRecordView& record) {
    for (const LabelId label : record.labels) {
      if (ToInteger(label) < state_.catalog.labels().size()) {
        state_.counted.AddToLabel(label, 1);
      } else {
        state_.Report({Damage::kDictionary, Keyspace::kVertex, std::string(key), Describe(vertex),
                       "labels that have a name", fmt::format("label {}", ToInteger(label))});
      }
    }
    if (record.external_id && ToInteger(record.external_id->group) >= state_.id_groups.size()) {
      state_.Report({Damage::kDictionary, Keyspace::kVertex, std::string(key), Describe(vertex),
                     "an id group that has a name", fmt::format("id group {}", ToInteger(record.external_id->group))});
    }
  }

  CheckState& state_;
  IndexCheck& indexes_;
};

}  // namespace

Status CheckVertices(CheckState& state, IndexCheck& indexes) {
  VertexCheck check(state, indexes);
  TUPU_TRY_ASSIGN(state.vertices_complete,
                  state.Scan(Keyspace::kVertex, "", "", [&](auto key, auto value) { return check.Visit(key, value); }));
  return {};
}

}  // namespace tupu
