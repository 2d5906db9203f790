#include <fmt/format.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/cli/reading_forms.h"
#include "engine/database/engine_access.h"
#include "storage/catalog/graph_statistics.h"
#include "storage/graph/graph_store.h"
#include "storage/kv/kv_store.h"

namespace tupu {

namespace {

Result<KvStats> StatsOfFiles(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const std::string directory, ChooseDatabase(context.arguments));
  if (directory == kInMemory) return KvStats();
  TUPU_TRY_ASSIGN(const std::unique_ptr<KvStore> files,
                  OpenRocksDbStore(directory, {.read_only = true, .create_if_missing = false, .follow = true}));
  return files->Stats();
}

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, 0));
  if (IsPicture(choice.format)) return UsageError("stats has no picture", "take table, json, jsonl or csv");
  if (context.arguments.Has("refresh")) {
    TUPU_TRY_ASSIGN(Database database, OpenForWriting(context.arguments, false));
    TUPU_TRY(EngineAccess::Store(database).RefreshStatistics(StatisticsScope::kAll, context.cancellation));
  }
  TUPU_TRY_ASSIGN(OpenGraph graph, OpenGraphForReading(context.arguments));
  TUPU_TRY_ASSIGN(const GraphStoreStats stats, EngineAccess::Store(graph.database).Stats());
  Answer answer;
  answer.columns = {{"what", std::string(context.Say({"what", "项目"}))},
                    {"name", std::string(context.Say({"name", "名称"}))},
                    {"count", std::string(context.Say({"count", "数量"}))}};
  answer.rows.push_back(StatsLine(context.Say({"vertices", "实体"}), "", stats.vertices));
  answer.rows.push_back(StatsLine(context.Say({"edges", "关系"}), "", stats.edges));
  for (const auto& [label, count] : stats.vertices_by_label)
    answer.rows.push_back(StatsLine(context.Say({"label", "标签"}), label, count));
  for (const auto& [type, count] : stats.edges_by_type)
    answer.rows.push_back(StatsLine(context.Say({"edge type", "关系类型"}), type, count));
  for (const IndexDefinition& index : graph.view->indexes().indexes())
    if (const IndexStatistics* counted = graph.view->statistics().Find(index.id))
      answer.rows.push_back(StatsLine(context.Say({"index entries, as last counted", "索引条目（上次统计）"}),
                                      index.name, counted->entries));
  for (Row& row : DescribeReadingForms(*graph.view, stats, context.language)) answer.rows.push_back(std::move(row));
  answer.rows.push_back(StatsLine(context.Say({"bytes on disk", "磁盘字节"}), "", stats.bytes_on_disk));
  if (stats.saved_csrs.bytes > 0) {
    answer.rows.push_back(StatsLine(context.Say({"bytes of saved adjacency", "已保存邻接的字节"}),
                                    fmt::format("csr-{}.tupu", stats.saved_csrs.commit), stats.saved_csrs.bytes));
  }
  TUPU_TRY_ASSIGN(const KvStats files, StatsOfFiles(context));
  for (const auto& [keyspace, bytes] : files.bytes_by_keyspace)
    answer.rows.push_back(StatsLine(context.Say({"bytes of tables", "数据表字节"}), keyspace, bytes));
  answer.rows.push_back(StatsLine(context.Say({"format version", "格式版本"}), "", stats.format_version));
  TUPU_TRY(ShowAnswer(context, *graph.view, choice, answer));
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec StatsCommand() {
  return {
      .name = "stats",
      .group = CommandGroup::kCare,
      .summary = {"how much is in the database", "数据库的规模"},
      .details =
          {"Counts of labels and types are exact. Those of index values and of edges between labels, by which plans\n"
           "are chosen, are of the moment when they were last counted: --refresh counts them again.",
           "标签与关系类型的数量是精确的。供选择执行计划的索引取值及标签间关系的数量为上次统计时的值；\n"
           "--refresh 重新统计。"},
      .positionals = {},
      .options = JoinOptions(
          {{{.name = "refresh",
             .help = {"count what plans are chosen by again (writes)", "重新统计执行计划所依据的数量（写入）"}}},
           AnswerOptions()}),
      .run = Run};
}

}  // namespace tupu
