#include "engine/cli/name_argument.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/cli/value_text.h"
#include "engine/verbs/find.h"

namespace tupu {

namespace {

// Always an error, or another one met while describing it.
Result<VertexId> FailAmbiguous(const CommandContext& context, const GraphView& view, const std::string& name,
                               const std::vector<VertexId>& hits) {
  constexpr Text kSeveral = {"{} are called {}:", "{} 个实体都叫 {}："};
  constexpr Text kEdges = {"{} edges", "{} 条关系"};
  constexpr Text kHint = {"name one by its number (#7) or label (Firm:NAME)", "用编号（#7）或标签（Firm:名称）指明"};
  TUPU_TRY_ASSIGN(const std::vector<Candidate> candidates, DescribeCandidates(view, hits));
  std::string message = fmt::format(fmt::runtime(context.Say(kSeveral)), hits.size(), name);
  for (const Candidate& candidate : candidates) {
    std::vector<std::string> facts = candidate.differences;
    facts.push_back(fmt::format(fmt::runtime(context.Say(kEdges)), candidate.degree));
    message += fmt::format("\n  #{}  {}  {}", ToInteger(candidate.vertex.id), CellText(Value(candidate.vertex)),
                           fmt::join(facts, "; "));
  }
  return Error{.code = ErrorCode::kNotFound, .message = std::move(message), .hint = std::string(context.Say(kHint))};
}

Error UnknownName(const CommandContext& context, const std::string& name, const std::vector<NameMatch>& nearest) {
  constexpr Text kUnknown = {"nothing is called {}", "没有叫 {} 的实体"};
  constexpr Text kNearest = {"did you mean {}?", "是否指 {}？"};
  constexpr Text kOr = {" or ", "、"};
  Error error{ErrorCode::kNotFound, fmt::format(fmt::runtime(context.Say(kUnknown)), name)};
  std::vector<std::string> names;
  for (const NameMatch& match : nearest) names.push_back(match.spelling);
  if (!names.empty())
    error.hint = fmt::format(fmt::runtime(context.Say(kNearest)), fmt::to_string(fmt::join(names, context.Say(kOr))));
  return error;
}

}  // namespace

Result<VertexId> ResolveNameArgument(const CommandContext& context, const GraphView& view, const std::string& name) {
  TUPU_TRY_ASSIGN(const NameResolution resolution, ResolveName(view, name, context.cancellation));
  if (resolution.hits.size() == 1) return resolution.hits.front();
  if (resolution.hits.empty()) return UnknownName(context, name, resolution.nearest);
  return FailAmbiguous(context, view, name, resolution.hits);
}

}  // namespace tupu
