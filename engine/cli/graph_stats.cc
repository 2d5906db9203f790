#include "engine/cli/graph_stats.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/cli/reading_forms.h"
#include "storage/catalog/graph_statistics.h"

namespace tupu {

Result<Answer> DescribeStats(const GraphStore& store, const GraphView& view, Language language) {
  TUPU_TRY_ASSIGN(const GraphStoreStats stats, store.Stats());
  Answer answer;
  answer.columns = {{"what", std::string(Text{"what", "项目"}.In(language))},
                    {"name", std::string(Text{"name", "名称"}.In(language))},
                    {"count", std::string(Text{"count", "数量"}.In(language))}};
  answer.rows.push_back(StatsLine(Text{"vertices", "实体"}.In(language), "", stats.vertices));
  answer.rows.push_back(StatsLine(Text{"edges", "关系"}.In(language), "", stats.edges));
  for (const auto& [label, count] : stats.vertices_by_label)
    answer.rows.push_back(StatsLine(Text{"label", "标签"}.In(language), label, count));
  for (const auto& [type, count] : stats.edges_by_type)
    answer.rows.push_back(StatsLine(Text{"edge type", "关系类型"}.In(language), type, count));
  for (const IndexDefinition& index : view.indexes().indexes())
    if (const IndexStatistics* counted = view.statistics().Find(index.id))
      answer.rows.push_back(StatsLine(Text{"index entries, as last counted", "索引条目（上次统计）"}.In(language),
                                      index.name, counted->entries));
  for (Row& row : DescribeReadingForms(view, stats, language)) answer.rows.push_back(std::move(row));
  answer.rows.push_back(StatsLine(Text{"bytes on disk", "磁盘字节"}.In(language), "", stats.bytes_on_disk));
  if (stats.saved_csrs.bytes > 0) {
    answer.rows.push_back(StatsLine(Text{"bytes of saved adjacency", "已保存邻接的字节"}.In(language),
                                    fmt::format("csr-{}.tupu", stats.saved_csrs.commit), stats.saved_csrs.bytes));
  }
  for (const auto& [keyspace, bytes] : stats.bytes_by_keyspace)
    answer.rows.push_back(StatsLine(Text{"bytes of tables", "数据表字节"}.In(language), keyspace, bytes));
  answer.rows.push_back(StatsLine(Text{"format version", "格式版本"}.In(language), "", stats.format_version));
  return answer;
}

}  // namespace tupu
