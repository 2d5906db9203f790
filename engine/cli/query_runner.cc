#include "engine/cli/query_runner.h"

#include <unistd.h>

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/cli/progress_bar.h"
#include "engine/database/engine_access.h"
#include "engine/export/picture.h"
#include "storage/graph/graph_store.h"

namespace tupu {

namespace {

std::string ChangesText(const CommandContext& context, const UpdateCounters& counters) {
  struct Change {
    uint64_t count;
    Text text;
  };
  const std::array<Change, 11> changes = {
      {{counters.nodes_created, {"{} nodes created", "新建节点 {}"}},
       {counters.nodes_deleted, {"{} nodes deleted", "删除节点 {}"}},
       {counters.relationships_created, {"{} relationships created", "新建关系 {}"}},
       {counters.relationships_deleted, {"{} relationships deleted", "删除关系 {}"}},
       {counters.properties_set, {"{} properties set", "设置属性 {}"}},
       {counters.labels_added, {"{} labels added", "添加标签 {}"}},
       {counters.labels_removed, {"{} labels removed", "移除标签 {}"}},
       {counters.indexes_added, {"{} indexes added", "新建索引 {}"}},
       {counters.indexes_removed, {"{} indexes removed", "删除索引 {}"}},
       {counters.constraints_added, {"{} constraints added", "新建约束 {}"}},
       {counters.constraints_removed, {"{} constraints removed", "删除约束 {}"}}}};
  std::vector<std::string> parts;
  for (const Change& change : changes)
    if (change.count > 0) parts.push_back(fmt::format(fmt::runtime(context.Say(change.text)), change.count));
  return fmt::format("{}", fmt::join(parts, context.Say({", ", "，"})));
}

}  // namespace

Status QueryRunner::Run(ScriptSession& session, std::string_view text, QueryOptions options) {
  ProgressBar bar(STDERR_FILENO);
  options.progress = [&](double share) { bar.Show(static_cast<uint64_t>(share * 1000), 1000); };
  Result<std::optional<QueryResult>> run = session.Run(text, options);
  bar.Clear();
  TUPU_TRY_ASSIGN(std::optional<QueryResult> answer, std::move(run));
  if (!answer) return {};  // BEGIN, COMMIT, ROLLBACK
  QueryResult& result = *answer;
  if (IsPicture(choice_.format)) return KeepRows(result);
  if (!result.columns().empty()) {
    TUPU_TRY(ShowRows(result));
  } else {
    TUPU_TRY(result.All());
  }
  TUPU_TRY(sink_.Flush());
  const std::string changes = ChangesText(context_, result.counters());
  if (!changes.empty()) PrintNote(changes);
  for (const std::string& notice : result.notices()) PrintNote(notice);
  return {};
}

Status QueryRunner::ShowRows(QueryResult& result) {
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(choice_.format, sink_, LookOf(choice_));
  std::vector<AnswerColumn> columns;
  for (const std::string& name : result.columns()) columns.push_back({name, ""});
  TUPU_TRY(writer->Begin(columns));
  uint64_t count = 0;
  bool cut = false;
  while (true) {
    TUPU_TRY_ASSIGN(const Row* row, result.Next());
    if (row == nullptr) break;
    cut = choice_.limit != 0 && count == choice_.limit;
    if (cut) break;
    TUPU_TRY(writer->Add(*row));
    ++count;
  }
  TUPU_TRY(writer->End());
  TUPU_TRY(sink_.Flush());
  if (choice_.format != OutputFormat::kTable) return {};
  constexpr Text kRows = {"{} rows", "{} 行"};
  constexpr Text kCut = {"{} rows, and more; -n 0 shows all", "{} 行，尚有更多；-n 0 显示全部"};
  PrintNote(fmt::format(fmt::runtime(context_.Say(cut ? kCut : kRows)), count));
  return {};
}

Status QueryRunner::KeepRows(QueryResult& result) {
  while (choice_.limit == 0 || kept_.size() < choice_.limit) {
    TUPU_TRY_ASSIGN(const Row* row, result.Next());
    if (row == nullptr) break;
    kept_.push_back(*row);
  }
  return {};
}

Status QueryRunner::Draw(Database& database) {
  TUPU_TRY_ASSIGN(const std::shared_ptr<const GraphView> view, EngineAccess::Store(database).Snapshot());
  TUPU_TRY_ASSIGN(const Picture picture, PictureOfRows(*view, kept_));
  return WritePicture(context_, *view, choice_.format, picture, sink_);
}

}  // namespace tupu
