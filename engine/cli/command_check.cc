#include <unistd.h>

#include <array>

#include <fmt/format.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/cli/progress_bar.h"
#include "storage/check/check_graph.h"
#include "storage/kv/kv_store.h"

namespace tupu {

namespace {

constexpr uint64_t kDefaultFindings = 100;

std::string_view NameOfSpace(Keyspace space) {
  constexpr std::array<std::string_view, kNumKeyspaces> kNames = {"meta", "vertex", "adjacency", "edge", "index"};
  return kNames[static_cast<size_t>(space)];
}

std::string ToHex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) hex += fmt::format("{:02x}", static_cast<uint8_t>(c));
  return hex;
}

Row RowOf(const Finding& finding) {
  const auto text = [](std::string_view v) { return v.empty() ? Value() : Value(v); };
  return {Name(finding.damage),
          text(finding.where),
          text(finding.expected),
          text(finding.found),
          finding.space ? Value(NameOfSpace(*finding.space)) : Value(),
          text(ToHex(finding.key))};
}

Status PrintFindings(const CommandContext& context, const AnswerChoice& choice, const CheckReport& report) {
  // In a format for programs an empty answer is an answer.
  if (report.findings.empty() && choice.format == OutputFormat::kTable) return {};
  TUPU_TRY_ASSIGN(OutputSink sink, OpenOutput(choice));
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(choice.format, sink, LookOf(choice));
  TUPU_TRY(writer->Begin({{"damage", std::string(context.Say({"damage", "损坏"}))},
                          {"where", std::string(context.Say({"where", "位置"}))},
                          {"expected", std::string(context.Say({"expected", "应为"}))},
                          {"found", std::string(context.Say({"found", "实为"}))},
                          {"keyspace", std::string(context.Say({"keyspace", "键空间"}))},
                          {"key", std::string(context.Say({"key", "键"}))}}));
  for (const Finding& finding : report.findings) TUPU_TRY(writer->Add(RowOf(finding)));
  TUPU_TRY(writer->End());
  return sink.Close();
}

void PrintSummary(const CommandContext& context, const CheckReport& report) {
  constexpr Text kChecked = {
      "checked commit {}: {} vertices, {} edges, {} adjacency lists, {} label sets, {} index entries",
      "已检查提交 {}：实体 {}，关系 {}，邻接表 {}，标签集合 {}，索引项 {}"};
  const CheckedNumbers& n = report.checked;
  PrintNote(fmt::format(fmt::runtime(context.Say(kChecked)), n.commit, n.vertices, n.edges, n.adjacency_lists,
                        n.label_sets, n.index_entries));
  if (report.clean()) return PrintNote(context.Say({"no damage found", "未发现损坏"}));
  constexpr Text kDamaged = {"damage found: {}{}, {} shown; restore a backup, or load the data into a new database",
                             "发现损坏：{}{}，显示 {}；请恢复备份，或将数据导入新数据库"};
  const std::string_view more = report.all_counted ? "" : context.Say({" or more", " 或更多"});
  PrintNote(fmt::format(fmt::runtime(context.Say(kDamaged)), report.total, more, report.findings.size()));
}

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, kDefaultFindings));
  if (IsPicture(choice.format)) return UsageError("check has no picture", "take table, json, jsonl or csv");
  TUPU_TRY_ASSIGN(const std::string directory, ChooseStoredDatabase(context.arguments));
  TUPU_TRY_ASSIGN(const uint64_t cache_bytes, ReadCacheMemory(context.arguments));
  TUPU_TRY_ASSIGN(
      const std::unique_ptr<KvStore> store,
      OpenRocksDbStore(directory,
                       {.read_only = true, .create_if_missing = false, .follow = true, .cache_bytes = cache_bytes}));
  ProgressBar bar(STDERR_FILENO);
  CheckOptions options;
  options.max_findings = choice.limit == 0 ? SIZE_MAX / 100 : choice.limit;
  options.file_checksums = !context.arguments.Has("skip-files");
  options.cancellation = context.cancellation;
  options.progress = [&](uint64_t done, uint64_t total) { bar.Show(done, total); };
  const Result<CheckReport> report = CheckGraph(*store, options);
  bar.Clear();
  if (!report) return report.error();
  TUPU_TRY(PrintFindings(context, choice, *report));
  PrintSummary(context, *report);
  return report->clean() ? ExitStatus::kDone : ExitStatus::kInput;
}

}  // namespace

CommandSpec CheckCommand() {
  return {
      .name = "check",
      .group = CommandGroup::kCare,
      .summary = {"look for damage in the database", "检查数据库有无损坏"},
      .details =
          {"Reads every file against its checksums, then holds the graph against itself: both directions of each "
           "edge,\n"
           "degrees, label sets, names and keys, counts, dangling ends. Changes nothing, and works beside a writer.\n"
           "Each finding says what is wrong and where. Exit status 0: no damage; 3: damage found.\n\n"
           "  tupu check -d smart-city",
           "先按校验和读取每个文件，再核对图自身：每条关系的两个方向、度数、标签集合、名称与键、计数、悬空端点。\n"
           "不作任何改动，可与写入进程并行。每项发现说明损坏及其位置。退出状态 0：无损坏；3：有损坏。\n\n"
           "  tupu check -d smart-city"},
      .positionals = {},
      .options =
          JoinOptions({{{.name = "skip-files", .help = {"leave out the checksums of files", "不核对文件校验和"}}},
                       AnswerOptions()}),
      .run = Run};
}

}  // namespace tupu
