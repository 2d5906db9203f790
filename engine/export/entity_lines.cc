#include "engine/export/entity_lines.h"

#include <tupu/value_json.h>

namespace tupu {

namespace {

// The JSON of an entity is an object that opens with its id; the kind goes before it.
std::string WithKind(std::string_view kind, const std::string& object) {
  return "{\"kind\":\"" + std::string(kind) + "\"," + object.substr(1);
}

}  // namespace

std::string NodeLine(const Vertex& vertex) {
  return WithKind("node", ToJson(Value(vertex)));
}
std::string RelationshipLine(const Edge& edge) {
  return WithKind("relationship", ToJson(Value(edge)));
}

}  // namespace tupu
