#pragma once

#include <map>
#include <memory>

#include "storage/graph/graph_overlay.h"
#include "storage/graph/store_core.h"

namespace tupu {

/// The one implementation of GraphTransaction: checks what it is asked for, keeps it in an overlay, and brings the
/// overlay to the core's commit. It is one of the core's writers until it commits or goes.
class StoreTransaction : public GraphTransaction {
 public:
  StoreTransaction(std::shared_ptr<StoreCore> core, const TransactionOptions& options)
      : core_(std::move(core)),
        options_(options),
        overlay_(core_->EnterWriter(options), core_->names(), core_->ids(),
                 options.isolation == Isolation::kSerializable ? &reads_ : nullptr) {}
  ~StoreTransaction() override { End(); }

  const GraphView& view() const override { return overlay_; }
  LabelId InternLabel(std::string_view name) override { return core_->names()->catalog.labels().Intern(name); }
  EdgeTypeId InternEdgeType(std::string_view name) override {
    return core_->names()->catalog.edge_types().Intern(name);
  }
  PropertyKeyId InternPropertyKey(std::string_view name) override {
    return core_->names()->catalog.property_keys().Intern(name);
  }

  Result<VertexId> CreateVertex(std::vector<LabelId> labels, Properties properties,
                                std::optional<ExternalId> external_id) override;
  Status SetVertexProperty(VertexId vertex, PropertyKeyId key, Value value) override;
  Status AddLabel(VertexId vertex, LabelId label) override;
  Status RemoveLabel(VertexId vertex, LabelId label) override;
  Status DeleteVertex(VertexId vertex, bool detach) override;
  Result<EdgeReference> CreateEdge(VertexId start, EdgeTypeId type, VertexId end, Properties properties) override;
  Status SetEdgeProperty(const EdgeReference& edge, PropertyKeyId key, Value value) override;
  Status DeleteEdge(const EdgeReference& edge) override;
  Status SetOntology(std::string_view json) override;
  const WriteCounters& counters() const override { return counters_; }
  Status Commit() override;

 private:
  /// The record of a vertex that must be there, copied out; kNotFound otherwise.
  Result<std::string> GetVertexBytes(VertexId vertex) const;
  Status RequireVertex(VertexId vertex) const;
  Status CheckMayWrite() const;
  bool IsSymmetric(EdgeTypeId type);
  Status OrientEdgesOf(EdgeTypeId type);
  Status RemoveEdge(const EdgeReference& edge);
  void CountLabelChange(LabelId label, bool added);
  void End();

  const std::shared_ptr<StoreCore> core_;  // shared: a transaction may be dropped after its store
  const TransactionOptions options_;
  ReadSet reads_;
  GraphOverlay overlay_;
  WriteCounters counters_;
  std::map<EdgeTypeId, bool> symmetric_types_;  // asked once per type, not per edge
  bool ended_ = false;
};

}  // namespace tupu
