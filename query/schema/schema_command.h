#pragma once

#include <string>

#include <tupu/error.h>

#include "query/ast/ast.h"
#include "storage/graph/schema_change.h"

namespace tupu {

class GraphStore;
class GraphView;

/// CREATE or DROP of an index or a constraint, checked and ready.
struct SchemaCommand {
  SourceSpan where;
  AstSchemaAction action{};
  ConstraintRequest request;  // CREATE; of an index, the base of it
  std::string name;           // DROP
  bool if_exists = false;     // DROP

  /// One line for EXPLAIN.
  std::string Describe() const;
};

/// Errors: kBind where variables, properties and kind do not fit together.
Result<SchemaCommand> BindSchemaCommand(const AstSchemaCommand& command);

/// Errors carry the place of the statement.
Result<SchemaCounters> RunSchemaCommand(const SchemaCommand& command, GraphStore& store, const SchemaOptions& options);

/// What the user of a CREATE may have got wrong, since nothing in `view` has its label or type; empty: nothing.
std::string NoticeOf(const SchemaCommand& command, const GraphView& view);

}  // namespace tupu
