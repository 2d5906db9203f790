#include "engine/database/name_procedures.h"

#include "query/procedure/procedure.h"
#include "storage/graph/graph_view.h"

namespace tupu {

void RegisterNameProcedures(ProcedureRegistry& registry) {
  registry.Register({{.name = "tupu.find",
                      .inputs = {{.name = "name", .type = "STRING"}},
                      .outputs = {{.name = "node", .type = "NODE"}},
                      .description = "The nodes of this name or alias, whatever its case and width."},
                     [](const ProcedureContext& context, const std::vector<Value>& arguments) -> Result<ProcedureRows> {
                       ProcedureRows rows;
                       if (arguments[0].is_null()) return rows;
                       TUPU_TRY_ASSIGN(const std::vector<VertexId> found,
                                       context.view.FindByName(arguments[0].AsString()));
                       for (const VertexId vertex : found) rows.push_back({Value(vertex)});
                       return rows;
                     }});
}

}  // namespace tupu
