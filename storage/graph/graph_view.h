#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tupu/ids.h>
#include <tupu/result.h>
#include <tupu/value.h>

namespace tupu {

class Catalog;
class IndexCatalog;
class Ontology;
struct AdjacencyForm;  // storage/csr/topology.h
struct PropertyForm;   // storage/columns/property_cache.h
enum class IndexId : uint32_t;
struct GraphStatistics;
struct IndexRange;

/// Properties of one vertex or edge, sorted by key, no key twice, no null value.
using Properties = std::vector<std::pair<PropertyKeyId, Value>>;

/// The value of `key`, or null (a pointer into `properties`).
const Value* FindProperty(const Properties& properties, PropertyKeyId key);

/// Name of a vertex outside the store: unique within its id group, kept across loads.
struct ExternalId {
  std::string group;
  std::string id;
  friend auto operator<=>(const ExternalId&, const ExternalId&) = default;
};

struct VertexRecord {
  std::vector<LabelId> labels;  // sorted
  Properties properties;
  std::optional<ExternalId> external_id;
};

struct EdgeRecord {
  EdgeReference reference;
  Properties properties;
};

/// One step from a vertex. A self loop is seen once in each direction, and once under kBoth.
struct Neighbour {
  VertexId vertex{};
  EdgeId edge{};
  EdgeTypeId type{};
  bool outgoing = false;  // the edge starts at the vertex that was expanded
};

/// A step with the properties of its edge.
struct NeighbourRecord : Neighbour {
  Properties properties;
};

/// The steps of several vertices: those of the i-th are neighbours[offsets[i], offsets[i + 1]).
struct NeighbourLists {
  std::vector<size_t> offsets;
  std::vector<Neighbour> neighbours;

  size_t size() const { return offsets.empty() ? 0 : offsets.size() - 1; }
  std::span<const Neighbour> operator[](size_t i) const {
    return std::span(neighbours).subspan(offsets[i], offsets[i + 1] - offsets[i]);
  }
  void Clear() {
    offsets.clear();
    neighbours.clear();
  }
};

/// The same with the vertices at the other ends alone.
struct TargetLists {
  std::vector<size_t> offsets;
  std::vector<VertexId> targets;

  size_t size() const { return offsets.empty() ? 0 : offsets.size() - 1; }
  std::span<const VertexId> operator[](size_t i) const {
    return std::span(targets).subspan(offsets[i], offsets[i + 1] - offsets[i]);
  }
};

/// What a plan was made by, beside the names and numbers of the graph. Views with equal ones have the same indexes,
/// constraints, statistics and ontology. Holds what it names.
struct SchemaToken {
  std::shared_ptr<const void> schema;
  std::shared_ptr<const void> ontology;
  friend bool operator==(const SchemaToken&, const SchemaToken&) = default;
};

/// Vertices in ascending id, a batch at a time.
class VertexCursor {
 public:
  virtual ~VertexCursor() = default;
  /// Fills `out` from its beginning; 0 is the end.
  virtual Result<size_t> Next(std::span<VertexId> out) = 0;
};

/// Edges, a batch at a time.
class EdgeCursor {
 public:
  virtual ~EdgeCursor() = default;
  /// Fills `out` from its beginning; 0 is the end.
  virtual Result<size_t> Next(std::span<EdgeReference> out) = 0;
};

/// Takes the values of a batched read, one call a row, in the order of the rows.
class PropertySink {
 public:
  virtual ~PropertySink() = default;
  virtual void AppendNull() = 0;
  virtual void AppendInteger(int64_t value) = 0;
  virtual void AppendFloat(double value) = 0;
  virtual void AppendBoolean(bool value) = 0;
  /// Of any type, those above included.
  virtual void Append(const Value& value) = 0;
};

/// One state of the graph: a snapshot, or a transaction's own state (a snapshot and its uncommitted writes).
/// Missing is not failure; errors are kIo and kCorruption.
/// Threads: a snapshot may be read from several threads; a transaction's view only from its own.
class GraphView {
 public:
  virtual ~GraphView() = default;

  /// Names of labels, types and property keys. Lives as long as the store.
  virtual const Catalog& catalog() const = 0;
  /// The declared ontology of this state; an empty one when none was declared.
  virtual const Ontology& ontology() const = 0;

  virtual Result<bool> HasVertex(VertexId id) const = 0;
  virtual Result<std::optional<VertexRecord>> FindVertex(VertexId id) const = 0;
  /// Only the labels; empty for a vertex that is not there.
  virtual Result<std::vector<LabelId>> VertexLabels(VertexId id) const = 0;
  /// Whether each of `ids` carries `label`: 1, or 0, as for a vertex that is not there. Much cheaper than as many calls of
  /// VertexLabels once there is a column. Requires: out is as long as ids.
  virtual Status ReadLabel(std::span<const VertexId> ids, LabelId label, std::span<uint8_t> out) const;
  /// null when vertex or property is missing.
  virtual Result<Value> VertexProperty(VertexId id, PropertyKeyId key) const = 0;

  virtual Result<std::optional<EdgeRecord>> FindEdge(EdgeId id) const = 0;
  /// Properties of an edge that Expand gave: one block read, no look-up by id.
  virtual Result<Properties> EdgeProperties(const EdgeReference& edge) const = 0;
  virtual Result<Value> EdgeProperty(const EdgeReference& edge, PropertyKeyId key) const = 0;

  /// VertexProperty of each of `ids`, EdgeProperty of each of `edges`: much cheaper than as many calls when the values come
  /// from a column (storage/columns). After an error `out` has those before it.
  virtual Status ReadVertexProperty(std::span<const VertexId> ids, PropertyKeyId key, PropertySink& out) const;
  virtual Status ReadEdgeProperty(std::span<const EdgeReference> edges, PropertyKeyId key, PropertySink& out) const;
  /// What properties are read from columns now, for EXPLAIN and statistics; all others are read from records and blocks.
  virtual std::vector<PropertyForm> PropertyForms() const;

  /// Appends the steps from `vertex`, ordered by (direction, type, neighbour, edge).
  /// `types` empty: every type. A vertex that is not there has no steps.
  virtual Status Expand(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types,
                        std::vector<Neighbour>& out) const = 0;
  /// The steps of each of `vertices` as Expand gives them; replaces `out`. Ends early after a vertex that brings the steps
  /// to `max_steps`, so that hubs do not fill the memory: out.size() says how many were done, one at least. Much cheaper
  /// than as many calls when they come from a CSR: the memory of later vertices is asked for while earlier ones are read.
  virtual Status ExpandBatch(std::span<const VertexId> vertices, Direction direction, std::span<const EdgeTypeId> types,
                             size_t max_steps, NeighbourLists& out) const;
  /// ExpandBatch without edges, which halves what is read.
  virtual Status ExpandTargets(std::span<const VertexId> vertices, Direction direction,
                               std::span<const EdgeTypeId> types, size_t max_steps, TargetLists& out) const;
  /// Degree of each of `vertices`. Requires: out is as long.
  virtual Status Degrees(std::span<const VertexId> vertices, Direction direction, std::span<const EdgeTypeId> types,
                         std::span<uint64_t> out) const;
  /// Calls `visit` for each vertex that has steps, ascending, with its steps as Expand gives them. The first error of
  /// `visit` ends it. Cost: one scan, whatever the number of vertices.
  virtual Status VisitSteps(Direction direction, std::span<const EdgeTypeId> types,
                            const std::function<Status(VertexId, std::span<const Neighbour>)>& visit) const;
  /// Says that about so many expansions are to come: the view may spend up to what they would cost on making them cheap.
  /// Never needed; errors are left to the expansions.
  virtual void PrepareExpansions(uint64_t, Direction, std::span<const EdgeTypeId>) const {}
  /// In which form the lists of each type and direction are read now, for EXPLAIN and statistics; empty: not known.
  virtual std::vector<AdjacencyForm> AdjacencyForms() const;
  /// The same steps with the properties of their edges. For outgoing ones each block is read and decoded once, however
  /// many edges it has; an incoming one costs an EdgeProperties, as its properties lie with its start.
  virtual Status ExpandWithProperties(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types,
                                      std::vector<NeighbourRecord>& out) const = 0;
  /// Number of steps Expand would give; from block heads, cost independent of the degree.
  virtual Result<uint64_t> Degree(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types) const = 0;

  /// All vertices, or those that carry `label`.
  virtual Result<std::unique_ptr<VertexCursor>> ScanVertices(std::optional<LabelId> label) const = 0;
  virtual uint64_t CountVertices(std::optional<LabelId> label) const = 0;
  virtual uint64_t CountEdges(std::optional<EdgeTypeId> type) const = 0;

  virtual Result<std::optional<VertexId>> FindByExternalId(const ExternalId& id) const = 0;
  /// Vertices whose `name` or one of whose `aliases` equals `name` after NormalizeName (storage/text): ascending, each once.
  virtual Result<std::vector<VertexId>> FindByName(std::string_view name) const = 0;

  /// Vertices of `label` (or of labels below it) whose values of the key that the ontology declares for it equal `values`, in the
  /// order of the declaration. nullopt: the keys cannot tell; go through the vertices.
  virtual Result<std::optional<std::vector<VertexId>>> FindByDeclaredKey(std::string_view label,
                                                                         std::span<const Value> values) const;

  /// Empty: not known, equal to no other.
  virtual SchemaToken schema_token() const { return {}; }
  /// Property indexes and constraints of this state, and what is known of their values. Live as long as the view.
  virtual const IndexCatalog& indexes() const;
  virtual const GraphStatistics& statistics() const;
  /// The entities that an online index has in `range` (storage/graph/index_range.h): each once, in no order that callers may
  /// rely on. A transaction's view gives its own writes as well. kNotFound: no such index here, or it is not online.
  virtual Result<std::unique_ptr<VertexCursor>> SeekVertices(IndexId index, const IndexRange& range) const;
  virtual Result<std::unique_ptr<EdgeCursor>> SeekEdges(IndexId index, const IndexRange& range) const;
};

}  // namespace tupu
