#pragma once

#include <span>
#include <string_view>

#include "query/procedure/procedure.h"

namespace tupu {

/// Procedures that tools call to learn what a store holds, under the names they know: db.labels, db.relationshipTypes,
/// db.propertyKeys, db.schema.nodeTypeProperties, db.schema.relTypeProperties, db.schema.visualization, dbms.components,
/// db.ping. Every CALL finds them, without being registered. Cost: those of db.schema go through the whole graph.
std::span<const Procedure> CatalogProcedures();

/// Null for other names.
const Procedure* FindCatalogProcedure(std::string_view name);

}  // namespace tupu
