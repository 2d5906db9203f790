#include <fmt/format.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/verbs/central.h"
#include "engine/verbs/entity.h"
#include "storage/ontology/ontology.h"

namespace tupu {

namespace {

constexpr uint64_t kDefaultLimit = 20;

std::vector<AnswerColumn> ColumnsOf(const CommandContext& context, CentralityMeasure measure) {
  constexpr Text kRank = {"rank", "名次"};
  constexpr Text kName = {"name", "名称"};
  constexpr Text kKind = {"kind", "类别"};
  constexpr Text kEdges = {"edges", "关系数"};
  return {{"rank", std::string(context.Say(kRank))},
          {"name", std::string(context.Say(kName))},
          {"kind", std::string(context.Say(kKind))},
          {std::string(Name(measure)), ""},
          {"edges", std::string(context.Say(kEdges))}};
}

std::string KindOf(const Ontology& ontology, const Vertex& vertex, Language language) {
  std::string kinds;
  for (const std::string& label : vertex.labels)
    kinds += (kinds.empty() ? "" : ", ") + ontology.DisplayOfLabel(label, Code(language));
  return kinds;
}

Result<Picture> PictureOf(const GraphView& view, const CentralAnswer& found) {
  PictureBuilder builder(view);
  std::set<VertexId> highlights;
  for (const CentralVertex& row : found.rows) builder.AddVertex(row.vertex);
  if (!found.rows.empty()) highlights.insert(found.rows.front().vertex.id);
  return builder.Build("", PictureShape::kNetwork, std::move(highlights));
}

Result<CentralOptions> ReadOptions(const CommandContext& context) {
  CentralOptions options;
  if (!context.arguments.positionals().empty()) {
    Result<CentralityMeasure> measure = ParseCentralityMeasure(context.arguments.positionals()[0]);
    if (!measure) return UsageError(measure.error().message, measure.error().hint);
    options.measure = *measure;
  }
  options.labels = context.arguments.GetList("labels");
  options.edges = ReadEdgeChoice(context.arguments);
  options.directed = context.arguments.Has("directed");
  options.weight_property = context.arguments.Find("weight").value_or("");
  options.group = context.arguments.Has("group");
  options.cancellation = context.cancellation;
  return options;
}

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(AnswerChoice choice, ReadAnswerChoice(context.arguments, kDefaultLimit));
  TUPU_TRY_ASSIGN(const CentralOptions options, ReadOptions(context));
  TUPU_TRY_ASSIGN(const OpenGraph graph, OpenGraphForReading(context.arguments));
  const size_t limit = choice.limit == 0 ? SIZE_MAX : choice.limit;
  TUPU_TRY_ASSIGN(const CentralAnswer found, FindCentral(*graph.view, options, limit));
  Answer answer;
  answer.columns = ColumnsOf(context, options.measure);
  int64_t rank = 0;
  for (const CentralVertex& row : found.rows) {
    answer.rows.push_back({++rank, CaptionOf(row.vertex), KindOf(graph.view->ontology(), row.vertex, context.language),
                           row.score, static_cast<int64_t>(row.edges)});
  }
  answer.picture = [&] { return PictureOf(*graph.view, found); };
  constexpr Text kNote = {"{} of {} vertices with a score above zero; {} edges in the slice",
                          "得分大于零者共 {1} 个，显示 {0} 个；切片共 {2} 条关系"};
  answer.note = fmt::format(fmt::runtime(context.Say(kNote)), found.rows.size(), found.scored, found.edges);
  TUPU_TRY(ShowAnswer(context, *graph.view, choice, answer));
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec CentralityCommand() {
  return {.name = "centrality",
          .group = CommandGroup::kAsk,
          .summary = {"who is central in a slice of the graph", "谁处于图谱的中心"},
          .details =
              {"MEASURE: betweenness (the default), pagerank, degree, closeness, harmonic. The default slice is the\n"
               "family cooperation, taken both ways, co-builders of one target counted as partners. The column edges\n"
               "says on how many stated edges a place rests; zeros are left out.\n\n"
               "  tupu centrality\n  tupu centrality pagerank --family ownership --directed -n 15",
               "MEASURE：betweenness（缺省）、pagerank、degree、closeness、harmonic。缺省切片为合作族，不分方向，\n"
               "共建同一对象者视为伙伴。“关系数”列给出该名次所依据的关系条数；得分为零者不列。\n\n"
               "  tupu centrality\n  tupu centrality pagerank --family ownership --directed -n 15"},
          .positionals = {{.name = "MEASURE", .required = false}},
          .options =
              JoinOptions({{{.name = "labels",
                             .value = "L,..",
                             .help = {"only vertices with one of these labels", "只看带这些标签的实体"},
                             .repeated = true},
                            {.name = "directed", .help = {"edges as they point", "按关系的方向"}},
                            {.name = "weight", .value = "PROPERTY", .help = {"edges weighted by it", "以该属性为权重"}},
                            GroupOption()},
                           EdgeOptions(),
                           AnswerOptions()}),
          .run = Run};
}

}  // namespace tupu
