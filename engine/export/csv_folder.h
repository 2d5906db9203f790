#pragma once

#include <functional>
#include <string>

#include <tupu/result.h>
#include <tupu/value.h>

namespace tupu {

using VertexVisitor = std::function<Status(const Vertex&)>;
using EdgeVisitor = std::function<Status(const Edge&)>;

/// Writes entities as a folder that `tupu load` reads: nodes.csv and relationships.csv with neo4j-admin headers.
///
/// `visit` is called twice, with the same entities in the same order: for the columns, then for the rows.
/// Columns  `:ID` is the vertex number; a property has the type that all of its values share (INTEGER and FLOAT together
///          make float), else string; lists are joined with ";".
/// Errors   kInvalidArgument for what the format cannot carry (a list item with ";", lists in lists, maps): take JSON Lines
///          then; kIo. After an error no file of the two is left half written.
Status WriteCsvFolder(const std::string& folder,
                      const std::function<Status(const VertexVisitor&, const EdgeVisitor&)>& visit);

}  // namespace tupu
