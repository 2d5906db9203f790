#include <unistd.h>

#include <cstdio>

#include <fmt/format.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/cli/progress_bar.h"

namespace tupu {

namespace {

void ShowSummary(const CommandContext& context, const LoadSummary& summary, std::vector<Row>& rows) {
  struct Line {
    Text text;
    uint64_t created, merged, unchanged;
  };
  const Line lines[] = {{{"nodes", "节点"}, summary.nodes_created, summary.nodes_merged, summary.nodes_unchanged},
                        {{"relationships", "关系"},
                         summary.relationships_created,
                         summary.relationships_merged,
                         summary.relationships_unchanged}};
  for (const Line& line : lines)
    rows.push_back({context.Say(line.text), static_cast<int64_t>(line.created), static_cast<int64_t>(line.merged),
                    static_cast<int64_t>(line.unchanged)});
}

Status PrintSummary(const CommandContext& context, const LoadSummary& summary) {
  OutputSink sink = OutputSink::OfStandardOutput();
  const std::unique_ptr<RowWriter> writer = MakeTableWriter(sink, LookOf({}));
  TUPU_TRY(writer->Begin({{"what", std::string(context.Say({"loaded", "导入"}))},
                          {"new", std::string(context.Say({"new", "新增"}))},
                          {"merged", std::string(context.Say({"merged", "合并"}))},
                          {"unchanged", std::string(context.Say({"unchanged", "未变"}))}}));
  std::vector<Row> rows;
  ShowSummary(context, summary, rows);
  for (const Row& row : rows) TUPU_TRY(writer->Add(row));
  TUPU_TRY(writer->End());
  return sink.Close();
}

void NoteMethod(const CommandContext& context, const LoadSummary& summary) {
  constexpr Text kBulk = {"loaded in bulk", "已批量导入"};
  constexpr Text kTransaction = {"loaded by one transaction: {}", "以单个事务导入：{}"};
  if (summary.bulk) return PrintNote(context.Say(kBulk));
  PrintNote(fmt::format(fmt::runtime(context.Say(kTransaction)), summary.why_not_bulk));
}

Result<ExitStatus> Run(const CommandContext& context) {
  LoadOptions options;
  options.ontology_file = context.arguments.Find("ontology").value_or("");
  options.source = context.arguments.Find("source").value_or("");
  options.skip_bad = context.arguments.Has("skip-bad");
  options.report_file = context.arguments.Find("report").value_or("");
  options.cancellation = context.cancellation;
  ProgressBar bar(STDERR_FILENO);
  options.progress = [&](uint64_t done, uint64_t total) { bar.Show(done, total); };

  TUPU_TRY_ASSIGN(Database database, OpenForWriting(context.arguments, true));
  Result<LoadSummary> summary = database.Load(context.arguments.positionals(), options);
  bar.Clear();
  if (!summary) {
    Error error = std::move(summary).error();
    error.where.reset();  // of a bad row: the message begins with its file, line and column
    return error;
  }
  TUPU_TRY(PrintSummary(context, *summary));
  NoteMethod(context, *summary);
  for (const std::string& notice : summary->notices) PrintNote(notice);
  if (summary->rows_skipped > 0) {
    constexpr Text kSkipped = {"{} bad rows skipped; see {}", "跳过 {} 行坏数据，见 {}"};
    PrintNote(fmt::format(fmt::runtime(context.Say(kSkipped)), summary->rows_skipped, summary->report_file));
  }
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec LoadCommand() {
  return {
      .name = "load",
      .alias = "import",
      .group = CommandGroup::kBring,
      .summary = {"load data set folders or files", "导入数据集文件夹或文件"},
      .details =
          {"A folder brings its CSV files (neo4j-admin headers) and its ontology.json; JSON Lines are known by their\n"
           "content. All of it is loaded or, after an error, nothing. Loading the same again changes nothing.\n"
           "CSV files go in bulk (sorted files, bounded memory), into a filled database as well, indexes, constraints\n"
           "and keys included; JSON Lines and rows that change what is stored go in one transaction, which holds the\n"
           "load in memory. A note tells which it was, and why.\n\n"
           "  tupu load -d smart-city examples/smart-city-2021",
           "文件夹包含 CSV（neo4j-admin 表头）与 ontology.json；JSON Lines 按内容识别。要么全部导入，要么出错时\n"
           "什么也不留。重复导入不产生变化。CSV 使用批量方式（排序文件，内存有界，含索引、约束与键），\n"
           "数据库已有数据时也是如此；JSON Lines 与修改已存数据的行使用单个事务（全部在内存中）；提示信息说明采用了\n"
           "哪一种及原因。\n\n  tupu load -d smart-city "
           "examples/smart-city-2021"},
      .positionals = {{.name = "PATH", .repeated = true}},
      .options = JoinOptions(
          {{{.name = "ontology", .value = "FILE", .help = {"an ontology beside the data's", "另附的本体文件"}},
            {.name = "source", .value = "KEY", .help = {"source of rows that name none", "未注明来源的行所用的来源"}},
            {.name = "skip-bad", .help = {"go on after bad rows, and report them", "跳过坏行并写入报告"}},
            {.name = "report", .value = "FILE", .help = {"where to report them", "坏行报告的文件"}},
            CacheMemoryOption()}}),
      .run = Run};
}

}  // namespace tupu
