#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "query/planner/physical_plan.h"
#include "storage/catalog/catalog.h"
#include "storage/columns/property_cache.h"
#include "storage/csr/topology.h"
#include "storage/graph/graph_view.h"

namespace tupu {

namespace {

/// What the lists of one type are read from.
struct Forms {
  bool csr = false;
  bool saved_csr = false;
  bool blocks = false;
};

void AddForms(Direction direction, EdgeTypeId type, std::span<const AdjacencyForm> known, Forms& forms) {
  for (const AdjacencySide side : {AdjacencySide::kOut, AdjacencySide::kIn}) {
    if (direction == (side == AdjacencySide::kOut ? Direction::kIn : Direction::kOut)) continue;
    const auto csr = std::find_if(known.begin(), known.end(), [&](const AdjacencyForm& form) {
      return form.csr && form.set.type == type && form.set.side == side;
    });
    (csr == known.end() ? forms.blocks : csr->from_file ? forms.saved_csr : forms.csr) = true;
  }
}

std::string DescribeForms(const AdjacencyReading& reading, const GraphView& view) {
  const std::vector<AdjacencyForm> known = view.AdjacencyForms();
  const NameTable<EdgeTypeId>& types = view.catalog().edge_types();
  Forms forms;
  for (size_t i = 0; reading.types.empty() && i < types.size(); ++i) {
    AddForms(reading.direction, static_cast<EdgeTypeId>(i), known, forms);
  }
  for (const std::string& name : reading.types) {
    if (const auto type = types.Find(name)) AddForms(reading.direction, *type, known, forms);
  }
  std::vector<std::string_view> names;
  if (forms.csr) names.emplace_back("CSR");
  if (forms.saved_csr) names.emplace_back("saved CSR");
  if (forms.blocks) names.emplace_back("blocks");
  return names.empty() ? "" : fmt::format("  from {}", fmt::join(names, " and "));
}

/// The columns that would hold a property; empty: a name that nothing in the store has.
std::vector<ColumnKey> ColumnsOf(const PropertyReading& reading, const Catalog& catalog) {
  const auto key = catalog.property_keys().Find(reading.key);
  if (!key) return {};
  if (!reading.of_edges) return {{.key = *key}};
  std::vector<ColumnKey> columns;
  for (size_t i = 0; reading.types.empty() && i < catalog.edge_types().size(); ++i) {
    columns.push_back({EntityKind::kEdge, static_cast<EdgeTypeId>(i), *key});
  }
  for (const std::string& name : reading.types) {
    if (const auto type = catalog.edge_types().Find(name)) columns.push_back({EntityKind::kEdge, *type, *key});
  }
  return columns;
}

std::string DescribeProperties(const std::vector<PropertyReading>& readings, const GraphView& view) {
  const std::vector<PropertyForm> known = view.PropertyForms();
  std::string out;
  for (const PropertyReading& reading : readings) {
    const std::vector<ColumnKey> columns = ColumnsOf(reading, view.catalog());
    if (columns.empty()) continue;
    const auto there = std::count_if(columns.begin(), columns.end(), [&](const ColumnKey& wanted) {
      return std::any_of(known.begin(), known.end(), [&](const PropertyForm& form) { return form.key == wanted; });
    });
    const bool all = static_cast<size_t>(there) == columns.size();
    out += fmt::format("{}{} from {}", out.empty() ? "  properties: " : ", ", reading.key,
                       all         ? "column"
                       : there > 0 ? "column and records"
                                   : "records");
  }
  return out;
}

void Append(std::string& out, const PhysicalOperator& plan, const GraphView* view, size_t depth) {
  out.append(depth * 2, ' ');
  out += plan.name;
  if (!plan.details.empty()) out += "  " + plan.details;
  if (view != nullptr && plan.reads) out += DescribeForms(*plan.reads, *view);
  if (view != nullptr && !plan.properties.empty()) out += DescribeProperties(plan.properties, *view);
  if (plan.rows >= 0) out += fmt::format("  ~{:.3g} rows", plan.rows);
  out += '\n';
  for (const PhysicalPlan& child : plan.children) Append(out, *child, view, depth + 1);
}

}  // namespace

std::string Explain(const PhysicalOperator& plan, const GraphView* view) {
  std::string out;
  Append(out, plan, view, 0);
  return out;
}

}  // namespace tupu
