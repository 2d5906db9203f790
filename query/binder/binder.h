#pragma once

#include <tupu/result.h>

#include "query/ast/ast.h"
#include "query/binder/bound.h"
#include "query/procedure/procedure.h"

namespace tupu {

/// Resolves the names of a statement, infers types, splits aggregations.
///
/// Rules    openCypher 9's scopes and static types. A type error is reported only where no value could make it right;
///          what is not known before the run is left to the run. Labels, edge types and property keys are not looked
///          up.
/// Cost     linear in the tree. The stack grows with its height, which the parser bounds.
/// Errors   kBind with place, openCypher's condition ("SyntaxError.UndefinedVariable") and often a hint that names the
///          nearest name; kUnsupported.
/// Lifetime the result points into `procedures` (BoundCall::procedure) and into the function registry.
Result<BoundQuery> Bind(const AstQuery& query, const ProcedureRegistry& procedures);

}  // namespace tupu
