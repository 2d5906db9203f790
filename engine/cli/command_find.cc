#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/verbs/entity.h"
#include "engine/verbs/find.h"

namespace tupu {

namespace {

constexpr uint64_t kDefaultLimit = 20;

Result<Answer> AnswerOf(const CommandContext& context, const GraphView& view, const std::vector<NameMatch>& matches) {
  constexpr Text kName = {"name", "名称"};
  constexpr Text kLabels = {"labels", "标签"};
  constexpr Text kSpelling = {"found as", "匹配写法"};
  constexpr Text kFit = {"fit", "匹配方式"};
  constexpr Text kEdges = {"edges", "关系数"};
  Answer answer;
  answer.columns = {{"id", "#"},
                    {"name", std::string(context.Say(kName))},
                    {"labels", std::string(context.Say(kLabels))},
                    {"spelling", std::string(context.Say(kSpelling))},
                    {"fit", std::string(context.Say(kFit))},
                    {"edges", std::string(context.Say(kEdges))}};
  for (const NameMatch& match : matches) {
    TUPU_TRY_ASSIGN(const Vertex vertex, ReadVertex(view, match.vertex));
    TUPU_TRY_ASSIGN(const uint64_t degree, view.Degree(match.vertex, Direction::kBoth, {}));
    answer.rows.push_back({static_cast<int64_t>(ToInteger(match.vertex)), CaptionOf(vertex),
                           List(vertex.labels.begin(), vertex.labels.end()), match.spelling, Name(match.fit),
                           static_cast<int64_t>(degree)});
  }
  return answer;
}

Result<Picture> PictureOf(const GraphView& view, const std::vector<NameMatch>& matches) {
  PictureBuilder builder(view);
  for (const NameMatch& match : matches) {
    TUPU_TRY_ASSIGN(Vertex vertex, ReadVertex(view, match.vertex));
    builder.AddVertex(std::move(vertex));
  }
  return builder.Build("", PictureShape::kNetwork, {});
}

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, kDefaultLimit));
  const std::string& text = context.arguments.positionals()[0];
  TUPU_TRY_ASSIGN(const OpenGraph graph, OpenGraphForReading(context.arguments));
  // One more than is shown, so that a cut list is known to be one.
  const size_t limit = choice.limit == 0 ? SIZE_MAX / 4 : choice.limit + 1;
  TUPU_TRY_ASSIGN(const std::vector<NameMatch> matches,
                  FindByText(*graph.view, text, limit, context.arguments.Has("all"), context.cancellation));
  if (matches.empty()) {
    constexpr Text kNothing = {"nothing is called {} or alike", "没有叫 {} 或与之相近的实体"};
    return Error{ErrorCode::kNotFound, fmt::format(fmt::runtime(context.Say(kNothing)), text)};
  }
  TUPU_TRY_ASSIGN(Answer answer, AnswerOf(context, *graph.view, matches));
  answer.picture = [&] { return PictureOf(*graph.view, matches); };
  constexpr Text kNotExact = {"nothing is called {} exactly; nearest first", "没有名称恰为 {} 的实体；最接近者在前"};
  if (matches.front().fit != NameFit::kExact) answer.note = fmt::format(fmt::runtime(context.Say(kNotExact)), text);
  TUPU_TRY(ShowAnswer(context, *graph.view, choice, answer));
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec FindNameCommand() {
  return {
      .name = "find",
      .group = CommandGroup::kAsk,
      .summary = {"who or what is called TEXT", "查找名为 TEXT 的实体"},
      .details = {"By name or alias, without regard to case and width. Without an exact hit: names that begin with or\n"
                  "contain the text, or are some letters away.",
                  "按名称或别名查找，不分大小写与全半角；没有精确命中时，列出以其开头、包含它或仅差几个字的名称。"},
      .positionals = {{.name = "TEXT"}},
      .options = JoinOptions({{{.name = "all",
                                .letter = 'a',
                                .help = {"similar names as well, beside exact hits", "精确命中之外也列出相近名称"}}},
                              AnswerOptions()}),
      .run = Run};
}

}  // namespace tupu
