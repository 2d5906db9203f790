// Random operations against the store and against a simple model; every view must say what the model says.

#include <random>

#include "tests/storage/graph/graph_model.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

class GraphStoreModelTest : public StoreTest {
 protected:
  /// One random change, done to both.
  class Writer {
   public:
    Writer(GraphTransaction& transaction, GraphModel& model, std::mt19937_64& random, uint64_t& next_external)
        : transaction_(transaction), model_(model), random_(random), next_external_(next_external) {
      for (const char* label : {"Firm", "Region", "Segment"}) labels_.push_back(transaction.InternLabel(label));
      for (const char* type : {"OWNS", "PARTNERS", "USES"}) types_.push_back(transaction.InternEdgeType(type));
      for (const char* key : {"name", "aliases", "share", "valid_from", "listed", "note"}) {
        keys_.push_back(transaction.InternPropertyKey(key));
      }
    }

    void Change() {
      const uint64_t kind = Pick(20);
      if (kind < 5 || model_.vertices.size() < 3) return CreateVertex();
      if (kind < 12) return CreateEdge();
      if (kind < 14) return SetVertexProperty();
      if (kind < 16) return SetEdgeProperty();
      if (kind < 17) return ChangeLabel();
      if (kind < 19) return DeleteEdge();
      return DeleteVertex();
    }

    PropertyKeyId name() const { return keys_[0]; }
    PropertyKeyId aliases() const { return keys_[1]; }

   private:
    uint64_t Pick(uint64_t below) { return std::uniform_int_distribution<uint64_t>(0, below - 1)(random_); }

    VertexId AnyVertex() {
      auto at = model_.vertices.begin();
      // Few vertices take most edges, so that long lists come about.
      std::advance(at, static_cast<ptrdiff_t>(Pick(Pick(2) == 0 ? 3 : model_.vertices.size())));
      return at->first;
    }

    std::string AnyName() { return "Name " + std::to_string(Pick(9)); }

    Value AnyValue(PropertyKeyId key) {
      if (key == keys_[0]) return Value(AnyName());
      if (key == keys_[1]) return Value(List{Value(AnyName()), Value("ＡＢＣ")});
      if (key == keys_[2]) return Pick(2) == 0 ? Value(static_cast<int64_t>(Pick(1000)) - 500) : Value(Pick(100) / 7.0);
      if (key == keys_[3]) return Value(std::vector<std::string>{"2017", "2017-10", "2021-10-11", "soon"}[Pick(4)]);
      if (key == keys_[4]) return Value(Pick(2) == 0);
      return Value(std::string(Pick(120), 'x'));
    }

    std::map<PropertyKeyId, Value> AnyProperties() {
      std::map<PropertyKeyId, Value> properties;
      for (const PropertyKeyId key : keys_) {
        if (Pick(2) == 0) properties[key] = AnyValue(key);
      }
      return properties;
    }

    void CreateVertex() {
      GraphModel::VertexState vertex;
      for (const LabelId label : labels_) {
        if (Pick(2) == 0) vertex.labels.insert(label);
      }
      vertex.properties = AnyProperties();
      if (Pick(2) == 0) vertex.external_id = ExternalId{"set", std::to_string(next_external_++)};
      const VertexId id =
          Must(transaction_.CreateVertex({vertex.labels.begin(), vertex.labels.end()},
                                         {vertex.properties.begin(), vertex.properties.end()}, vertex.external_id));
      ASSERT_TRUE(model_.vertices.emplace(id, vertex).second) << "an id was used again";
    }

    void CreateEdge() {
      GraphModel::EdgeState edge{AnyVertex(), types_[Pick(types_.size())], AnyVertex(), {}};
      if (Pick(8) == 0) edge.end = edge.start;
      if (Pick(3) > 0) edge.properties = AnyProperties();
      const EdgeReference made = Must(
          transaction_.CreateEdge(edge.start, edge.type, edge.end, {edge.properties.begin(), edge.properties.end()}));
      ASSERT_TRUE(model_.edges.emplace(made.id, edge).second) << "an id was used again";
    }

    void SetVertexProperty() {
      const VertexId vertex = AnyVertex();
      const PropertyKeyId key = keys_[Pick(keys_.size())];
      auto& properties = model_.vertices[vertex].properties;
      Value value = Pick(4) == 0 ? Value() : AnyValue(key);
      MustBeDone(transaction_.SetVertexProperty(vertex, key, value));
      value.is_null() ? (void)properties.erase(key) : (void)properties.insert_or_assign(key, value);
    }

    EdgeReference AnyEdge() {
      auto at = model_.edges.begin();
      std::advance(at, static_cast<ptrdiff_t>(Pick(model_.edges.size())));
      return {at->first, at->second.start, at->second.end, at->second.type};
    }

    void SetEdgeProperty() {
      if (model_.edges.empty()) return;
      const EdgeReference edge = AnyEdge();
      const PropertyKeyId key = keys_[Pick(keys_.size())];
      auto& properties = model_.edges[edge.id].properties;
      Value value = Pick(4) == 0 ? Value() : AnyValue(key);
      MustBeDone(transaction_.SetEdgeProperty(edge, key, value));
      value.is_null() ? (void)properties.erase(key) : (void)properties.insert_or_assign(key, value);
    }

    void ChangeLabel() {
      const VertexId vertex = AnyVertex();
      const LabelId label = labels_[Pick(labels_.size())];
      if (Pick(2) == 0) {
        MustBeDone(transaction_.AddLabel(vertex, label));
        model_.vertices[vertex].labels.insert(label);
      } else {
        MustBeDone(transaction_.RemoveLabel(vertex, label));
        model_.vertices[vertex].labels.erase(label);
      }
    }

    void DeleteEdge() {
      if (model_.edges.empty()) return;
      const EdgeReference edge = AnyEdge();
      MustBeDone(transaction_.DeleteEdge(edge));
      model_.edges.erase(edge.id);
    }

    void DeleteVertex() {
      if (Pick(3) > 0) return;
      const VertexId vertex = AnyVertex();
      const bool connected = !model_.Expand(vertex, Direction::kBoth, {}).empty();
      if (connected) EXPECT_CODE(transaction_.DeleteVertex(vertex, false), kConstraint);
      MustBeDone(transaction_.DeleteVertex(vertex, connected));
      model_.vertices.erase(vertex);
      std::erase_if(model_.edges,
                    [&](const auto& edge) { return edge.second.start == vertex || edge.second.end == vertex; });
    }

    GraphTransaction& transaction_;
    GraphModel& model_;
    std::mt19937_64& random_;
    uint64_t& next_external_;
    std::vector<LabelId> labels_;
    std::vector<EdgeTypeId> types_;
    std::vector<PropertyKeyId> keys_;
  };

  static void ExpectSameNames(const GraphModel& model, const GraphView& view, PropertyKeyId name,
                              PropertyKeyId aliases) {
    for (int i = 0; i < 9; ++i) {
      const std::string text = "NAME  " + std::to_string(i);
      EXPECT_EQ(Must(view.FindByName(text)), model.WithName(name, aliases, text));
    }
    EXPECT_EQ(Must(view.FindByName("abc")), model.WithName(name, aliases, "abc"));
  }
};

TEST_P(GraphStoreModelTest, EveryViewSaysWhatTheModelSays) {
  for (const uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::string name = "seed-" + std::to_string(seed);
    Open(name);
    std::mt19937_64 random(seed);
    GraphModel model;
    uint64_t next_external = 0;
    std::vector<std::pair<std::shared_ptr<const GraphView>, GraphModel>> old_states;
    for (int round = 0; round < 14 && !HasFailure(); ++round) {
      GraphModel changed = model;
      auto transaction = Begin();
      Writer writer(*transaction, changed, random, next_external);
      const int changes = round % 3 == 0 ? 120 : 25;
      for (int i = 0; i < changes; ++i) {
        writer.Change();
        if (i % 40 == 10) ExpectSame(changed, transaction->view());
      }
      ExpectSame(changed, transaction->view());
      ExpectSameNames(changed, transaction->view(), writer.name(), writer.aliases());
      ExpectSame(model, *Snapshot());  // nobody else sees it yet
      if (round % 5 != 4) {
        MustBeDone(transaction->Commit());
        model = changed;
      }
      transaction.reset();
      ExpectSame(model, *Snapshot());
      ExpectSameNames(model, *Snapshot(), writer.name(), writer.aliases());
      old_states.emplace_back(Snapshot(), model);
      if (round == 6 && GetParam() == Backend::kRocksDb) {
        old_states.clear();
        Open(name);
        ExpectSame(model, *Snapshot());
      }
    }
    for (const auto& [view, state] : old_states) ExpectSame(state, *view);
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, GraphStoreModelTest, kBackends, BackendName);

}  // namespace
}  // namespace tupu
