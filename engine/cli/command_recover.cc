#include <unistd.h>

#include <fmt/format.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/cli/progress_bar.h"
#include "storage/backup/recover_graph.h"

namespace tupu {

namespace {

void PrintLoss(const CommandContext& context, const Recovery& recovery) {
  constexpr Text kDamage = {"damage: {}", "损坏：{}"};
  PrintNote(fmt::format(fmt::runtime(context.Say(kDamage)), recovery.damage));
  constexpr Text kKept = {"kept: the state after commit {}, {} vertices, {} edges",
                          "保留：提交 {} 之后的状态，实体 {}，关系 {}"};
  PrintNote(fmt::format(fmt::runtime(context.Say(kKept)), recovery.kept_commit, recovery.check.checked.vertices,
                        recovery.check.checked.edges));
  if (recovery.last_seen_commit) {
    constexpr Text kLost = {"lost: commits {} to {} (the last that the log still shows), and any after it",
                            "丢失：提交 {} 至 {}（日志中可见的最后一个），以及其后的提交"};
    PrintNote(fmt::format(fmt::runtime(context.Say(kLost)), recovery.kept_commit + 1, *recovery.last_seen_commit));
  } else {
    PrintNote(context.Say({"lost: what was committed after it; how much cannot be read from the log",
                           "丢失：其后的提交；无法从日志得知数量"}));
  }
}

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const std::string directory, ChooseStoredDatabase(context.arguments));
  ProgressBar bar(STDERR_FILENO);
  RecoveryOptions options;
  options.dry_run = context.arguments.Has("dry-run");
  options.cancellation = context.cancellation;
  options.progress = [&](uint64_t done, uint64_t total) { bar.Show(done, total); };
  const Result<Recovery> recovery = RecoverGraph(directory, options);
  bar.Clear();
  if (!recovery) return recovery.error();
  if (!recovery->needed) {
    constexpr Text kWhole = {"nothing to recover: the database opens at commit {}",
                             "无需恢复：数据库可以打开，位于提交 {}"};
    PrintNote(fmt::format(fmt::runtime(context.Say(kWhole)), recovery->kept_commit));
    return ExitStatus::kDone;
  }
  PrintLoss(context, *recovery);
  if (!recovery->check.clean()) {
    const Finding& first = recovery->check.findings.front();
    return Error{
        .code = ErrorCode::kCorruption,
        .message = fmt::format("the recovered graph is damaged as well ({} findings, the first: {}: {}); nothing "
                               "was changed",
                               recovery->check.total, Name(first.damage), first.where),
        .hint = "restore a backup: tupu restore BACKUP_DIR --to DIR"};
  }
  if (options.dry_run) {
    PrintNote(context.Say({"a dry run: nothing was changed", "试运行：未作任何改动"}));
    return ExitStatus::kDone;
  }
  constexpr Text kDone = {"recovered; the damaged database is kept as {}", "已恢复；损坏的数据库保留为 {}"};
  PrintNote(fmt::format(fmt::runtime(context.Say(kDone)), recovery->kept_original));
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec RecoverCommand() {
  return {
      .name = "recover",
      .group = CommandGroup::kCare,
      .summary = {"give up what follows damage in the log", "放弃日志损坏处之后的内容"},
      .details =
          {"For a database that does not open because its log is damaged, when there is no backup that is better. "
           "Takes\n"
           "the state before the damage; all that was committed after it is lost, and the command says how much as "
           "far\n"
           "as it can be known. The recovered graph is checked before it takes the place of the damaged one, which is\n"
           "kept whole as DIR.damaged-N.\n\n"
           "  tupu recover -d smart-city --dry-run",
           "用于因日志损坏而无法打开、且没有更好备份的数据库。取损坏处之前的状态；其后的提交将丢失，命令会尽可能说明丢"
           "失\n"
           "多少。恢复后的图先经检查，再替换损坏的数据库；后者完整保留为 DIR.damaged-N。\n\n"
           "  tupu recover -d smart-city --dry-run"},
      .positionals = {},
      .options = JoinOptions({{{.name = "dry-run", .help = {"only say what would be done", "仅说明将要做的事"}},
                               {.name = "timeout", .value = "SECONDS", .help = {"stop after so long", "超时秒数"}}}}),
      .run = Run};
}

}  // namespace tupu
