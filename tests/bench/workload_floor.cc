#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tests/bench/workload_engine.h"

namespace tupu {
namespace {

/// The edges of one type in one direction: those of vertex v are [begins[v], begins[v + 1]), sorted by their other end.
struct Arrays {
  std::vector<uint32_t> begins;
  std::vector<uint32_t> ends;
  std::vector<int16_t> since;
  std::vector<int16_t> weight;  // thousandths

  std::span<const uint32_t> EndsOf(uint32_t vertex) const {
    return std::span(ends).subspan(begins[vertex], begins[vertex + 1] - begins[vertex]);
  }
  uint32_t DegreeOf(uint32_t vertex) const { return begins[vertex + 1] - begins[vertex]; }
};

Arrays BuildArrays(const FirmGraph& graph, size_t type, bool forth) {
  struct Row {
    uint32_t from, to;
    int16_t since, weight;
  };
  std::vector<Row> rows(graph.EdgesOf(type));
  for (uint32_t number = 0; number < rows.size(); ++number) {
    const FirmGraph::Edge edge = graph.EdgeAt(type, number);
    const auto start = static_cast<uint32_t>(edge.start);
    const auto end = static_cast<uint32_t>(edge.end);
    rows[number] = {forth ? start : end, forth ? end : start, static_cast<int16_t>(edge.since),
                    static_cast<int16_t>(edge.weight_thousandths)};
  }
  std::sort(rows.begin(), rows.end(),
            [](const Row& a, const Row& b) { return std::pair(a.from, a.to) < std::pair(b.from, b.to); });
  Arrays arrays;
  arrays.begins.assign(graph.vertices() + 1, 0);
  for (const Row& row : rows) {
    ++arrays.begins[row.from + 1];
    arrays.ends.push_back(row.to);
    arrays.since.push_back(row.since);
    arrays.weight.push_back(row.weight);
  }
  for (size_t v = 0; v < graph.vertices(); ++v) arrays.begins[v + 1] += arrays.begins[v];
  return arrays;
}

/// Vertices marked during one call; cleared by counting on.
class Marks {
 public:
  explicit Marks(size_t vertices) : stamps_(vertices, 0) {}
  void Clear() { ++stamp_; }
  /// Whether it was not marked yet.
  bool Mark(uint32_t vertex) { return std::exchange(stamps_[vertex], stamp_) != stamp_; }
  bool Has(uint32_t vertex) const { return stamps_[vertex] == stamp_; }

 private:
  std::vector<uint32_t> stamps_;
  uint32_t stamp_ = 1;
};

constexpr std::array<size_t, 3> kTrade = {0, 1, 2};  // PARTNERS_WITH, SUPPLIES, INVESTS_IN
constexpr size_t kOperatesIn = 4;
constexpr size_t kTopRows = 10;

class FloorEngine : public InProcessEngine {
 public:
  explicit FloorEngine(const FirmGraph& graph)
      : segments_(graph.FirstIdOf(FirmLabel::kSegment),
                  graph.FirstIdOf(FirmLabel::kSegment) + graph.CountOf(FirmLabel::kSegment)),
        left_(graph.vertices()),
        right_(graph.vertices()) {
    for (const FirmLabelShare& label : kFirmLabels) {
      for (uint64_t i = 0; i < graph.CountOf(label.label); ++i) {
        graph.NameOf(label.label, i, names_.emplace_back());
        if (label.label == FirmLabel::kFirm) by_name_.emplace(names_.back(), static_cast<uint32_t>(i));
      }
    }
    for (size_t type = 0; type < kFirmEdgeTypes.size(); ++type) {
      forth_.push_back(BuildArrays(graph, type, true));
      back_.push_back(BuildArrays(graph, type, false));
    }
  }
  const std::string& name() const override { return name_; }
  bool Takes(const WorkloadQuery& query) const override { return kCalls.contains(query.id); }

 protected:
  Status Start(const WorkloadQuery& query) override {
    call_ = kCalls.at(query.id);
    return {};
  }

  Status Call(const Map& input, WorkloadAnswer* answer) override {
    input_ = &input;
    answer_ = answer;
    (this->*call_)();
    return {};
  }

 private:
  using Method = void (FloorEngine::*)();
  static const std::map<std::string, Method, std::less<>> kCalls;

  uint32_t FirmOf(std::string_view parameter) const {
    return by_name_.find(input_->find(parameter)->second.AsString())->second;
  }

  /// What is answered is read even where it is not summed up.
  template <class... Cells>
  void Give(const Cells&... cells) {
    if (answer_ == nullptr) {
      const size_t sum = (size_t{0} + ... + Touch(cells));
      given_ = given_ + sum;
      return;
    }
    (answer_->Add(cells), ...);
    answer_->EndRow();
  }
  static size_t Touch(int64_t integer) { return static_cast<size_t>(integer); }
  static size_t Touch(std::string_view text) { return text.empty() ? 0 : static_cast<unsigned char>(text.back()); }

  void FindByName() { Give(int64_t{FirmOf("name")}); }
  void FindByNumber() { Give(std::string_view(names_[static_cast<size_t>(input_->find("id")->second.AsInteger())])); }

  void Partners() {
    const uint32_t firm = FirmOf("name");
    for (const Arrays* arrays : {&forth_[0], &back_[0]}) {
      for (uint32_t i = arrays->begins[firm]; i < arrays->begins[firm + 1]; ++i) {
        const uint32_t partner = arrays->ends[i];
        Give(int64_t{partner}, std::string_view(names_[partner]), int64_t{arrays->since[i]});
      }
    }
  }

  /// Calls `step` with the ends of edges of PARTNERS_WITH that are recent and strong.
  template <class Step>
  void ForEachStrong(uint32_t firm, Step step) const {
    const Arrays& arrays = forth_[0];
    for (uint32_t i = arrays.begins[firm]; i < arrays.begins[firm + 1]; ++i) {
      if (arrays.since[i] >= 2010 && arrays.weight[i] > 500) step(arrays.ends[i]);
    }
  }

  void StrongPairs() {
    left_.Clear();
    int64_t firms = 0;
    ForEachStrong(FirmOf("name"), [&](uint32_t middle) {
      ForEachStrong(middle, [&](uint32_t end) { firms += left_.Mark(end) ? 1 : 0; });
    });
    Give(firms);
  }

  void Reach() {
    left_.Clear();
    int64_t reached = 0;
    frontier_.assign(1, FirmOf("name"));
    const uint32_t firm = frontier_.front();
    // The firm itself counts when a cycle leads back to it, but is walked on once only.
    for (int hop = 0; hop < 3; ++hop) {
      next_.clear();
      for (const uint32_t vertex : frontier_) {
        for (const size_t type : kTrade) {
          for (const uint32_t end : forth_[type].EndsOf(vertex)) {
            if (!left_.Mark(end)) continue;
            ++reached;
            if (end != firm) next_.push_back(end);
          }
        }
      }
      std::swap(frontier_, next_);
    }
    Give(reached);
  }

  /// A trail of three edges is two edges and any third but, where it leads back over them, the first.
  void Trails() {
    const uint32_t firm = FirmOf("name");
    int64_t trails = 0;
    for (const size_t type : kTrade) {
      for (const uint32_t one : forth_[type].EndsOf(firm)) {
        ++trails;
        for (const size_t second : kTrade) {
          for (const uint32_t two : forth_[second].EndsOf(one)) {
            ++trails;
            for (const size_t third : kTrade) trails += forth_[third].DegreeOf(two);
            if (two == firm) --trails;
          }
        }
      }
    }
    Give(trails);
  }

  void ShortestPath() {
    left_.Clear();
    right_.Clear();
    frontier_.assign(1, FirmOf("name"));
    other_frontier_.assign(1, FirmOf("other_name"));
    left_.Mark(frontier_.front());
    right_.Mark(other_frontier_.front());
    for (int64_t length = 1; !frontier_.empty() && !other_frontier_.empty(); ++length) {
      const bool from_left = frontier_.size() <= other_frontier_.size();
      const bool met = from_left ? Advance(frontier_, left_, right_) : Advance(other_frontier_, right_, left_);
      if (met) return Give(length);
    }
  }

  /// One level; whether it met the other side.
  bool Advance(std::vector<uint32_t>& frontier, Marks& mine, const Marks& others) {
    next_.clear();
    for (const uint32_t vertex : frontier) {
      for (const size_t type : kTrade) {
        for (const Arrays* arrays : {&forth_[type], &back_[type]}) {
          for (const uint32_t end : arrays->EndsOf(vertex)) {
            if (others.Has(end)) return true;
            if (mine.Mark(end)) next_.push_back(end);
          }
        }
      }
    }
    std::swap(frontier, next_);
    return false;
  }

  /// `counts` of the segments in order.
  void GiveTop(const std::vector<int64_t>& counts) {
    std::vector<uint32_t> order;
    for (uint32_t i = 0; i < counts.size(); ++i) {
      if (counts[i] > 0) order.push_back(i);
    }
    const auto name_of = [&](uint32_t i) -> const std::string& { return names_[segments_.first + i]; };
    const size_t top = std::min(kTopRows, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(top), order.end(),
                      [&](uint32_t a, uint32_t b) {
                        return counts[a] != counts[b] ? counts[a] > counts[b] : name_of(a) < name_of(b);
                      });
    for (size_t i = 0; i < top; ++i) Give(std::string_view(name_of(order[i])), counts[order[i]]);
  }

  void FirmsPerSegment() {
    std::vector<int64_t> counts(segments_.second - segments_.first);
    for (uint64_t v = segments_.first; v < segments_.second; ++v)
      counts[v - segments_.first] = back_[kOperatesIn].DegreeOf(static_cast<uint32_t>(v));
    GiveTop(counts);
  }

  void SuppliesPerSegment() {
    std::vector<int64_t> counts(segments_.second - segments_.first);
    for (uint32_t firm = 0; firm < segments_.first; ++firm) {
      const uint32_t suppliers = back_[kTrade[1]].DegreeOf(firm);
      if (suppliers == 0) continue;
      for (const uint32_t segment : forth_[kOperatesIn].EndsOf(firm)) counts[segment - segments_.first] += suppliers;
    }
    GiveTop(counts);
  }

  /// Ends of a are marked with their edges; each pair a->b->c then counts the marks of c.
  void Triangles() {
    const Arrays& arrays = forth_[0];
    std::vector<uint16_t> edges_to(arrays.begins.size(), 0);
    int64_t triangles = 0;
    for (uint32_t a = 0; a + 1 < arrays.begins.size(); ++a) {
      for (const uint32_t c : arrays.EndsOf(a)) ++edges_to[c];
      for (const uint32_t b : arrays.EndsOf(a)) {
        for (const uint32_t c : arrays.EndsOf(b)) triangles += edges_to[c];
      }
      for (const uint32_t c : arrays.EndsOf(a)) edges_to[c] = 0;
    }
    Give(triangles);
  }

  const std::string name_ = "floor";
  const std::pair<uint64_t, uint64_t> segments_;  // their numbers, [begin, end)
  std::vector<std::string> names_;
  std::unordered_map<std::string, uint32_t> by_name_;
  std::vector<Arrays> forth_, back_;  // by edge type
  Marks left_, right_;
  std::vector<uint32_t> frontier_, other_frontier_, next_;
  Method call_ = nullptr;
  const Map* input_ = nullptr;
  WorkloadAnswer* answer_ = nullptr;
  volatile size_t given_ = 0;
};

const std::map<std::string, FloorEngine::Method, std::less<>> FloorEngine::kCalls = {
    {"q1", &FloorEngine::FindByName},
    {"q1k", &FloorEngine::FindByNumber},
    {"q2", &FloorEngine::Partners},
    {"q3", &FloorEngine::StrongPairs},
    {"q4", &FloorEngine::Reach},
    {"q4p", &FloorEngine::Trails},
    {"q5", &FloorEngine::ShortestPath},
    {"q6", &FloorEngine::FirmsPerSegment},
    {"q6j", &FloorEngine::SuppliesPerSegment},
    {"q7", &FloorEngine::Triangles},
};

}  // namespace

std::unique_ptr<WorkloadEngine> MakeFloorEngine(const FirmGraph& graph) {
  return std::make_unique<FloorEngine>(graph);
}

}  // namespace tupu
