#include <functional>
#include <optional>

#include <tupu/value_json.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/cli/name_argument.h"
#include "engine/export/csv_folder.h"
#include "engine/export/entity_lines.h"
#include "engine/verbs/edge_scope.h"
#include "engine/verbs/entity.h"

namespace tupu {

namespace {

// The part of the graph that the options name, each entity once.
class ExportedPart {
 public:
  ExportedPart(const CommandContext& context, OpenGraph& graph) : context_(context), graph_(graph) {}

  // Resolves names, and runs --query.
  Status Prepare(const AnswerChoice& choice) {
    const Arguments& arguments = context_.arguments;
    const EdgeChoice edges = ReadEdgeChoice(arguments);
    std::vector<EdgeTypeId> types;
    if (!edges.empty()) {
      TUPU_TRY_ASSIGN(const EdgeScope scope, ResolveEdgeScope(*graph_.view, edges, {}));
      types = scope.All();
      if (types.empty()) return Error{ErrorCode::kNotFound, "no edge has one of these types"};
    }
    if (arguments.Has("query") && arguments.Has("around")) return UsageError("give --query or --around, not both");
    if (const auto text = arguments.Find("query")) return PrepareQuery(*text);
    if (const auto name = arguments.Find("around")) return PrepareNeighbourhood(*name, std::move(types), choice.limit);
    slice_.labels = arguments.GetList("labels");
    slice_.types = std::move(types);
    slice_.limit = choice.limit;
    slice_.sources = !IsPicture(choice.format);
    slice_.cancellation = context_.cancellation;
    return {};
  }

  Status Visit(const std::function<Status(const Vertex&)>& on_vertex,
               const std::function<Status(const Edge&)>& on_edge) const {
    if (!picture_) return VisitSlice(*graph_.view, slice_, on_vertex, on_edge);
    for (const Vertex& vertex : picture_->vertices) TUPU_TRY(on_vertex(vertex));
    for (const Edge& edge : picture_->edges) TUPU_TRY(on_edge(edge));
    return {};
  }

  Result<Picture> Draw() const {
    if (picture_) return *picture_;
    return PictureOfSlice(*graph_.view, slice_);
  }

 private:
  Status PrepareQuery(const std::string& text) {
    Session session = graph_.database.OpenSession();
    QueryOptions options;
    options.read_only = true;
    options.cancellation = context_.cancellation;
    TUPU_TRY_ASSIGN(QueryResult result, session.Run(text, options));
    TUPU_TRY_ASSIGN(const std::vector<Row> rows, result.All());
    TUPU_TRY_ASSIGN(picture_, PictureOfRows(*graph_.view, rows));
    return {};
  }

  Status PrepareNeighbourhood(const std::string& name, std::vector<EdgeTypeId> types, size_t limit) {
    NeighbourhoodOptions options;
    TUPU_TRY_ASSIGN(const uint64_t depth, context_.arguments.GetCount("depth", 1));
    options.depth = static_cast<uint32_t>(std::min<uint64_t>(depth, UINT32_MAX));
    options.types = std::move(types);
    options.limit = limit;
    options.cancellation = context_.cancellation;
    TUPU_TRY_ASSIGN(const VertexId centre, ResolveNameArgument(context_, *graph_.view, name));
    TUPU_TRY_ASSIGN(picture_, PictureOfNeighbourhood(*graph_.view, centre, options));
    return {};
  }

  const CommandContext& context_;
  OpenGraph& graph_;
  SliceOptions slice_;
  std::optional<Picture> picture_;  // empty: the slice, not held in memory
};

Status WriteLines(const ExportedPart& part, OutputSink& sink) {
  return part.Visit([&](const Vertex& vertex) { return sink.Write(NodeLine(vertex) + "\n"); },
                    [&](const Edge& edge) { return sink.Write(RelationshipLine(edge) + "\n"); });
}

// {"nodes": [...], "relationships": [...]}, an entity a line.
Status WriteJson(const ExportedPart& part, OutputSink& sink) {
  bool first = true;
  bool in_nodes = true;
  const auto write = [&](const std::string& line) {
    const Status separated = sink.Write(first ? "\n" : ",\n");
    first = false;
    return separated ? sink.Write(line) : separated;
  };
  const auto end_nodes = [&] {
    in_nodes = false;
    first = true;
    return sink.Write("\n],\"relationships\":[");
  };
  TUPU_TRY(sink.Write("{\"nodes\":["));
  const Status visited = part.Visit([&](const Vertex& vertex) { return write(ToJson(Value(vertex))); },
                                    [&](const Edge& edge) -> Status {
                                      if (in_nodes) TUPU_TRY(end_nodes());
                                      return write(ToJson(Value(edge)));
                                    });
  TUPU_TRY(visited);
  if (in_nodes) TUPU_TRY(end_nodes());
  return sink.Write("\n]}\n");
}

Status WriteFolder(const ExportedPart& part, const AnswerChoice& choice) {
  if (!choice.file)
    return UsageError("csv is written as a folder of two files", "name the folder with -o, or take --format jsonl");
  return WriteCsvFolder(*choice.file,
                        [&](const auto& on_vertex, const auto& on_edge) { return part.Visit(on_vertex, on_edge); });
}

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, 0, OutputFormat::kJsonl));
  if (choice.format == OutputFormat::kTable)
    return UsageError("export does not write tables", "take jsonl, json, csv, dot, svg or png");
  TUPU_TRY_ASSIGN(OpenGraph graph, OpenGraphForReading(context.arguments));
  ExportedPart part(context, graph);
  TUPU_TRY(part.Prepare(choice));
  if (choice.format == OutputFormat::kCsv) {
    TUPU_TRY(WriteFolder(part, choice));
    return ExitStatus::kDone;
  }
  TUPU_TRY_ASSIGN(OutputSink sink, OpenOutput(choice));
  if (IsPicture(choice.format)) {
    TUPU_TRY_ASSIGN(const Picture picture, part.Draw());
    TUPU_TRY(WritePicture(context, *graph.view, choice.format, picture, sink));
  } else if (choice.format == OutputFormat::kJson) {
    TUPU_TRY(WriteJson(part, sink));
  } else {
    TUPU_TRY(WriteLines(part, sink));
  }
  TUPU_TRY(sink.Close());
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec ExportCommand() {
  return {.name = "export",
          .group = CommandGroup::kDraw,
          .summary = {"the graph, a part of it or an answer, as a file or picture",
                      "把图谱、其一部分或查询结果导出为文件或图片"},
          .details =
              {"Without --query and --around: the whole graph, or the slice of --labels and --types. Pictures leave\n"
               "documents (label Source) out; csv writes a folder that tupu load reads.\n\n"
               "  tupu export --format jsonl -o graph.jsonl\n  tupu export --around 华为 --depth 2 -o huawei.svg\n"
               "  tupu export --query 'MATCH p = (:Firm)-[:ACQUIRED]->() RETURN p' -o deals.png",
               "不带 --query 与 --around 时导出全图，或 --labels 与 --types 的切片。图片不含文献（标签 Source）；\n"
               "csv 写成可由 tupu load 读入的文件夹。\n\n"
               "  tupu export --format jsonl -o graph.jsonl\n  tupu export --around 华为 --depth 2 -o huawei.svg\n"
               "  tupu export --query 'MATCH p = (:Firm)-[:ACQUIRED]->() RETURN p' -o deals.png"},
          .positionals = {},
          .options =
              JoinOptions({{{.name = "query", .value = "TEXT", .help = {"what a query returns", "查询所返回的实体"}},
                            {.name = "around", .value = "NAME", .help = {"the neighbourhood of NAME", "NAME 的邻域"}},
                            {.name = "depth", .value = "N", .help = {"steps around NAME (1)", "邻域的层数（缺省 1）"}},
                            {.name = "labels",
                             .value = "L,..",
                             .help = {"only vertices with one of these labels", "只要带这些标签的实体"},
                             .repeated = true}},
                           EdgeOptions(),
                           AnswerOptions()}),
          .run = Run};
}

}  // namespace tupu
