#include "small_graph.h"

#include <stdexcept>

namespace tupu {

namespace {

constexpr std::string_view kOntology = R"({
  "tupu_ontology": 1,
  "data_set": "small",
  "families": {"cooperation": {"display": {"zh": "合作"}}, "ownership": {"display": {"zh": "股权"}}, "activity": {"display": {"zh": "业务"}}, "structure": {"display": {"zh": "结构"}}},
  "labels": {
    "Organization": {"display": {"zh": "组织", "en": "Organization"}},
    "Firm": {"parents": ["Organization"], "display": {"zh": "企业", "en": "Firm"}},
    "Alliance": {"parents": ["Organization"], "display": {"zh": "联盟", "en": "Alliance"}},
    "ComputingCenter": {"display": {"zh": "计算中心", "en": "Computing centre"}},
    "Segment": {"display": {"zh": "细分领域", "en": "Segment"}},
    "Region": {"display": {"zh": "地区", "en": "Region"}},
    "Source": {"display": {"zh": "来源", "en": "Source"}}
  },
  "edge_types": {
    "PARTNERS_WITH": {"family": "cooperation", "symmetric": true, "key": ["about"], "properties": {"about": {"type": "string"}},
                      "display": {"zh": "合作", "en": "partners with"}},
    "IN_ECOSYSTEM_OF": {"family": "cooperation", "display": {"zh": "加入生态", "en": "in ecosystem of"}},
    "CO_BUILDS": {"family": "cooperation", "via": "end", "display": {"zh": "共建", "en": "co-builds"}},
    "MEMBER_OF": {"family": "cooperation", "via": "end", "display": {"zh": "加入", "en": "member of"}},
    "LEADS": {"family": "cooperation", "via": "end", "display": {"zh": "牵头", "en": "leads"}},
    "SUBSIDIARY_OF": {"family": "ownership", "display": {"zh": "隶属", "en": "subsidiary of"}},
    "ACQUIRED": {"family": "ownership", "display": {"zh": "收购", "en": "acquired"}},
    "OPERATES_IN": {"family": "activity", "display": {"zh": "从事", "en": "operates in"}},
    "LOCATED_IN": {"family": "structure", "display": {"zh": "位于", "en": "located in"}},
    "PART_OF": {"family": "structure", "display": {"zh": "属于", "en": "part of"}},
    "STATED_IN": {"display": {"zh": "载于", "en": "stated in"}}
  }
})";

// A test that cannot build its graph stops here, with the reason.
template <class T>
T Require(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(result).value();
}

void Require(const Status& status) {
  if (!status) throw std::runtime_error(status.error().message);
}

Properties ToProperties(GraphTransaction& writer, const Map& properties) {
  Properties converted;
  for (const auto& [key, value] : properties) converted.emplace_back(writer.InternPropertyKey(key), value);
  return converted;
}

}  // namespace

SmallGraph::SmallGraph() : SmallGraph(kOntology) {}

SmallGraph::SmallGraph(std::string_view ontology) : store_(Require(GraphStore::OpenInMemory())) {
  if (!ontology.empty()) Require(Writer().SetOntology(ontology));
}

GraphTransaction& SmallGraph::Writer() {
  if (transaction_ == nullptr) transaction_ = Require(store_->BeginWrite());
  return *transaction_;
}

VertexId SmallGraph::Add(const std::string& name, const std::vector<std::string>& labels, const Map& properties) {
  std::vector<LabelId> label_ids;
  for (const std::string& label : labels) label_ids.push_back(Writer().InternLabel(label));
  Properties all = ToProperties(Writer(), properties);
  all.emplace_back(Writer().InternPropertyKey("name"), Value(name));
  const VertexId id = Require(Writer().CreateVertex(std::move(label_ids), std::move(all)));
  ids_.insert_or_assign(name, id);
  return id;
}

void SmallGraph::Join(const std::string& start, const std::string& type, const std::string& end,
                      const Map& properties) {
  Require(Writer().CreateEdge(Id(start), Writer().InternEdgeType(type), Id(end), ToProperties(Writer(), properties)));
}

const GraphView& SmallGraph::View() {
  if (transaction_ != nullptr) {
    Require(transaction_->Commit());
    transaction_.reset();
    view_ = Require(store_->Snapshot());
  }
  return *view_;
}

SmallGraph& IndustryGraph() {
  static SmallGraph* const graph = [] {
    auto* made = new SmallGraph();
    const auto source = [](const char* key) { return Map{{"sources", Value(List{Value(key)})}}; };
    for (const char* firm : {"华为", "腾讯", "腾讯云", "超图", "优锆科技", "寒武纪", "东华科技", "51WORLD", "孤岛科技"})
      made->Add(firm, {"Organization", "Firm"});
    made->Add("中国信通院", {"Organization"}, {{"aliases", Value(List{Value("CAICT"), Value("信通院")})}});
    made->Add("鹏城云脑", {"ComputingCenter"});
    made->Add("横琴中心", {"ComputingCenter"});
    made->Add("数字孪生联盟", {"Organization", "Alliance"});
    made->Add("数字孪生", {"Segment"});
    made->Add("智慧城市", {"Segment"});
    made->Add("北京", {"Region"});
    made->Add("report", {"Source"});
    made->Join("超图", "PARTNERS_WITH", "华为", {{"about", Value("GIS")}, {"sources", Value(List{Value("r#1")})}});
    made->Join("腾讯云", "PARTNERS_WITH", "东华科技", {{"about", Value("智慧工厂")}});
    made->Join("腾讯云", "SUBSIDIARY_OF", "腾讯");
    made->Join("腾讯", "PARTNERS_WITH", "腾讯云", {{"about", Value("内部")}});
    made->Join("寒武纪", "IN_ECOSYSTEM_OF", "华为", source("r#2"));
    made->Join("华为", "CO_BUILDS", "鹏城云脑", {{"role", Value("建设")}, {"sources", Value(List{Value("r#3")})}});
    made->Join("优锆科技", "CO_BUILDS", "鹏城云脑", {{"role", Value("运营")}, {"sources", Value(List{Value("r#4")})}});
    made->Join("中国信通院", "LEADS", "数字孪生联盟");
    made->Join("超图", "MEMBER_OF", "数字孪生联盟");
    made->Join("51WORLD", "OPERATES_IN", "数字孪生");
    made->Join("超图", "OPERATES_IN", "数字孪生");
    made->Join("寒武纪", "OPERATES_IN", "智慧城市");
    made->Join("超图", "OPERATES_IN", "智慧城市");
    made->Join("51WORLD", "LOCATED_IN", "北京");
    made->Join("孤岛科技", "LOCATED_IN", "北京");
    for (const char* name : {"华为", "超图", "孤岛科技", "腾讯"}) made->Join(name, "STATED_IN", "report");
    return made;
  }();
  return *graph;
}

}  // namespace tupu
