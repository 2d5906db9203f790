#include "loaders/load_context.h"

#include <fmt/format.h>

namespace tupu {

void LoadContext::AddSource(Properties& properties) const {
  if (!options.source.empty()) AddLoadSource(options.source, ids.Key("sources"), properties);
}

Error NoSuchEnd(const LoadPlan& plan, std::string_view group, std::string_view id, std::string_view end) {
  Error error{ErrorCode::kInvalidArgument,
              fmt::format("there is no {} vertex \"{}\" in the group \"{}\"; mend the id, name its group in the header "
                          "(:{}_ID(group)), or load its vertices first or with this file",
                          end, id, group, end == "start" ? "START" : "END")};
  if (!plan.notices.empty()) error.hint = "files passed over: " + plan.notices[0];
  return error;
}

Result<VertexId> LoadContext::ResolveEnd(uint32_t group, std::string_view id, std::string_view end) const {
  TUPU_TRY_ASSIGN(const std::optional<VertexId> vertex, vertices.Resolve(group, id));
  if (vertex) return *vertex;
  return NoSuchEnd(plan, vertices.GroupName(group), id, end);
}

}  // namespace tupu
