#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/cli/graph_stats.h"
#include "engine/database/engine_access.h"
#include "storage/graph/graph_store.h"

namespace tupu {

namespace {

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, 0));
  if (IsPicture(choice.format)) return UsageError("stats has no picture", "take table, json, jsonl or csv");
  if (context.arguments.Has("refresh")) {
    TUPU_TRY_ASSIGN(Database database, OpenForWriting(context.arguments, false));
    TUPU_TRY(EngineAccess::Store(database).RefreshStatistics(StatisticsScope::kAll, context.cancellation));
  }
  TUPU_TRY_ASSIGN(OpenGraph graph, OpenGraphForReading(context.arguments));
  TUPU_TRY_ASSIGN(const Answer answer,
                  DescribeStats(EngineAccess::Store(graph.database), *graph.view, context.language));
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
           "are chosen, are of the moment when they were last counted: --refresh counts them again. The forms that\n"
           "edges and properties are read from are those of this process; :stats in a shell shows the shell's own.",
           "标签与关系类型的数量是精确的。供选择执行计划的索引取值及标签间关系的数量为上次统计时的值；\n"
           "--refresh 重新统计。关系与属性的读取形式为本进程的情况；在 shell 中用 :stats 查看该 shell 的情况。"},
      .positionals = {},
      .options = JoinOptions(
          {{{.name = "refresh",
             .help = {"count what plans are chosen by again (writes)", "重新统计执行计划所依据的数量（写入）"}}},
           AnswerOptions()}),
      .run = Run};
}

}  // namespace tupu
