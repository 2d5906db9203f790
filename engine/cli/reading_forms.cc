#include "engine/cli/reading_forms.h"

#include <fmt/format.h>

#include "storage/catalog/catalog.h"
#include "storage/columns/property_cache.h"
#include "storage/csr/topology.h"

namespace tupu {

namespace {

Text NameOf(ColumnForm form) {
  switch (form) {
    case ColumnForm::kEmpty: return {"no values", "无值"};
    case ColumnForm::kIntegers: return {"integers", "整数"};
    case ColumnForm::kFloats: return {"floats", "浮点数"};
    case ColumnForm::kBooleans: return {"booleans", "布尔值"};
    case ColumnForm::kDates: return {"dates", "日期"};
    case ColumnForm::kDictionary: return {"dictionary", "字典"};
    case ColumnForm::kEncoded: return {"texts", "文本"};
  }
  return {"", ""};
}

void AddAdjacency(const GraphView& view, const GraphStoreStats& stats, Language language, std::vector<Row>& rows) {
  uint64_t from_blocks = 2 * stats.edges_by_type.size();
  uint64_t to_map = 0;
  for (const AdjacencyForm& form : view.AdjacencyForms()) {
    const bool counts = view.CountEdges(form.set.type) > 0;
    if (!form.csr) {
      to_map += counts && form.saved && stats.saved_csrs.bytes > 0 ? 1 : 0;
      continue;
    }
    const bool out = form.set.side == AdjacencySide::kOut;
    const std::string name = fmt::format("{} {}", view.catalog().edge_types().GetName(form.set.type),
                                         (out ? Text{"outgoing", "出"} : Text{"incoming", "入"}).In(language));
    const Text what =
        form.from_file ? Text{"edges in saved CSR", "已保存 CSR 中的关系"} : Text{"edges in CSR", "CSR 中的关系"};
    rows.push_back(StatsLine(what.In(language), name, form.edges));
    if (counts) --from_blocks;
  }
  if (to_map > 0) {
    constexpr Text kToMap = {"types and directions in saved CSRs, mapped when reads pay",
                             "已保存 CSR 的类型与方向（读取达一定量时映射）"};
    rows.push_back(StatsLine(kToMap.In(language), "", to_map));
  }
  rows.push_back(StatsLine(Text{"types and directions read from blocks", "由块读取的类型与方向"}.In(language), "",
                           from_blocks - to_map));
}

void AddProperties(const GraphView& view, Language language, std::vector<Row>& rows) {
  const std::vector<PropertyForm> forms = view.PropertyForms();
  for (const PropertyForm& form : forms) {
    const bool of_edges = form.key.entity == EntityKind::kEdge;
    const std::string key = form.key.label
                                ? fmt::format(":{}", view.catalog().labels().GetName(*form.key.label))
                                : std::string(view.catalog().property_keys().GetName(form.key.key));
    const std::string owner =
        of_edges ? fmt::format("{}.", view.catalog().edge_types().GetName(form.key.type)) : std::string();
    const Text what = of_edges ? Text{"bytes of an edge property column", "关系属性列的字节"}
                               : Text{"bytes of a vertex property column", "实体属性列的字节"};
    rows.push_back(
        StatsLine(what.In(language), fmt::format("{}{} ({})", owner, key, NameOf(form.form).In(language)), form.bytes));
  }
  rows.push_back(StatsLine(Text{"properties read from columns", "由列读取的属性"}.In(language), "", forms.size()));
}

}  // namespace

Row StatsLine(std::string_view what, std::string_view name, uint64_t count) {
  return {what, name.empty() ? Value() : Value(name), static_cast<int64_t>(count)};
}

std::vector<Row> DescribeReadingForms(const GraphView& view, const GraphStoreStats& stats, Language language) {
  std::vector<Row> rows;
  AddAdjacency(view, stats, language, rows);
  AddProperties(view, language, rows);
  return rows;
}

}  // namespace tupu
