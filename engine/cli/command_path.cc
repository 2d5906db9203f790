#include <fmt/format.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/cli/name_argument.h"
#include "engine/verbs/detail.h"
#include "engine/verbs/entity.h"
#include "engine/verbs/path.h"
#include "storage/ontology/ontology.h"

namespace tupu {

namespace {

struct TierText {
  std::string_view key;  // in the column "basis"
  Text note;             // empty: nothing to warn of
};

TierText TextOf(PathTier tier) {
  switch (tier) {
    case PathTier::kChosen: return {"chosen", {}};
    case PathTier::kBonds: return {"cooperation and ownership", {}};
    case PathTier::kBusiness:
      return {"segments and products only",
              {"No stated cooperation or ownership connects {} and {}. Shown instead: the shortest way through what "
               "they do "
               "and supply.",
               "没有已陈述的合作或股权连接 {} 与 {}。以下是经由业务领域、产品和供应的最短路径。"}};
    case PathTier::kAnything:
      return {"any edge",
              {"Neither cooperation, ownership nor business connects {} and {}. Shown instead: the shortest way "
               "through any "
               "edge (regions, documents ...).",
               "合作、股权与业务都不连接 {} 与 {}。以下是经由任何关系（地区、文献等）的最短路径。"}};
  }
  return {"any edge", {}};
}

// The path in words: A -[type: about]- B.
std::string Describe(const Path& path, const Ontology& ontology, Language language) {
  std::string text = CaptionOf(path.vertices[0]);
  for (size_t i = 0; i < path.edges.size(); ++i) {
    const Edge& edge = path.edges[i];
    const bool symmetric = ontology.IsSymmetric(edge.type);
    const bool forward = edge.start == path.vertices[i].id;
    const std::string detail = DetailOf(edge);
    const std::string display = ontology.DisplayOfEdgeType(edge.type, Code(language));
    text +=
        fmt::format(" {}[{}{}]{} {}", symmetric || forward ? "-" : "<-", display, detail.empty() ? "" : ": " + detail,
                    symmetric || !forward ? "-" : "->", CaptionOf(path.vertices[i + 1]));
  }
  return text;
}

Result<Picture> PictureOf(const GraphView& view, const std::vector<Path>& paths, VertexId from, VertexId to) {
  PictureBuilder builder(view);
  for (const Path& path : paths) builder.AddPath(path);
  const std::string title =
      fmt::format("{} — {}", CaptionOf(paths[0].vertices.front()), CaptionOf(paths[0].vertices.back()));
  return builder.Build(title, PictureShape::kChain, {from, to});
}

Result<Answer> AnswerOf(const CommandContext& context, const GraphView& view, const PathAnswer& found) {
  constexpr Text kLength = {"length", "步数"};
  constexpr Text kPath = {"path", "路径"};
  constexpr Text kBasis = {"basis", "依据"};
  Answer answer;
  answer.columns = {{"length", std::string(context.Say(kLength))},
                    {"path", std::string(context.Say(kPath))},
                    {"basis", std::string(context.Say(kBasis))}};
  const TierText tier = TextOf(found.tier);
  for (const Path& path : found.paths) {
    // A table shows words, the other formats the entities.
    TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, 0));
    const bool words = choice.format == OutputFormat::kTable || choice.format == OutputFormat::kCsv;
    Value shown = words ? Value(Describe(path, view.ontology(), context.language)) : Value(path);
    answer.rows.push_back({static_cast<int64_t>(path.edges.size()), std::move(shown), tier.key});
  }
  return answer;
}

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, 0));
  PathOptions options;
  options.edges = ReadEdgeChoice(context.arguments);
  options.cancellation = context.cancellation;
  TUPU_TRY_ASSIGN(const uint64_t count, context.arguments.GetCount("count", 1, 1));
  options.count = count;
  const std::string& from_name = context.arguments.positionals()[0];
  const std::string& to_name = context.arguments.positionals()[1];

  TUPU_TRY_ASSIGN(const OpenGraph graph, OpenGraphForReading(context.arguments));
  TUPU_TRY_ASSIGN(const VertexId from, ResolveNameArgument(context, *graph.view, from_name));
  TUPU_TRY_ASSIGN(const VertexId to, ResolveNameArgument(context, *graph.view, to_name));
  TUPU_TRY_ASSIGN(const PathAnswer found, FindPaths(*graph.view, from, to, options));
  if (found.paths.empty()) {
    constexpr Text kNone = {"nothing connects {} and {}", "{} 与 {} 之间没有任何路径"};
    return Error{ErrorCode::kNotFound, fmt::format(fmt::runtime(context.Say(kNone)), from_name, to_name)};
  }
  TUPU_TRY_ASSIGN(Answer answer, AnswerOf(context, *graph.view, found));
  answer.picture = [&] { return PictureOf(*graph.view, found.paths, from, to); };
  const std::string_view note = context.Say(TextOf(found.tier).note);
  // Said first: whoever reads the path must know what it is made of.
  if (!note.empty()) PrintNote(fmt::format(fmt::runtime(note), from_name, to_name));
  TUPU_TRY(ShowAnswer(context, *graph.view, choice, answer));
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec PathCommand() {
  return {
      .name = "path",
      .group = CommandGroup::kAsk,
      .summary = {"the shortest way FROM one TO another", "从 FROM 到 TO 的最短路径"},
      .details =
          {"Cooperation and ownership come first, taken in either direction. Where they do not connect the two,\n"
           "the shortest way through segments, products and supply is shown and named as such (column basis),\n"
           "then any way at all.\n\n  tupu path 超图 优锆科技\n  tupu path 51WORLD 超图 -k 3",
           "先走合作与股权（不论方向）；若不连通，则给出经由细分领域、产品与供应的最短路径并注明（“依据”列），\n"
           "再不然给出任意路径。\n\n  tupu path 超图 优锆科技\n  tupu path 51WORLD 超图 -k 3"},
      .positionals = {{.name = "FROM"}, {.name = "TO"}},
      .options = JoinOptions({{{.name = "count",
                                .letter = 'k',
                                .value = "N",
                                .help = {"the N shortest ways without circles (1)", "最短的 N 条无环路径（缺省 1）"}}},
                              EdgeOptions(),
                              AnswerOptions()}),
      .run = Run};
}

}  // namespace tupu
