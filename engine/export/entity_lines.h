#pragma once

#include <string>

#include <tupu/value.h>

namespace tupu {

/// An entity as one line of JSON Lines, without the line end:
/// {"kind": "node", "id", "labels", "properties"} and {"kind": "relationship", "id", "type", "start", "end", "properties"}.
std::string NodeLine(const Vertex& vertex);
std::string RelationshipLine(const Edge& edge);

}  // namespace tupu
