#include <ctime>

#include <fmt/format.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "storage/backup/graph_backup.h"
#include "storage/kv/backup_files.h"

namespace tupu {

namespace {

std::string TimeText(int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

Row RowOf(const GraphBackup& backup) {
  const auto number = [](uint64_t v) { return Value(static_cast<int64_t>(v)); };
  return {number(backup.id),       TimeText(backup.made_at), number(backup.commit),
          number(backup.vertices), number(backup.edges),     number(backup.bytes)};
}

Status PrintBackups(const CommandContext& context, const AnswerChoice& choice,
                    const std::vector<GraphBackup>& backups) {
  TUPU_TRY_ASSIGN(OutputSink sink, OpenOutput(choice));
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(choice.format, sink, LookOf(choice));
  TUPU_TRY(writer->Begin({{"backup", std::string(context.Say({"backup", "备份"}))},
                          {"made_at", std::string(context.Say({"made at", "时间"}))},
                          {"commit", std::string(context.Say({"commit", "提交"}))},
                          {"vertices", std::string(context.Say({"vertices", "实体"}))},
                          {"edges", std::string(context.Say({"edges", "关系"}))},
                          {"bytes", std::string(context.Say({"bytes", "字节"}))}}));
  for (const GraphBackup& backup : backups) TUPU_TRY(writer->Add(RowOf(backup)));
  TUPU_TRY(writer->End());
  return sink.Close();
}

Result<ExitStatus> Show(const CommandContext& context, const AnswerChoice& choice, const std::string& folder) {
  TUPU_TRY_ASSIGN(const std::vector<GraphBackup> backups, ListGraphBackups(folder));
  for (const GraphBackup& backup : backups) {
    if (!context.arguments.Has("verify")) break;
    TUPU_TRY(context.cancellation.Check());
    TUPU_TRY(VerifyBackup(folder, backup.id));
  }
  TUPU_TRY(PrintBackups(context, choice, backups));
  if (context.arguments.Has("verify")) PrintNote(context.Say({"every file is as it was written", "所有文件均完好"}));
  return ExitStatus::kDone;
}

Result<GraphBackup> Make(const CommandContext& context, const std::string& folder, uint32_t keep) {
  TUPU_TRY_ASSIGN(const std::string directory, ChooseStoredDatabase(context.arguments));
  TUPU_TRY_ASSIGN(const uint64_t cache_bytes, ReadCacheMemory(context.arguments));
  const auto store = OpenRocksDbStore(directory, {.create_if_missing = false, .cache_bytes = cache_bytes});
  if (store) return BackUpGraph(**store, folder, keep);
  if (store.error().code != ErrorCode::kBusy) return store.error();
  return BackUpHeldGraph(directory, folder, keep);
}

// A folder without backups, or without the one that was asked for, is a wrong path, not an unknown name of the data.
Error AsInput(Error error) {
  if (error.code == ErrorCode::kNotFound || error.code == ErrorCode::kAlreadyExists) error.code = ErrorCode::kIo;
  return error;
}

Result<ExitStatus> RunBackup(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, 0));
  if (IsPicture(choice.format)) return UsageError("backup has no picture", "take table, json, jsonl or csv");
  TUPU_TRY_ASSIGN(const uint64_t keep, context.arguments.GetCount("keep", 0, 1));
  const std::string& folder = context.arguments.positionals()[0];
  if (context.arguments.Has("list") || context.arguments.Has("verify")) {
    Result<ExitStatus> shown = Show(context, choice, folder);
    if (!shown) return AsInput(shown.error());
    return shown;
  }
  const Result<GraphBackup> backup = Make(context, folder, static_cast<uint32_t>(std::min<uint64_t>(keep, UINT32_MAX)));
  if (!backup) return AsInput(backup.error());
  TUPU_TRY(PrintBackups(context, choice, {*backup}));
  return ExitStatus::kDone;
}

Result<ExitStatus> RunRestore(const CommandContext& context) {
  const std::optional<std::string> to = context.arguments.Find("to");
  const std::optional<std::string> database = context.arguments.Find("db");
  if (to && database) return UsageError("give --to DIR or -d DIR, not both");
  if (!to && !database) return UsageError("where to? name the new database with --to DIR");
  RestoreChoice restore;
  restore.check = !context.arguments.Has("skip-check");
  restore.cancellation = context.cancellation;
  if (context.arguments.Has("id")) {
    TUPU_TRY_ASSIGN(const uint64_t id, context.arguments.GetCount("id", 0, 1));
    restore.id = static_cast<uint32_t>(std::min<uint64_t>(id, UINT32_MAX));
  }
  const Result<GraphBackup> restored = RestoreGraph(context.arguments.positionals()[0], to ? *to : *database, restore);
  if (!restored) return AsInput(restored.error());
  TUPU_TRY(PrintBackups(context, {}, {*restored}));
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec BackupCommand() {
  return {
      .name = "backup",
      .group = CommandGroup::kCare,
      .summary = {"back up the database, or list its backups", "备份数据库，或列出备份"},
      .details = {"Adds a numbered backup to the folder and verifies it. Only what the folder does not hold yet is "
                  "copied; other\n"
                  "processes may read and write meanwhile. The commit is the one that the backup holds at least.\n\n"
                  "  tupu backup -d smart-city /backups/smart-city --keep 7\n"
                  "  tupu backup --list /backups/smart-city",
                  "在文件夹中增加一个带编号的备份并校验。只复制其中尚无的文件；其间其他进程可以读写。“提交”为该备份至少"
                  "包含的\n"
                  "提交。\n\n  tupu backup -d smart-city /backups/smart-city --keep 7\n  tupu backup --list "
                  "/backups/smart-city"},
      .positionals = {{.name = "BACKUP_DIR"}},
      .options = JoinOptions(
          {{{.name = "list", .help = {"list the backups of the folder", "列出其中的备份"}},
            {.name = "verify", .help = {"list them and verify every file", "列出并校验每个文件"}},
            {.name = "keep", .value = "N", .help = {"delete all but the last N afterwards", "之后只保留最近 N 个"}}},
           AnswerOptions()}),
      .run = RunBackup};
}

CommandSpec RestoreCommand() {
  return {
      .name = "restore",
      .group = CommandGroup::kCare,
      .summary = {"make a database from a backup", "由备份恢复数据库"},
      .details =
          {"The folder must be new or empty. The database appears there whole, checked as tupu check does, or not at\n"
           "all.\n\n  tupu restore /backups/smart-city --to smart-city-restored --id 3",
           "目标文件夹须为新建或空文件夹。数据库经 tupu check 同样的检查后整体出现，否则不出现。\n\n"
           "  tupu restore /backups/smart-city --to smart-city-restored --id 3"},
      .positionals = {{.name = "BACKUP_DIR"}},
      .options = JoinOptions({{{.name = "to", .value = "DIR", .help = {"the new database", "新数据库的文件夹"}},
                               {.name = "id",
                                .value = "N",
                                .help = {"the backup of this number (the last)", "备份编号（缺省为最近一个）"}},
                               {.name = "skip-check", .help = {"put it in place unchecked", "不经检查"}},
                               {.name = "timeout", .value = "SECONDS", .help = {"stop after so long", "超时秒数"}}}}),
      .run = RunRestore};
}

}  // namespace tupu
