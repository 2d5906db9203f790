#include "tests/fault/writer_script.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "storage/catalog/catalog.h"

namespace tupu {

namespace {

constexpr std::string_view kHubName = "the hub";

// The rules of the script, in one place for model and store.
uint64_t Deletes(uint64_t number) {
  return number % 5 == 0 ? number - 3 : 0;
}
bool TouchesPrevious(uint64_t number) {
  return number % 7 == 0;
}
bool CutsPrevious(uint64_t number) {
  return number % 11 == 0;
}
bool Loops(uint64_t number) {
  return number % 13 == 0;
}
int HubEdges(uint64_t number) {
  return number % 17 == 0 ? 3 : 1;
}

std::string GroupOf(uint32_t writer) {
  return fmt::format("writer {}", writer);
}

Error Misfit(std::string message) {
  return Error{ErrorCode::kInternal, std::move(message)};
}

/// One line, the same from model and store; `edges` in any order.
std::string LineOf(uint64_t number, bool odd, uint64_t touched, std::vector<std::string> edges) {
  std::sort(edges.begin(), edges.end());
  return fmt::format("{}{} touched {}: {}", number, odd ? " odd" : "", touched, fmt::join(edges, ", "));
}

}  // namespace

void WriterModel::ApplyNext() {
  const uint64_t s = ++applied_;
  vertices_[s] = {s % 2 == 1, 0};
  for (int i = 0; i < HubEdges(s); ++i) edges_.insert({s, "AT", kHub, s});
  if (vertices_.contains(s - 1)) edges_.insert({s - 1, "NEXT", s, s});
  if (Loops(s)) edges_.insert({s, "LOOP", s, s});
  if (TouchesPrevious(s)) vertices_[s - 1] = {false, s};
  if (CutsPrevious(s)) std::erase_if(edges_, [&](const Edge& e) { return e.type == "NEXT" && e.end == s - 1; });
  if (const uint64_t gone = Deletes(s)) {
    vertices_.erase(gone);
    std::erase_if(edges_, [&](const Edge& e) { return e.start == gone || e.end == gone; });
  }
}

std::set<std::string> WriterModel::Lines() const {
  std::map<uint64_t, std::vector<std::string>> edges;
  const auto end_name = [](uint64_t end) { return end == kHub ? std::string("hub") : std::to_string(end); };
  for (const Edge& e : edges_) {
    edges[e.start].push_back(fmt::format("-{}/{}->{}", e.type, e.made_by, end_name(e.end)));
    if (e.end != kHub) edges[e.end].push_back(fmt::format("<-{}/{}-{}", e.type, e.made_by, e.start));
  }
  std::set<std::string> lines;
  for (const auto& [number, vertex] : vertices_) {
    lines.insert(LineOf(number, vertex.odd, vertex.touched, edges[number]));
  }
  return lines;
}

namespace {

struct ScriptNames {
  explicit ScriptNames(GraphTransaction& t)
      : entry(t.InternLabel("Entry")),
        odd(t.InternLabel("Odd")),
        at(t.InternEdgeType("AT")),
        next(t.InternEdgeType("NEXT")),
        loop(t.InternEdgeType("LOOP")),
        name(t.InternPropertyKey("name")),
        touched(t.InternPropertyKey("touched")),
        made_by(t.InternPropertyKey("made_by")) {}
  LabelId entry, odd;
  EdgeTypeId at, next, loop;
  PropertyKeyId name, touched, made_by;
};

Value Number(uint64_t number) {
  return Value(static_cast<int64_t>(number));
}

Result<std::optional<VertexId>> FindEntry(const GraphView& view, uint32_t writer, uint64_t number) {
  return view.FindByExternalId({GroupOf(writer), std::to_string(number)});
}

Result<VertexId> GetEntry(const GraphView& view, uint32_t writer, uint64_t number) {
  TUPU_TRY_ASSIGN(const auto found, FindEntry(view, writer, number));
  if (!found) return Misfit(fmt::format("writer {}: entry {} is lost", writer, number));
  return *found;
}

Status CutEdgesInto(GraphTransaction& t, VertexId vertex, EdgeTypeId type) {
  std::vector<Neighbour> steps;
  TUPU_TRY(t.view().Expand(vertex, Direction::kIn, std::array{type}, steps));
  for (const Neighbour& step : steps) TUPU_TRY(t.DeleteEdge({step.edge, step.vertex, vertex, type}));
  return {};
}

Status Fill(GraphTransaction& t, uint32_t writer, uint64_t s) {
  const ScriptNames names(t);
  TUPU_TRY_ASSIGN(const auto hub, t.view().FindByExternalId({"hub", "0"}));
  if (!hub) return Misfit("the hub is lost");
  std::vector<LabelId> labels = {names.entry};
  if (s % 2 == 1) labels.push_back(names.odd);
  TUPU_TRY_ASSIGN(const VertexId vertex,
                  t.CreateVertex(labels, {{names.name, Value(fmt::format("entry {} of {}", s, writer))}},
                                 ExternalId{GroupOf(writer), std::to_string(s)}));
  const Properties made_by = {{names.made_by, Number(s)}};
  for (int i = 0; i < HubEdges(s); ++i) TUPU_TRY(t.CreateEdge(vertex, names.at, *hub, made_by));
  TUPU_TRY_ASSIGN(const auto previous, FindEntry(t.view(), writer, s - 1));
  if (previous) TUPU_TRY(t.CreateEdge(*previous, names.next, vertex, made_by));
  if (Loops(s)) TUPU_TRY(t.CreateEdge(vertex, names.loop, vertex, made_by));
  if (TouchesPrevious(s)) {
    TUPU_TRY_ASSIGN(const VertexId touched, GetEntry(t.view(), writer, s - 1));
    TUPU_TRY(t.SetVertexProperty(touched, names.touched, Number(s)));
    TUPU_TRY(t.RemoveLabel(touched, names.odd));
  }
  if (CutsPrevious(s)) {
    TUPU_TRY_ASSIGN(const VertexId target, GetEntry(t.view(), writer, s - 1));
    TUPU_TRY(CutEdgesInto(t, target, names.next));
  }
  if (const uint64_t gone = Deletes(s)) {
    TUPU_TRY_ASSIGN(const VertexId deleted, GetEntry(t.view(), writer, gone));
    TUPU_TRY(t.DeleteVertex(deleted, true));
  }
  return {};
}

}  // namespace

Status PrepareScript(GraphStore& store) {
  TUPU_TRY_ASSIGN(const auto t, store.BeginWrite());
  TUPU_TRY_ASSIGN(const auto hub, t->view().FindByExternalId({"hub", "0"}));
  if (hub) return {};
  TUPU_TRY(t->CreateVertex({}, {{t->InternPropertyKey("name"), Value(std::string(kHubName))}}, ExternalId{"hub", "0"}));
  return t->Commit();
}

Status RunScript(GraphStore& store, uint32_t writer, uint64_t number) {
  while (true) {
    TUPU_TRY_ASSIGN(const auto transaction, store.BeginWrite());
    Status status = Fill(*transaction, writer, number);
    if (status) status = transaction->Commit();
    if (status || status.error().code != ErrorCode::kConflict) return status;
  }
}

namespace {

/// The name of a neighbour in a line: the number of its entry, or the hub.
class EntryNames {
 public:
  explicit EntryNames(const GraphView& view) : view_(view) {}
  Result<std::string> Of(VertexId vertex) {
    auto [at, is_new] = names_.try_emplace(vertex);
    if (is_new) {
      TUPU_TRY_ASSIGN(const auto record, view_.FindVertex(vertex));
      if (!record || !record->external_id) return Misfit("an edge leads to a vertex that is not there");
      at->second = record->external_id->group == "hub" ? "hub" : record->external_id->id;
    }
    return at->second;
  }

 private:
  const GraphView& view_;
  std::map<VertexId, std::string> names_;
};

int64_t IntegerOr0(const Value* value) {
  return value != nullptr && value->type() == ValueType::kInteger ? value->AsInteger() : 0;
}

/// Its body is a lambda with TUPU_TRY in it: the result is taken first, since the macro does not nest.
template <class Visit>
Status ForEachVertex(const GraphView& view, std::optional<LabelId> label, const Visit& visit) {
  TUPU_TRY_ASSIGN(const auto cursor, view.ScanVertices(label));
  std::array<VertexId, 256> ids;
  while (true) {
    TUPU_TRY_ASSIGN(const size_t count, cursor->Next(ids));
    if (count == 0) return {};
    for (size_t i = 0; i < count; ++i) TUPU_TRY(visit(ids[i]));
  }
}

}  // namespace

Result<std::map<uint32_t, std::set<std::string>>> ReadLines(const GraphView& view) {
  std::map<uint32_t, std::set<std::string>> lines;
  EntryNames entries(view);
  const auto odd = view.catalog().labels().Find("Odd");
  const auto touched = view.catalog().property_keys().Find("touched");
  const auto made_by = view.catalog().property_keys().Find("made_by");
  const Status walked = ForEachVertex(view, std::nullopt, [&](VertexId vertex) -> Status {
    TUPU_TRY_ASSIGN(const auto record, view.FindVertex(vertex));
    if (!record || !record->external_id) return Misfit("a scanned vertex has no record or no external id");
    if (record->external_id->group == "hub") return {};
    std::vector<NeighbourRecord> steps;
    for (const Direction direction : {Direction::kOut, Direction::kIn}) {
      TUPU_TRY(view.ExpandWithProperties(vertex, direction, {}, steps));
    }
    std::vector<std::string> edges;
    for (const NeighbourRecord& step : steps) {
      TUPU_TRY_ASSIGN(const std::string other, entries.Of(step.vertex));
      const std::string_view type = view.catalog().edge_types().GetName(step.type);
      const int64_t by = made_by ? IntegerOr0(FindProperty(step.properties, *made_by)) : 0;
      edges.push_back(step.outgoing ? fmt::format("-{}/{}->{}", type, by, other)
                                    : fmt::format("<-{}/{}-{}", type, by, other));
    }
    const bool is_odd = odd && std::find(record->labels.begin(), record->labels.end(), *odd) != record->labels.end();
    const int64_t touch = touched ? IntegerOr0(FindProperty(record->properties, *touched)) : 0;
    const auto writer = static_cast<uint32_t>(std::stoul(record->external_id->group.substr(7)));
    const auto [at, is_new] = lines[writer].insert(
        LineOf(std::stoull(record->external_id->id), is_odd, static_cast<uint64_t>(touch), std::move(edges)));
    return is_new ? Status() : Misfit(fmt::format("writer {} twice: {}", writer, *at));
  });
  TUPU_TRY(walked);
  return lines;
}

namespace {

/// The edges of a view seen from both sides, to be compared.
struct SeenEdges {
  std::set<std::tuple<EdgeId, VertexId, EdgeTypeId, VertexId>> out;
  std::set<std::tuple<EdgeId, VertexId, EdgeTypeId, VertexId>> in;
};

Status CheckEdgesOf(const GraphView& view, VertexId vertex, SeenEdges& seen) {
  for (const Direction direction : {Direction::kOut, Direction::kIn, Direction::kBoth}) {
    std::vector<Neighbour> steps;
    TUPU_TRY(view.Expand(vertex, direction, {}, steps));
    TUPU_TRY_ASSIGN(const uint64_t degree, view.Degree(vertex, direction, {}));
    if (degree != steps.size()) {
      return Misfit(fmt::format("vertex {}: degree {}, {} edges", ToInteger(vertex), degree, steps.size()));
    }
    if (direction == Direction::kBoth) continue;
    for (const Neighbour& step : steps) {
      const bool is_new = direction == Direction::kOut
                              ? seen.out.insert({step.edge, vertex, step.type, step.vertex}).second
                              : seen.in.insert({step.edge, step.vertex, step.type, vertex}).second;
      if (!is_new) return Misfit(fmt::format("edge {} stands twice", ToInteger(step.edge)));
    }
  }
  return {};
}

Status CheckRecordOf(const GraphView& view, VertexId vertex, std::map<LabelId, uint64_t>& by_label) {
  TUPU_TRY_ASSIGN(const auto record, view.FindVertex(vertex));
  if (!record) return Misfit(fmt::format("vertex {} is scanned and has no record", ToInteger(vertex)));
  for (const LabelId label : record->labels) ++by_label[label];
  if (record->external_id) {
    TUPU_TRY_ASSIGN(const auto found, view.FindByExternalId(*record->external_id));
    if (found != vertex) return Misfit(fmt::format("vertex {}: its external id leads elsewhere", ToInteger(vertex)));
  }
  const auto name_key = view.catalog().property_keys().Find("name");
  const Value* name = name_key ? FindProperty(record->properties, *name_key) : nullptr;
  if (name == nullptr) return {};
  TUPU_TRY_ASSIGN(const auto named, view.FindByName(name->AsString()));
  if (std::find(named.begin(), named.end(), vertex) != named.end()) return {};
  return Misfit(fmt::format("vertex {}: its name does not lead to it", ToInteger(vertex)));
}

Status CheckLabels(const GraphView& view, const std::map<LabelId, uint64_t>& by_label) {
  for (size_t i = 0; i < view.catalog().labels().size(); ++i) {
    const auto label = static_cast<LabelId>(i);
    const auto found = by_label.find(label);
    const uint64_t expected = found == by_label.end() ? 0 : found->second;
    uint64_t scanned = 0;
    TUPU_TRY(ForEachVertex(view, label, [&](VertexId) -> Status {
      ++scanned;
      return {};
    }));
    if (scanned != expected || view.CountVertices(label) != expected) {
      return Misfit(fmt::format("label {}: {} carry it, {} are scanned, {} are counted", i, expected, scanned,
                                view.CountVertices(label)));
    }
  }
  return {};
}

}  // namespace

Status CheckView(const GraphView& view) {
  SeenEdges seen;
  std::map<LabelId, uint64_t> by_label;
  uint64_t vertices = 0;
  const Status walked = ForEachVertex(view, std::nullopt, [&](VertexId vertex) -> Status {
    ++vertices;
    TUPU_TRY(CheckRecordOf(view, vertex, by_label));
    return CheckEdgesOf(view, vertex, seen);
  });
  TUPU_TRY(walked);
  if (seen.out != seen.in) return Misfit(fmt::format("{} edges out, {} in", seen.out.size(), seen.in.size()));
  if (vertices != view.CountVertices(std::nullopt)) return Misfit("the count of vertices is wrong");
  if (seen.out.size() != view.CountEdges(std::nullopt)) return Misfit("the count of edges is wrong");
  for (const auto& [edge, start, type, end] : seen.out) {
    TUPU_TRY_ASSIGN(const auto found, view.FindEdge(edge));
    if (!found || found->reference.start != start || found->reference.end != end || found->reference.type != type) {
      return Misfit(fmt::format("edge {} is not found by its id", ToInteger(edge)));
    }
  }
  return CheckLabels(view, by_label);
}

Result<std::vector<uint64_t>> FindProgress(const GraphView& view, const std::vector<uint64_t>& least,
                                           const std::vector<uint64_t>& most) {
  TUPU_TRY(CheckView(view));
  TUPU_TRY_ASSIGN(const auto lines, ReadLines(view));
  std::vector<uint64_t> progress;
  for (uint32_t writer = 0; writer < least.size(); ++writer) {
    WriterModel model(writer);
    while (model.applied() < least[writer]) model.ApplyNext();
    const auto found = lines.find(writer);
    const std::set<std::string> stored = found == lines.end() ? std::set<std::string>() : found->second;
    const std::set<std::string> expected = model.Lines();
    while (stored != model.Lines()) {
      if (model.applied() == most[writer]) {
        std::vector<std::string> difference;
        std::set_symmetric_difference(stored.begin(), stored.end(), expected.begin(), expected.end(),
                                      std::back_inserter(difference));
        return Misfit(fmt::format(
            "writer {}: the state is none of those after {} to {} commits; {} lines differ from "
            "the first: {}",
            writer, least[writer], most[writer], difference.size(), difference.empty() ? "" : difference.front()));
      }
      model.ApplyNext();
    }
    progress.push_back(model.applied());
  }
  return progress;
}

}  // namespace tupu
